#include "reports/format/unified_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <span>
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

// Lines that go and lines that come in their place.
struct Hunk {
  std::size_t old_first = 0;
  std::size_t old_count = 0;
  std::size_t new_first = 0;
  std::size_t new_count = 0;
};

using Lines = std::span<const std::string_view>;

// What is not in a longest common subsequence of both, by the table of its lengths.
std::vector<Hunk> hunks_of(Lines before, Lines after) {
  constexpr std::size_t kLargestTable = 16'000'000;
  if (before.empty() || after.empty() || before.size() * after.size() > kLargestTable)
    return {{0, before.size(), 0, after.size()}};
  const std::size_t width = after.size() + 1;
  std::vector<std::uint32_t> common((before.size() + 1) * width);
  for (std::size_t i = before.size(); i-- > 0;)
    for (std::size_t k = after.size(); k-- > 0;)
      common[i * width + k] = before[i] == after[k]
                                  ? common[(i + 1) * width + k + 1] + 1
                                  : std::max(common[(i + 1) * width + k], common[i * width + k + 1]);
  std::vector<Hunk> hunks;
  std::size_t i = 0;
  std::size_t k = 0;
  while (i < before.size() || k < after.size()) {
    if (i < before.size() && k < after.size() && before[i] == after[k]) {
      ++i;
      ++k;
      continue;
    }
    Hunk hunk{i, 0, k, 0};
    while (i < before.size() || k < after.size()) {
      if (i < before.size() && k < after.size() && before[i] == after[k]) break;
      const bool goes = k == after.size() ||
                        (i < before.size() && common[(i + 1) * width + k] >= common[i * width + k + 1]);
      ++(goes ? i : k);
    }
    hunk.old_count = i - hunk.old_first;
    hunk.new_count = k - hunk.new_first;
    hunks.push_back(hunk);
  }
  return hunks;
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
  const Lines gone(old_lines.data() + begin, old_end - begin);
  const Lines come(new_lines.data() + begin, new_end - begin);
  std::string out = fmt::format("--- a/{0}\n+++ b/{0}\n", file);
  for (const Hunk& hunk : hunks_of(gone, come))
    out += fmt::format("@@ -{} +{} @@\n{}{}", range_text(begin + hunk.old_first, hunk.old_count),
                       range_text(begin + hunk.new_first, hunk.new_count),
                       shown_lines('-', gone.subspan(hunk.old_first, hunk.old_count), shown),
                       shown_lines('+', come.subspan(hunk.new_first, hunk.new_count), shown));
  return out;
}

}  // namespace lockstorm::reports
