#include "scenarios/terraform_config/hcl_values.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>
#include <vector>

namespace lockstorm::scenarios::hcl {
namespace {

constexpr std::string_view space_characters = " \t\v\f\r\n";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(space_characters);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(space_characters) + 1 - begin);
}

bool begins_template(std::string_view rest) { return rest.starts_with("${") || rest.starts_with("%{"); }
bool begins_escaped_template(std::string_view rest) {
  return rest.starts_with("$${") || rest.starts_with("%%{");
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  const auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
  if (code_point < 0x80) {
    byte(code_point);
  } else if (code_point < 0x800) {
    byte(0xC0 | (code_point >> 6));
    byte(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    byte(0xE0 | (code_point >> 12));
    byte(0x80 | ((code_point >> 6) & 0x3F));
    byte(0x80 | (code_point & 0x3F));
  } else {
    byte(0xF0 | (code_point >> 18));
    byte(0x80 | ((code_point >> 12) & 0x3F));
    byte(0x80 | ((code_point >> 6) & 0x3F));
    byte(0x80 | (code_point & 0x3F));
  }
}

/// Appends what the escape at the start of `rest` stands for, a backslash and what follows; returns its
/// length.
std::size_t append_escape(std::string& out, std::string_view rest) {
  const char selector = rest[1];
  switch (selector) {
    case 'n':
      out += '\n';
      return 2;
    case 'r':
      out += '\r';
      return 2;
    case 't':
      out += '\t';
      return 2;
    case 'u':
    case 'U': {
      const std::size_t digits = selector == 'u' ? 4 : 8;
      std::uint32_t code_point = 0;
      std::from_chars(rest.data() + 2, rest.data() + 2 + digits, code_point, 16);
      append_utf8(out, code_point);
      return 2 + digits;
    }
    default:
      out += selector;
      return 2;
  }
}

/// The text of a quoted string, or nullopt if `quoted` has a template or is more than one string ("a" ==
/// "b").
std::optional<std::string> quoted_string(std::string_view quoted) {
  std::string text;
  std::string_view rest = quoted.substr(1);
  while (rest.size() > 1) {
    if (rest[0] == '"' || begins_template(rest)) return std::nullopt;
    if (begins_escaped_template(rest)) {
      text.append(rest.substr(1, 2));
      rest.remove_prefix(3);
    } else if (rest[0] == '\\') {
      rest.remove_prefix(append_escape(text, rest));
    } else {
      text += rest[0];
      rest.remove_prefix(1);
    }
  }
  return rest == "\"" ? std::optional(text) : std::nullopt;
}

/// Takes from every line the space that all lines which are not blank begin with; blank lines stay as they
/// are.
void strip_indentation(std::vector<std::string_view>& lines) {
  const auto indentation = [](std::string_view line) { return line.find_first_not_of(space_characters); };
  std::size_t common = std::numeric_limits<std::size_t>::max();
  for (const std::string_view line : lines) common = std::min(common, indentation(line));
  for (std::string_view& line : lines) {
    if (indentation(line) != std::string_view::npos) line.remove_prefix(common);
  }
}

/// The text of a heredoc, or nullopt if it has a template.
std::optional<std::string> heredoc(std::string_view source) {
  const bool indented = source.starts_with("<<-");
  std::string_view rest = source.substr(source.find('\n') + 1);
  const std::size_t last_newline = rest.rfind('\n');  // the closing marker's line follows it
  rest = last_newline == std::string_view::npos ? std::string_view{} : rest.substr(0, last_newline + 1);

  std::vector<std::string_view> lines;
  while (!rest.empty()) {
    const std::size_t length = rest.find('\n') + 1;
    lines.push_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  if (indented) strip_indentation(lines);

  std::string text;
  for (std::string_view line : lines) {
    while (!line.empty()) {
      if (begins_template(line)) return std::nullopt;
      const bool escaped = begins_escaped_template(line);
      text.append(escaped ? line.substr(1, 2) : line.substr(0, 1));
      line.remove_prefix(escaped ? 3 : 1);
    }
  }
  return text;
}

std::optional<double> number(std::string_view text) {
  if (text.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<AttributeValue> evaluate(std::string_view expression) {
  std::string_view literal = trimmed(expression);
  while (literal.size() > 2 && literal.starts_with('(') && literal.ends_with(')')) {
    literal = trimmed(literal.substr(1, literal.size() - 2));
  }
  if (literal == "null") return std::nullopt;
  if (literal == "true") return true;
  if (literal == "false") return false;
  if (const std::optional<double> value = number(literal)) return *value;
  std::optional<std::string> text;
  if (literal.starts_with('"')) text = quoted_string(literal);
  if (literal.starts_with("<<")) text = heredoc(literal);
  if (text) return std::move(*text);
  return Unresolved{std::string(expression)};
}

std::string evaluate_label(std::string_view label) {
  if (!label.starts_with('"')) return std::string(label);
  return quoted_string(label).value_or(std::string(label));
}

bool has_template_sequence(std::string_view text) {
  return text.find("${") != std::string_view::npos || text.find("%{") != std::string_view::npos;
}

}  // namespace lockstorm::scenarios::hcl
