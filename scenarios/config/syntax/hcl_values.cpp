#include "scenarios/config/syntax/hcl_values.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>
#include <variant>
#include <vector>

#include "scenarios/config/syntax/hcl_escapes.hpp"
#include "scenarios/config/syntax/hcl_heredoc.hpp"

namespace lockstorm::scenarios::hcl {
namespace {

constexpr std::string_view space_characters = " \t\v\f\r\n";

bool begins_template(std::string_view rest) { return rest.starts_with("${") || rest.starts_with("%{"); }
bool begins_escaped_template(std::string_view rest) {
  return rest.starts_with("$${") || rest.starts_with("%%{");
}

/// Takes a quoted string from the front of `rest` and returns its text, or nullopt if it has a template.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string text;
  rest.remove_prefix(1);
  while (!rest.starts_with('"')) {
    if (rest.empty() || begins_template(rest)) return std::nullopt;
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
  rest.remove_prefix(1);
  return text;
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

/// Takes a heredoc from the front of `rest`, to its closing marker, and returns its text, or nullopt if it
/// has a template.
std::optional<std::string> take_heredoc(std::string_view& rest) {
  const bool indented = rest.starts_with("<<-");
  const std::size_t opener = rest.find('\n') + 1;
  const std::string_view marker = heredoc_marker(rest.substr(0, opener));
  rest.remove_prefix(opener);

  std::vector<std::string_view> lines;
  std::size_t closing = 0;
  while ((closing = heredoc_closing_length(rest, marker)) == 0) {
    if (rest.empty()) return std::nullopt;  // not what parse() accepted
    const std::size_t length = rest.find('\n') + 1;
    lines.push_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  rest.remove_prefix(closing);
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

/// Takes space, newlines and comments from the front: what may stand beside a literal in parentheses.
void skip_space(std::string_view& rest) {
  for (;;) {
    rest = rest.substr(std::min(rest.find_first_not_of(space_characters), rest.size()));
    std::string_view end;
    if (rest.starts_with("/*")) end = "*/";
    if (rest.starts_with('#') || rest.starts_with("//")) end = "\n";
    if (end.empty()) return;
    const std::size_t found = rest.find(end, end.size());
    rest = found == std::string_view::npos ? std::string_view{} : rest.substr(found + end.size());
  }
}

bool take(std::string_view& rest, char expected) {
  skip_space(rest);
  if (!rest.starts_with(expected)) return false;
  rest.remove_prefix(1);
  return true;
}

/// A literal, std::monostate for null; nullopt for everything else.
using Literal = std::optional<std::variant<std::monostate, AttributeValue>>;

/// Takes a literal from the front of `rest`; what follows may turn out to make more of it.
Literal take_literal(std::string_view& rest) {
  if (rest.starts_with('"') || rest.starts_with("<<")) {
    auto text = rest.starts_with('"') ? take_quoted(rest) : take_heredoc(rest);
    if (!text) return std::nullopt;
    return AttributeValue(std::move(*text));
  }
  constexpr std::string_view word_ends = " \t\v\f\r\n()#/*";
  const std::string_view word = rest.substr(0, rest.find_first_of(word_ends));
  rest.remove_prefix(word.size());
  if (word == "null") return std::monostate{};
  if (word == "true") return AttributeValue(true);
  if (word == "false") return AttributeValue(false);
  if (const std::optional<double> value = number(word)) return AttributeValue(*value);
  return std::nullopt;
}

/// The literal that the whole expression is, in parentheses or not.
Literal whole_literal(std::string_view rest) {
  std::size_t open = 0;
  while (take(rest, '(')) ++open;
  Literal literal = take_literal(rest);
  for (; literal && open > 0; --open) {
    if (!take(rest, ')')) return std::nullopt;
  }
  skip_space(rest);
  return rest.empty() ? literal : std::nullopt;
}

}  // namespace

std::optional<AttributeValue> evaluate(std::string_view expression) {
  // A heredoc's last line ends with the newline that also ends the argument.
  Literal literal = whole_literal(std::string(expression) + "\n");
  if (!literal) return Unresolved{std::string(expression)};
  if (std::holds_alternative<std::monostate>(*literal)) return std::nullopt;
  return std::get<AttributeValue>(std::move(*literal));
}

std::string evaluate_label(std::string_view label) {
  if (!label.starts_with('"')) return std::string(label);
  std::string_view rest = label;
  return take_quoted(rest).value_or(std::string(label));
}

bool has_template_sequence(std::string_view text) {
  return text.find("${") != std::string_view::npos || text.find("%{") != std::string_view::npos;
}

}  // namespace lockstorm::scenarios::hcl
