#include "scenarios/config/version_files.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "scenarios/data/input_file.hpp"

namespace lockstorm::scenarios {
namespace {

using models::Dialect;

constexpr std::string_view kBlank = " \t\r";

std::string_view stripped(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlank), text.size());
  return text.substr(begin, text.find_last_not_of(kBlank) + 1 - begin);
}

std::string_view without_comment(std::string_view line) { return stripped(line.substr(0, line.find('#'))); }

std::string_view next_word(std::string_view& rest) {
  rest = stripped(rest);
  const std::string_view word = rest.substr(0, rest.find_first_of(kBlank));
  rest.remove_prefix(word.size());
  return word;
}

/// asdf's "opentofu", mise's "aqua:opentofu/opentofu".
std::optional<Dialect> tool_called(std::string_view name) {
  const std::string_view last = name.substr(name.find_last_of(":/") + 1);
  if (last == "terraform") return Dialect::terraform;
  if (last == "opentofu" || last == "tofu") return Dialect::opentofu;
  return std::nullopt;
}

std::string plain(std::string_view version) {
  if (version.starts_with('v')) version.remove_prefix(1);
  return is_plain_version(version) ? std::string(version) : "";
}

/// Calls `visit(line, number)` for each line of a file that is there, without its comment.
template <typename Visit>
void for_each_line(const std::filesystem::path& file, Visit visit) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return;
  const auto text = read_input_file(file, kConfigurationFile);
  if (!text) return;
  std::string_view rest = *text;
  for (unsigned number = 1; !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    visit(without_comment(rest.substr(0, end)), number);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
}

void add_own_file(const std::filesystem::path& file, Dialect tool, std::vector<VersionPin>& pins) {
  bool is_said = false;
  for_each_line(file, [&](std::string_view line, unsigned number) {
    if (line.empty() || std::exchange(is_said, true)) return;
    pins.push_back({tool, plain(line), {file.string(), number, 1}});
  });
}

void add_asdf(const std::filesystem::path& file, std::vector<VersionPin>& pins) {
  for_each_line(file, [&](std::string_view line, unsigned number) {
    const auto tool = tool_called(next_word(line));
    if (tool) pins.push_back({*tool, plain(next_word(line)), {file.string(), number, 1}});
  });
}

std::string_view unquoted(std::string_view text) {
  const bool is_quoted =
      text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

/// The first text in quotes that is a version: `"1.9"`, `["1.9"]`, `{ version = "1.9" }`.
std::string first_version(std::string_view value) {
  while (true) {
    const std::size_t begin = value.find_first_of("\"'");
    if (begin == std::string_view::npos) return "";
    const std::size_t end = value.find(value[begin], begin + 1);
    if (end == std::string_view::npos) return "";
    std::string version = plain(value.substr(begin + 1, end - begin - 1));
    if (!version.empty()) return version;
    value.remove_prefix(end + 1);
  }
}

/// Only what is written `NAME = ...` in `[tools]`, or as `[tools.NAME]`.
void add_mise(const std::filesystem::path& file, std::vector<VersionPin>& pins) {
  bool is_in_tools = false;
  for_each_line(file, [&](std::string_view line, unsigned number) {
    if (line.starts_with('[')) {
      is_in_tools = line == "[tools]";
      constexpr std::string_view kTable = "[tools.";
      if (!line.starts_with(kTable) || !line.ends_with(']')) return;
      const auto tool = tool_called(unquoted(line.substr(kTable.size(), line.size() - kTable.size() - 1)));
      if (tool) pins.push_back({*tool, "", {file.string(), number, 1}});
      return;
    }
    const std::size_t equals = line.find('=');
    if (!is_in_tools || equals == std::string_view::npos) return;
    const auto tool = tool_called(unquoted(stripped(line.substr(0, equals))));
    if (tool) pins.push_back({*tool, first_version(line.substr(equals + 1)), {file.string(), number, 1}});
  });
}

}  // namespace

bool is_plain_version(std::string_view text) {
  const std::string_view core = text.substr(0, text.find('-'));
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool has_digits_and_dots = std::ranges::all_of(core, [&](char c) { return c == '.' || is_digit(c); });
  const auto dots = std::ranges::count(core, '.');
  return has_digits_and_dots && dots >= 1 && dots <= 2 && is_digit(core.front()) && is_digit(core.back()) &&
         core.find("..") == std::string_view::npos && text.size() < 40;
}

std::vector<VersionPin> pins_in(const std::filesystem::path& directory) {
  std::vector<VersionPin> pins;
  add_own_file(directory / ".terraform-version", Dialect::terraform, pins);
  add_own_file(directory / ".opentofu-version", Dialect::opentofu, pins);
  add_asdf(directory / ".tool-versions", pins);
  for (const char* name : {"mise.toml", ".mise.toml", "mise/config.toml", ".config/mise.toml"})
    add_mise(directory / name, pins);
  return pins;
}

}  // namespace lockstorm::scenarios
