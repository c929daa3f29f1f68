#include "reports/format/unified_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace lockstorm::reports {
namespace {

// Each with its newline.
std::vector<std::string_view> lines_with_ends(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

// "3,2" for two lines from the third on; a range of none is behind the line before it.
std::string range_text(std::size_t first, std::size_t count) {
  const std::size_t number = count == 0 ? first : first + 1;
  return count == 1 ? fmt::format("{}", number) : fmt::format("{},{}", number, count);
}

std::string shown_lines(char mark, std::span<const std::string_view> lines, const ShownLine& shown) {
  std::string out;
  for (std::string_view line : lines) {
    const bool has_end = line.ends_with('\n');
    if (has_end) line.remove_suffix(1);
    out += fmt::format("{}{}\n", mark, shown(line));
    if (!has_end) out += "\\ No newline at end of file\n";
  }
  return out;
}

}  // namespace

std::string unified_diff(std::string_view file, std::string_view before, std::string_view after,
                         const ShownLine& shown) {
  const std::vector<std::string_view> old_lines = lines_with_ends(before);
  const std::vector<std::string_view> new_lines = lines_with_ends(after);
  const auto [old_middle, new_middle] = std::ranges::mismatch(old_lines, new_lines);
  const auto begin = static_cast<std::size_t>(old_middle - old_lines.begin());
  if (begin == old_lines.size() && begin == new_lines.size()) return {};
  std::size_t old_end = old_lines.size();
  std::size_t new_end = new_lines.size();
  while (old_end > begin && new_end > begin && old_lines[old_end - 1] == new_lines[new_end - 1]) {
    --old_end;
    --new_end;
  }
  const std::span<const std::string_view> gone(old_lines.data() + begin, old_end - begin);
  const std::span<const std::string_view> come(new_lines.data() + begin, new_end - begin);
  return fmt::format("--- a/{0}\n+++ b/{0}\n@@ -{1} +{2} @@\n{3}{4}", file, range_text(begin, gone.size()),
                     range_text(begin, come.size()), shown_lines('-', gone, shown),
                     shown_lines('+', come, shown));
}

}  // namespace lockstorm::reports
