#include <algorithm>
#include <cctype>

#include "scenarios/pipeline/shell_words.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == ':';
}

// Behind the brace that closes the one at `open`; npos: none does. Quotes and comments are passed over.
std::size_t end_of_braces(std::string_view text, std::size_t open) {
  unsigned depth = 0;
  char quote = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == '\\' && quote == '"') {
        ++i;
      } else if (c == quote) {
        quote = 0;
      }
    } else if (c == '\\') {
      ++i;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '#' && (text[i - 1] == ' ' || text[i - 1] == '\n')) {
      i = std::min(text.find('\n', i), text.size());
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

// `NAME() {` or `function NAME {` at the beginning of a line; the place of the brace, or npos.
std::size_t brace_of_definition(std::string_view text, std::size_t at, std::string& name) {
  const auto skip = [&](std::string_view characters) {
    at = std::min(text.find_first_not_of(characters, at), text.size());
  };
  skip(" \t");
  const bool has_keyword = text.substr(at).starts_with("function ");
  if (has_keyword) at += 9;
  skip(" \t");
  const std::size_t begin = at;
  while (at < text.size() && is_name_character(text[at])) ++at;
  name = std::string(text.substr(begin, at - begin));
  skip(" \t");
  const bool has_parentheses = text.substr(at).starts_with("()");
  if (has_parentheses) at += 2;
  if (name.empty() || (!has_keyword && !has_parentheses)) return std::string_view::npos;
  skip(" \t\n");
  return at < text.size() && text[at] == '{' ? at : std::string_view::npos;
}

}  // namespace

std::vector<ShellDefinition> take_functions(std::string& script) {
  std::vector<ShellDefinition> found;
  for (std::size_t line = 0; line < script.size();) {
    std::string name;
    const std::size_t open = brace_of_definition(script, line, name);
    const std::size_t end = open == std::string::npos ? std::string::npos : end_of_braces(script, open);
    if (end == std::string::npos) {
      line = std::min(script.find('\n', line), script.size() - 1) + 1;
      continue;
    }
    const auto lines_before =
        std::count(script.begin(), script.begin() + static_cast<std::ptrdiff_t>(open), '\n');
    found.push_back({name, script.substr(open + 1, end - open - 2), static_cast<std::size_t>(lines_before)});
    std::transform(
        script.begin() + static_cast<std::ptrdiff_t>(line), script.begin() + static_cast<std::ptrdiff_t>(end),
        script.begin() + static_cast<std::ptrdiff_t>(line), [](char c) { return c == '\n' ? c : ' '; });
    line = end;
  }
  return found;
}

}  // namespace lockstorm::scenarios::pipeline
