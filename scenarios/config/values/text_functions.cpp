// Functions of texts.
#include <algorithm>
#include <string>

#include "scenarios/config/values/function_table.hpp"

namespace lockstorm::scenarios::values {
namespace {

// Of ASCII only: the tools also know Unicode's.
constexpr std::string_view kSpaceToTrim = " \t\v\f\r\n";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

template <char (*change)(char)>
Value each_letter(Arguments arguments) {
  std::string text = to_text(arguments[0]);
  std::ranges::transform(ascii(text), text.begin(), change);
  return text_value(std::move(text));
}

Value title(Arguments arguments) {
  std::string text = to_text(arguments[0]);
  bool begins = true;
  for (char& c : text) {
    if (begins) c = upper(c);
    // Go's strings.Title: a word goes on with letters, digits and underscores.
    begins = lower(c) == upper(c) && c != '_' && (c < '0' || c > '9');
  }
  return text_value(ascii(text));
}

std::string trimmed_of(std::string_view text, std::string_view characters) {
  const std::size_t begin = std::min(text.find_first_not_of(characters), text.size());
  const std::size_t end = text.find_last_not_of(characters) + 1;
  return std::string(text.substr(begin, std::max(begin, end) - begin));
}

Value trim(Arguments arguments) {
  const std::string characters = to_text(arguments[1]);
  return text_value(trimmed_of(ascii(to_text(arguments[0])), ascii(characters)));
}

Value trimspace(Arguments arguments) {
  const std::string text = to_text(arguments[0]);
  return text_value(trimmed_of(ascii(text), kSpaceToTrim));
}

Value trimprefix(Arguments arguments) {
  const std::string text = to_text(arguments[0]);
  const std::string prefix = to_text(arguments[1]);
  return text_value(text.starts_with(prefix) ? text.substr(prefix.size()) : text);
}

Value trimsuffix(Arguments arguments) {
  const std::string text = to_text(arguments[0]);
  const std::string suffix = to_text(arguments[1]);
  return text_value(text.ends_with(suffix) ? text.substr(0, text.size() - suffix.size()) : text);
}

Value chomp(Arguments arguments) {
  std::string text = to_text(arguments[0]);
  text.erase(text.find_last_not_of("\r\n") + 1);
  return text_value(std::move(text));
}

Value replace(Arguments arguments) {
  const std::string text = to_text(arguments[0]);
  const std::string part = to_text(arguments[1]);
  const std::string by = to_text(arguments[2]);
  const bool is_pattern = part.size() > 1 && part.starts_with('/') && part.ends_with('/');
  if (is_pattern || part.empty())
    throw Unknown{.needs = "replace()", .because = "with a regular expression is not computed here"};
  std::string result;
  std::size_t begin = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, begin)) {
    append(result, std::string_view(text).substr(begin, at - begin));
    append(result, by);
    begin = at + part.size();
  }
  append(result, std::string_view(text).substr(begin));
  return text_value(std::move(result));
}

Value substr(Arguments arguments) {
  const std::string text = to_text(arguments[0]);
  const auto size = static_cast<double>(ascii(text).size());
  double offset = to_number(arguments[1]);
  const double length = to_number(arguments[2]);
  if (offset < 0) offset = std::max(0.0, offset + size);
  if (offset >= size) return text_value("");
  const double rest = size - offset;
  const double taken = length < 0 ? rest : std::min(length, rest);
  return text_value(text.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(taken)));
}

Value split(Arguments arguments) {
  const std::string separator = to_text(arguments[0]);
  const std::string text = to_text(arguments[1]);
  if (separator.empty())
    throw Unknown{.needs = "split()", .because = "without a separator is not computed here"};
  List parts;
  std::size_t begin = 0;
  for (std::size_t at = text.find(separator); at != std::string::npos; at = text.find(separator, begin)) {
    parts.push_back(text_value(text.substr(begin, at - begin)));
    begin = at + separator.size();
  }
  parts.push_back(text_value(text.substr(begin)));
  return list_value(std::move(parts));
}

Value startswith(Arguments arguments) { return {to_text(arguments[0]).starts_with(to_text(arguments[1]))}; }
Value endswith(Arguments arguments) { return {to_text(arguments[0]).ends_with(to_text(arguments[1]))}; }
Value strcontains(Arguments arguments) {
  return {to_text(arguments[0]).find(to_text(arguments[1])) != std::string::npos};
}

// Go's path/filepath, Base and Dir.
Value basename(Arguments arguments) {
  std::string path = to_text(arguments[0]);
  if (path.empty()) return text_value(".");
  path.erase(path.find_last_not_of('/') + 1);
  if (path.empty()) return text_value("/");
  return text_value(path.substr(path.rfind('/') + 1));
}

Value dirname(Arguments arguments) {
  const std::string path = to_text(arguments[0]);
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return text_value(".");
  if (path.find("//") != std::string::npos || path.find("./") != std::string::npos)
    throw Unknown{.needs = "", .because = "its path is not in its shortest form"};
  return text_value(path.substr(0, std::max<std::size_t>(slash, 1)));
}

Value tostring(Arguments arguments) {
  return arguments[0].is_null() ? Value{} : text_value(to_text(arguments[0]));
}
Value tobool(Arguments arguments) { return arguments[0].is_null() ? Value{} : Value{to_flag(arguments[0])}; }
Value tonumber(Arguments arguments) {
  return arguments[0].is_null() ? Value{} : Value{to_number(arguments[0])};
}

}  // namespace

const FunctionTable& text_functions() {
  static const FunctionTable kTable{
      {"basename", {1, 1, basename}},
      {"chomp", {1, 1, chomp}},
      {"dirname", {1, 1, dirname}},
      {"endswith", {2, 2, endswith}},
      {"format", {1, kAnyNumber, format_function}},
      {"lower", {1, 1, each_letter<lower>}},
      {"replace", {3, 3, replace}},
      {"split", {2, 2, split}},
      {"startswith", {2, 2, startswith}},
      {"strcontains", {2, 2, strcontains}},
      {"substr", {3, 3, substr}},
      {"title", {1, 1, title}},
      {"tobool", {1, 1, tobool}},
      {"tonumber", {1, 1, tonumber}},
      {"tostring", {1, 1, tostring}},
      {"trim", {2, 2, trim}},
      {"trimprefix", {2, 2, trimprefix}},
      {"trimspace", {1, 1, trimspace}},
      {"trimsuffix", {2, 2, trimsuffix}},
      {"upper", {1, 1, each_letter<upper>}},
  };
  return kTable;
}

}  // namespace lockstorm::scenarios::values
