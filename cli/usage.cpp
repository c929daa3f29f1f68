#include "cli/usage.hpp"

#include "scenarios/data/duration.hpp"
#include "scenarios/files/yaml_scenario.hpp"

#include <fmt/format.h>

#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "scenarios/data/input_error.hpp"
#include "scenarios/data/read_number.hpp"

namespace lockstorm::cli {
namespace {

std::string did_you_mean(std::string_view given, const std::vector<std::string>& names) {
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view nearest = scenarios::nearest_name(given, views);
  return nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest);
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back(name);
  }
  return names;
}

// The dashes that all options begin with say nothing about which one is meant; its first letters say it best.
std::string nearest_option(std::string_view given, const std::vector<std::string>& names) {
  if (given.size() >= 3) {
    for (const std::string& name : names) {
      if (name.starts_with(given)) return name;
    }
  }
  return std::string(
      scenarios::nearest_name(given, std::vector<std::string_view>(names.begin(), names.end())));
}

std::string unknown_option(const CLI::App& app, const CLI::App* command, std::string given) {
  given = given.substr(0, given.find('='));
  std::vector<std::string> names = option_names(app);
  if (command != nullptr) {
    for (std::string& name : option_names(*command)) names.push_back(std::move(name));
  }
  const std::string nearest = nearest_option(
      std::string_view(given).substr(std::min(given.find_first_not_of('-'), given.size())), names);
  if (given == "--" + nearest)
    return fmt::format("'{}' is not read as an option here: behind '--', or before its command", given);
  return fmt::format("unknown option '{}'{}", given,
                     nearest.empty() ? "" : fmt::format("; did you mean '--{}'?", nearest));
}

// Whether values of a backend's arguments stand on the command line.
bool takes_values(const CLI::App& command) {
  const CLI::Option* set = command.get_option_no_throw("--set");
  return set != nullptr && set->count() > 0;
}

}  // namespace

std::optional<std::string> unknown_words(const CLI::App& app) {
  std::vector<std::string> rest = app.remaining(true);
  // CLI11 counts the word that ends the options among those that it has no place for.
  if (const auto end_of_options = std::ranges::find(rest, "--"); end_of_options != rest.end())
    rest.erase(end_of_options);
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  const CLI::App* command = chosen.empty() ? nullptr : chosen.front();
  for (const std::string& word : rest) {
    if (word.starts_with('-') && word != "-" && word != "--") return unknown_option(app, command, word);
  }
  std::vector<std::string> commands;
  for (const CLI::App* known : app.get_subcommands([](const CLI::App*) { return true; }))
    commands.push_back(known->get_name());
  if (command == nullptr && rest.empty())
    return fmt::format("no command given; one of {}", fmt::join(commands, ", "));
  if (command == nullptr)
    return fmt::format("unknown command '{}'{}", rest.front(), did_you_mean(rest.front(), commands));
  // A value of --set with a space in it has become several words; it may be a credential.
  if (!rest.empty() && takes_values(*command))
    return fmt::format("there is one word too many for `{}`; a value with spaces needs quotes",
                       command->get_name());
  if (!rest.empty())
    return fmt::format("'{}' is one word too many for `{}`", rest.front(), command->get_name());
  return std::nullopt;
}

std::optional<std::size_t> parse_size(std::string_view text) {
  constexpr std::string_view kUnits = "KMGT";
  std::size_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{}) return std::nullopt;
  if (rest == end) return value;
  const std::size_t unit = kUnits.find(*rest);
  if (unit == std::string_view::npos || rest + 1 != end || value >= std::size_t{1} << 20U)
    return std::nullopt;
  return value << (10 * (unit + 1));
}

std::string must_be_size(const std::string& text) {
  constexpr std::size_t kLeast = std::size_t{1} << 20U;
  const std::optional<std::size_t> size = parse_size(text);
  return size && *size >= kLeast ? ""
                                 : fmt::format("'{}' is not a size from 1M up, such as 512M or 8G", text);
}

std::optional<std::uint64_t> parse_seed(std::string_view text) {
  std::uint64_t seed = 0;
  return scenarios::read_number<std::uint64_t>(text, 0, std::numeric_limits<std::uint64_t>::max(), seed)
             ? std::optional(seed)
             : std::nullopt;
}

std::string must_be_seed(const std::string& text) {
  return parse_seed(text) ? ""
                          : fmt::format("'{}' is not a whole number from 0 to {}", text,
                                        std::numeric_limits<std::uint64_t>::max());
}

Check whole_number(std::uint64_t least, std::uint64_t most) {
  return [least, most](const std::string& text) -> std::string {
    std::uint64_t number = 0;
    // The parser would take what begins with a zero for octal.
    const bool is_decimal = !text.starts_with('0') || text == "0";
    if (is_decimal && scenarios::read_number(std::string_view(text), least, most, number)) return "";
    return fmt::format("'{}' is not a whole number from {} to {}", text, least, most);
  };
}

Check decimal_number(double least, double most) {
  return [least, most](const std::string& text) -> std::string {
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    // Neither "nan", of which every comparison is false, nor "-0".
    const bool begins_so = !text.empty() && text.find_first_of(".0123456789") == 0;
    const bool is_whole = begins_so && error == std::errc{} && end == text.data() + text.size();
    if (is_whole && number >= least && number <= most) return "";
    return fmt::format("'{}' is not a number from {} to {}", text, least, most);
  };
}

std::string must_not_be_empty(const std::string& text) {
  return text.empty() ? "the value is empty (an unset variable?)" : "";
}

std::string must_be_utf8(const std::string& text) {
  try {
    (void)nlohmann::json(text).dump();
    return "";
  } catch (const nlohmann::json::type_error&) {
    return "the text is not UTF-8";
  }
}

std::optional<std::string> option_without_value(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--") return std::nullopt;
    if (word.starts_with("--") && word.find('=') == word.size() - 1)
      return fmt::format("'{}' has no value (an unset variable?)", word);
  }
  return std::nullopt;
}

std::string must_be_file_name(const std::string& text) {
  return text.empty() ? "the file name is empty (an unset variable?)" : "";
}

std::string must_be_file_beside_report(const std::string& text) {
  return text == "-" ? "standard output has the report; name a file" : must_be_file_name(text);
}

std::string must_be_duration(const std::string& text) {
  const auto duration = scenarios::parse_duration(text);
  return duration ? "" : fmt::format("'{}' is not {}", text, duration.error());
}

std::string must_be_some_time(const std::string& text) {
  const auto duration = scenarios::parse_duration(text);
  if (!duration) return must_be_duration(text);
  return duration->count() > 0 ? "" : fmt::format("'{}' is no time at all; expected 1ms or more", text);
}

void add_html_option(CommandLine& command, std::string& file) {
  command
      .add_option("--html", file,
                  "Write the result as one HTML page to FILE, with a diagram of each counterexample")
      .type_name("FILE")
      .check(must_be_file_beside_report);
}

}  // namespace lockstorm::cli
