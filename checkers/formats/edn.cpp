#include "checkers/formats/edn.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "checkers/formats/json_value.hpp"

namespace lockstorm::checkers::formats {
namespace {

bool is_blank_char(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ','; }

bool ends_atom(char c) {
  return is_blank_char(c) || std::string_view("()[]{}\";").find(c) != std::string_view::npos;
}

// Names that EDN can write as a keyword.
bool is_keyword(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("*+!-_?.<>=").find(c) != std::string_view::npos;
  });
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        out += c;
    }
  }
  out += '"';
}

char unescaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    default:
      return c;
  }
}

}  // namespace

void EdnReader::advance() {
  if (text_[at_++] == '\n') {
    ++line_;
    line_start_ = at_;
  }
}

bool EdnReader::at_end() {
  while (at_ < text_.size()) {
    if (is_blank_char(text_[at_])) {
      advance();
    } else if (text_[at_] == ';') {
      while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    } else if (text_.substr(at_).starts_with("#_")) {
      if (!discard()) return false;
    } else {
      return false;
    }
  }
  return true;
}

// "#_ form" is a blank; of "#_ #_ a b" the inner one is a, the outer one b.
bool EdnReader::discard() {
  if (wrong_discard_) return false;
  at_ += 2;
  if (discards_ == kDeepest) {
    wrong_discard_ = expected_here("a form to discard that is not nested as deeply");
    return false;
  }
  ++discards_;
  auto form = read_value(0);
  --discards_;
  if (!form && !wrong_discard_) wrong_discard_ = std::move(form).error();
  return !wrong_discard_;
}

char EdnReader::peek() { return at_end() || wrong_discard_ ? '\0' : text_[at_]; }

bool EdnReader::take(char c) {
  if (peek() != c) return false;
  advance();
  return true;
}

void EdnReader::skip_tag() {
  while (peek() == '#' && at_ + 1 < text_.size() && text_[at_ + 1] != '{')
    while (at_ < text_.size() && !ends_atom(text_[at_])) ++at_;
}

HistoryError EdnReader::expected_here(std::string_view what) const {
  if (wrong_discard_) return *wrong_discard_;
  const auto column = static_cast<std::uint32_t>(at_ - line_start_ + 1);
  if (at_ >= text_.size())
    return {line_, column, fmt::format("the file ends here, cut short: expected {}", what)};
  return {line_, column, fmt::format("expected {}", what)};
}

EdnReader::Result EdnReader::read() { return read_value(0); }

EdnReader::Result EdnReader::read_value(unsigned depth) {
  skip_tag();
  if (depth > kDeepest) return std::unexpected(expected_here("a value that is not nested as deeply"));
  switch (peek()) {
    case '\0':
      return std::unexpected(expected_here("a value"));
    case '"':
      return read_string();
    case '[':
      advance();
      return read_items(']', depth);
    case '(':
      advance();
      return read_items(')', depth);
    case '{':
      advance();
      return read_map(depth);
    case '#':
      advance();
      if (!take('{')) return std::unexpected(expected_here("a value"));
      return read_items('}', depth);
    default:
      return read_atom();
  }
}

EdnReader::Result EdnReader::read_string() {
  advance();
  std::string text;
  while (at_ < text_.size() && text_[at_] != '"') {
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
      ++at_;
      text += unescaped(text_[at_]);
    } else {
      text += text_[at_];
    }
    advance();
  }
  if (at_ >= text_.size()) return std::unexpected(expected_here("the string's closing \""));
  advance();
  return Value(std::move(text));
}

EdnReader::Result EdnReader::read_items(char close, unsigned depth) {
  Value::List items;
  while (!take(close)) {
    if (peek() == '\0') return std::unexpected(expected_here(fmt::format("a value or {}", close)));
    auto item = read_value(depth + 1);
    if (!item) return item;
    items.push_back(*std::move(item));
  }
  return Value(std::move(items));
}

EdnReader::Result EdnReader::read_map(unsigned depth) {
  Value::Fields fields;
  while (!take('}')) {
    if (peek() == '\0') return std::unexpected(expected_here("a key or }"));
    auto key = read_value(depth + 1);
    if (!key) return key;
    auto value = read_value(depth + 1);
    if (!value) return value;
    fields.emplace_back(key->text() != nullptr ? *key->text() : to_text(*key), *std::move(value));
  }
  if (const std::string* name = repeated_name(fields)) {
    const auto column = static_cast<std::uint32_t>(at_ - line_start_ + 1);
    return std::unexpected(HistoryError{
        line_, column, fmt::format("expected each key once in a map, {} is there twice", *name)});
  }
  return Value(std::move(fields));
}

EdnReader::Result EdnReader::read_atom() {
  const std::size_t start = at_;
  while (at_ < text_.size() && !ends_atom(text_[at_])) ++at_;
  const std::string_view atom = text_.substr(start, at_ - start);
  if (atom.empty()) return std::unexpected(expected_here("a value"));
  if (atom == "nil") return Value();
  if (atom == "true") return Value(true);
  if (atom == "false") return Value(false);
  if (atom.front() == ':') return Value(std::string(atom.substr(1)));
  // Clojure writes +1 and 1N, too: both are 1.
  const std::string_view digits =
      atom.substr(atom.size() > 1 && atom[0] == '+' && atom[1] >= '0' && atom[1] <= '9' ? 1 : 0);
  const char* const last = digits.data() + digits.size();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), last, number);
  const bool is_whole = end == last || (end + 1 == last && *end == 'N');
  if (error == std::errc() && is_whole) return Value(number);
  if (error == std::errc::result_out_of_range && is_whole) return Value(std::string(digits.data(), end));
  return Value(std::string(atom));
}

void append_edn(std::string& out, const Value& value) {
  if (const auto* text = value.text()) return append_string(out, *text);
  if (const auto* list = value.list()) {
    out += '[';
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (i != 0) out += ' ';
      append_edn(out, (*list)[i]);
    }
    out += ']';
    return;
  }
  if (const auto* fields = value.fields()) {
    out += '{';
    for (std::size_t i = 0; i < fields->size(); ++i) {
      if (i != 0) out += ", ";
      const auto& [name, field] = (*fields)[i];
      if (is_keyword(name)) {
        out += ':';
        out += name;
      } else {
        append_string(out, name);
      }
      out += ' ';
      append_edn(out, field);
    }
    out += '}';
    return;
  }
  out += to_text(value);
}

}  // namespace lockstorm::checkers::formats
