#include "scenarios/config/values/value.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <system_error>

namespace lockstorm::scenarios::values {
namespace {

/// Doubles hold every integer up to this one. The tools compute with more digits: beyond it nothing is said.
constexpr double kLargestInteger = 9007199254740992.0;

std::string number_text(double number) {
  if (std::abs(number) > kLargestInteger)
    throw Unknown{.needs = "", .because = "it has a number that is too large"};
  return fmt::format("{}", number == 0 ? 0.0 : number);
}

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool begins_template = (c == '$' || c == '%') && text.substr(i + 1).starts_with('{');
    if (c == '\n') {
      result += "\\n";
    } else if (c == '\r') {
      result += "\\r";
    } else {
      if (c == '"' || c == '\\') result += '\\';
      if (begins_template) result += c;
      result += c;
    }
  }
  return result + '"';
}

std::string in_hcl(const Value& value) {
  if (value.is_null()) return "null";
  if (const std::string* text = value.text()) return in_quotes(*text);
  if (const Symbol* symbol = value.symbol()) return '"' + symbol->text + '"';
  std::string result;
  if (const List* list = value.list()) {
    for (const Value& item : *list) append(result, (result.empty() ? "" : ", ") + in_hcl(item));
    return "[" + result + "]";
  }
  if (const Object* object = value.object()) {
    for (const auto& [name, member] : *object)
      append(result, fmt::format("{}{} = {}", result.empty() ? "" : ", ", in_quotes(name), in_hcl(member)));
    return object->empty() ? "{}" : "{ " + result + " }";
  }
  return to_text(value);
}

/// Bytes of text that count as one value.
constexpr std::size_t kBytesPerValue = 16;

template <typename Items>
Value sized(Items items, std::size_t size) {
  if (size > kMostValues)
    throw Unknown{.needs = "", .because = fmt::format("it comes to more than {} values", kMostValues)};
  return {std::make_shared<const Sized<Items>>(std::move(items), size)};
}

}  // namespace

const List* Value::list() const {
  const auto* list = std::get_if<std::shared_ptr<const Sized<List>>>(&held);
  return list == nullptr ? nullptr : &(*list)->items;
}

const Object* Value::object() const {
  const auto* object = std::get_if<std::shared_ptr<const Sized<Object>>>(&held);
  return object == nullptr ? nullptr : &(*object)->items;
}

const Symbol* Value::symbol() const {
  const auto* symbol = std::get_if<std::shared_ptr<const Symbol>>(&held);
  return symbol == nullptr ? nullptr : symbol->get();
}

std::size_t Value::size() const {
  if (const std::string* held_text = text()) return 1 + held_text->size() / kBytesPerValue;
  if (const Symbol* held_symbol = symbol()) return 1 + held_symbol->text.size() / kBytesPerValue;
  if (const auto* list = std::get_if<std::shared_ptr<const Sized<List>>>(&held)) return (*list)->size;
  if (const auto* object = std::get_if<std::shared_ptr<const Sized<Object>>>(&held)) return (*object)->size;
  return 1;
}

bool operator==(const Value& a, const Value& b) {
  if (a.held.index() != b.held.index()) return false;
  if (a.list() != nullptr) return *a.list() == *b.list();
  if (a.object() != nullptr) return *a.object() == *b.object();
  return a.held == b.held;
}

Value text_value(std::string text) {
  std::string checked;
  append(checked, text);
  return {std::move(checked)};
}

Value list_value(List items) {
  std::size_t size = 1;
  for (const Value& item : items) size += item.size();
  return sized(std::move(items), size);
}

Value object_value(Object members) {
  std::size_t size = 1;
  for (const auto& [name, member] : members) size += 1 + name.size() / kBytesPerValue + member.size();
  return sized(std::move(members), size);
}

Value symbol_value(Symbol symbol) {
  std::string checked;
  append(checked, symbol.text);
  return {std::make_shared<const Symbol>(std::move(symbol))};
}

const Symbol* symbol_in(const Value& value) {
  if (const Symbol* symbol = value.symbol()) return symbol;
  if (const List* list = value.list()) {
    for (const Value& item : *list) {
      if (const Symbol* symbol = symbol_in(item)) return symbol;
    }
  }
  if (const Object* object = value.object()) {
    for (const auto& [name, member] : *object) {
      if (const Symbol* symbol = symbol_in(member)) return symbol;
    }
  }
  return nullptr;
}

void refuse_symbol(const Value& value) {
  if (const Symbol* symbol = value.symbol())
    throw Unknown{.needs = symbol->needs, .because = symbol->because};
}

void append(std::string& text, std::string_view part) {
  if (text.size() + part.size() > kLongestText)
    throw Unknown{.needs = "", .because = fmt::format("it comes to more than {} KiB", kLongestText >> 10U)};
  text += part;
}

std::string to_text(const Value& value) {
  refuse_symbol(value);
  if (const std::string* text = value.text()) return *text;
  if (const bool* flag = std::get_if<bool>(&value.held)) return *flag ? "true" : "false";
  if (const double* number = std::get_if<double>(&value.held)) return number_text(*number);
  throw Unknown{.needs = "", .because = "a text is wanted where there is none", .final = false};
}

double to_number(const Value& value) {
  refuse_symbol(value);
  if (const double* number = std::get_if<double>(&value.held)) return *number;
  if (const std::string* text = value.text()) {
    double number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error == std::errc{} && end == text->data() + text->size() && std::isfinite(number)) return number;
  }
  throw Unknown{.needs = "", .because = "a number is wanted where there is none", .final = false};
}

bool to_flag(const Value& value) {
  refuse_symbol(value);
  if (const bool* flag = std::get_if<bool>(&value.held)) return *flag;
  if (const std::string* text = value.text()) {
    if (*text == "true" || *text == "1") return true;
    if (*text == "false" || *text == "0") return false;
  }
  throw Unknown{.needs = "", .because = "true or false is wanted where there is neither", .final = false};
}

std::optional<AttributeValue> as_attribute(const Value& value) {
  if (value.is_null()) return std::nullopt;
  if (const bool* flag = std::get_if<bool>(&value.held)) return *flag;
  if (const double* number = std::get_if<double>(&value.held)) return *number;
  if (const std::string* text = value.text()) return *text;
  if (const Symbol* symbol = value.symbol()) {
    const bool is_name = symbol->text == "${" + symbol->needs + "}";
    return Unresolved{is_name ? symbol->needs : symbol->text, symbol->needs, symbol->because};
  }
  return Unresolved{in_hcl(value)};
}

}  // namespace lockstorm::scenarios::values
