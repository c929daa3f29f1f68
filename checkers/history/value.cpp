#include "checkers/history/value.hpp"

#include <algorithm>

namespace lockstorm::checkers {
namespace {

void append_text(std::string& out, const Value& value);

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void append_list(std::string& out, const Value::List& list) {
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i != 0) out += ' ';
    append_text(out, list[i]);
  }
  out += ']';
}

void append_fields(std::string& out, const Value::Fields& fields) {
  out += '{';
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i != 0) out += ", ";
    out += fields[i].first;
    out += ' ';
    append_text(out, fields[i].second);
  }
  out += '}';
}

void append_text(std::string& out, const Value& value) {
  if (const auto* flag = value.flag()) {
    out += *flag ? "true" : "false";
  } else if (const auto* number = value.number()) {
    out += std::to_string(*number);
  } else if (const auto* text = value.text()) {
    append_quoted(out, *text);
  } else if (const auto* list = value.list()) {
    append_list(out, *list);
  } else if (const auto* fields = value.fields()) {
    append_fields(out, *fields);
  } else {
    out += "nil";
  }
}

}  // namespace

const Value* Value::field(std::string_view name) const {
  const Fields* all = fields();
  if (all == nullptr) return nullptr;
  const auto found =
      std::ranges::find(*all, name, [](const auto& field) { return std::string_view(field.first); });
  return found == all->end() ? nullptr : &found->second;
}

std::string to_text(const Value& value) {
  std::string out;
  append_text(out, value);
  return out;
}

}  // namespace lockstorm::checkers
