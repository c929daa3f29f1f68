#include "scenarios/fixes/step_lines.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace lockstorm::scenarios {
namespace {

// Keys whose text is a script, in the CI systems that have steps.
constexpr std::array<std::string_view, 6> kScriptKeys{
    "run:", "script:", "bash:", "inlineScript:", "inlinescript:", "command:"};

bool is_empty_or_comment(const std::string& line) {
  const std::string text = without_blanks(line);
  return text.empty() || text.starts_with('#');
}

// Where the content of a line begins: behind the dashes of list items.
std::size_t content_column(const std::string& line) {
  std::size_t at = std::min(line.find_first_not_of(' '), line.size());
  while (at + 1 < line.size() && line[at] == '-' && line[at + 1] == ' ')
    at = std::min(line.find_first_not_of(' ', at + 1), line.size());
  return at;
}

bool is_item(const TextLines& lines, std::size_t number) {
  const std::string& line = lines.line(number);
  const std::size_t at = line.find_first_not_of(' ');
  return at != std::string::npos && line[at] == '-' && (at + 1 == line.size() || line[at + 1] == ' ');
}

// The last line that is indented deeper than `column`, without what is empty at the end.
std::size_t end_of(const TextLines& lines, std::size_t first, std::size_t column) {
  std::size_t last = first;
  for (std::size_t number = first + 1; number <= lines.count(); ++number) {
    if (is_empty_or_comment(lines.line(number))) continue;
    if (lines.indent(number).size() <= column) break;
    last = number;
  }
  return last;
}

}  // namespace

std::string without_blanks(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::optional<LineRange> item_around(const TextLines& lines, std::size_t number) {
  std::size_t column = lines.indent(number).size() + 1;
  for (std::size_t at = number; at > 0; --at) {
    if (at != number && is_empty_or_comment(lines.line(at))) continue;
    const std::size_t here = lines.indent(at).size();
    if (here >= column) continue;
    if (is_item(lines, at)) return LineRange{at, end_of(lines, at, here)};
    column = here;
    if (here == 0) break;
  }
  return std::nullopt;
}

LineRange command_at(const TextLines& lines, std::size_t number) {
  LineRange range{number, number};
  while (range.first > 1 && without_blanks(lines.line(range.first - 1)).ends_with('\\')) --range.first;
  while (range.last < lines.count() && without_blanks(lines.line(range.last)).ends_with('\\')) ++range.last;
  return range;
}

std::optional<ScriptLines> script_around(const TextLines& lines, std::size_t number) {
  const auto is_key = [&](std::size_t at) {
    const std::string_view content = std::string_view(lines.line(at)).substr(content_column(lines.line(at)));
    return std::ranges::any_of(kScriptKeys, [&](std::string_view key) { return content.starts_with(key); });
  };
  std::size_t column = lines.indent(number).size() + 1;
  for (std::size_t at = number; at > 0; --at) {
    if (at != number && without_blanks(lines.line(at)).empty()) continue;
    if (lines.indent(at).size() >= column) continue;
    if (is_key(at)) {
      const std::string text = without_blanks(lines.line(at));
      const bool is_folded = text.ends_with('>') || text.ends_with(">-") || text.ends_with(">+");
      const bool is_block = is_folded || text.ends_with('|') || text.ends_with("|-") || text.ends_with("|+");
      if (!is_block)
        return at == number ? std::optional(ScriptLines{at, false, false, {at, at}}) : std::nullopt;
      if (at == number) return std::nullopt;
      return ScriptLines{at, true, is_folded, {at + 1, end_of(lines, at, content_column(lines.line(at)))}};
    }
    column = lines.indent(at).size();
    if (column == 0 || is_item(lines, at)) break;
  }
  return std::nullopt;
}

}  // namespace lockstorm::scenarios
