#include "scenarios/fixes/limit_edits.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <regex>
#include <string>

namespace lockstorm::scenarios {
namespace {

// A number behind `before`, and what it counts.
struct WrittenLimit {
  const char* before;
  std::chrono::seconds unit;
};

constexpr std::array<WrittenLimit, 4> kNumbers{{
    {R"(\b(?:timeout-minutes|timeout_minutes|timeoutInMinutes):\s*['"]?)", std::chrono::minutes(1)},
    {R"(\btimeout\s*\(\s*time:\s*(?=\d+\s*,\s*unit:\s*['"]HOURS))", std::chrono::hours(1)},
    {R"(\btimeout\s*\(\s*time:\s*(?=\d+\s*,\s*unit:\s*['"]MINUTES))", std::chrono::minutes(1)},
    {R"(\btimeout\s*\(\s*(?:time:\s*)?(?=\d+\s*\)))", std::chrono::minutes(1)},
}};

// `30m`, `90 minutes`, `1h 30m`, and `600` of the shell's timeout: said anew in minutes.
constexpr const char* kOfGitlab = R"(^(\s*timeout:\s*)(['"]?)\d\w*(?: \w+)*\2(?=\s*(?:#.*)?$))";
constexpr const char* kOfShell =
    R"(\b(timeout(?:\s+-(?:k|s)\s*\S+|\s+--?[\w-]+(?:=\S+)?)*\s+)\d+(?:\.\d+)?[smhd]?(?=\s))";

bool raise_number(std::string& line, const WrittenLimit& limit, std::chrono::minutes to) {
  std::smatch found;
  if (!std::regex_search(line, found, std::regex(limit.before))) return false;
  const auto at = static_cast<std::size_t>(found.position() + found.length());
  long value = 0;
  const auto [end, error] = std::from_chars(line.data() + at, line.data() + line.size(), value);
  const auto wanted = (to + limit.unit - std::chrono::seconds(1)) / limit.unit;
  if (error != std::errc{} || value <= 0 || value >= wanted) return false;
  line.replace(at, static_cast<std::size_t>(end - line.data()) - at, std::to_string(wanted));
  return true;
}

}  // namespace

bool raise_limit(TextLines& lines, std::size_t number, std::chrono::minutes to) {
  std::string line = lines.line(number);
  if (line.size() > kLongestLine) return false;
  for (const WrittenLimit& limit : kNumbers) {
    if (!raise_number(line, limit, to)) continue;
    lines.set(number, std::move(line));
    return true;
  }
  for (const char* pattern : {kOfGitlab, kOfShell}) {
    const std::string changed =
        std::regex_replace(line, std::regex(pattern), fmt::format("$01{}m", to.count()),
                           std::regex_constants::format_first_only);
    if (changed == line) continue;
    lines.set(number, changed);
    return true;
  }
  return false;
}

bool set_limit(TextLines& lines, pipeline::System system, std::size_t job, std::chrono::minutes to) {
  const bool is_azure = system == pipeline::System::azure;
  if (!is_azure && system != pipeline::System::gitlab) return false;
  std::string indent = lines.indent_below(job);
  if (indent.empty()) return false;
  lines.insert_below(job, is_azure ? fmt::format("{}timeoutInMinutes: {}", indent, to.count())
                                   : fmt::format("{}timeout: {}m", indent, to.count()));
  return true;
}

}  // namespace lockstorm::scenarios
