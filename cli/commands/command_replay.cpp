// `lockstorm replay FILE-OR-STRING`: a counterexample again, with every step.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/command.hpp"
#include "cli/live_run.hpp"
#include "cli/publish.hpp"
#include "cli/usage.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/format/layout.hpp"
#include "reports/html/html_page.hpp"
#include "reports/story/narrative.hpp"
#include "reports/story/words.hpp"
#include "reports/text/step_table.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/search/verify.hpp"
#include "scenarios/story/tell.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;
using scenarios::Scenario;

struct ReplayArguments {
  std::string subject;
  std::string scenario;
  std::string html_file;
};

// Each string goes as far as its characters do: it may have "LS1-" inside, and reading on behind it keeps a
// file that is nothing else from taking time by the square of its size.
std::vector<std::string_view> strings_in(std::string_view text, std::size_t most) {
  std::vector<std::string_view> strings;
  std::size_t at = text.find("LS1-");
  while (at != std::string_view::npos && strings.size() < most) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n\"'<&\\", at), text.size());
    const std::string_view string = text.substr(at, end - at);
    if (std::ranges::find(strings, string) == strings.end()) strings.push_back(string);
    at = text.find("LS1-", end);
  }
  return strings;
}

// The replay string itself, or the first one in the file of that name.
std::expected<std::string, InputError> replay_text(const std::string& subject) {
  constexpr std::size_t kMostCounted = 100;
  std::error_code ignored;
  const bool is_file = std::filesystem::exists(subject, ignored);
  if (!is_file && subject.starts_with("LS")) return subject;
  if (!is_file)
    return std::unexpected(InputError{{subject, 0, 0},
                                      "is neither a replay string nor a readable file",
                                      "LS1-..., or a file with one",
                                      ""});
  const auto text = read_input_file(subject, scenarios::kReplayFile);
  if (!text) return std::unexpected(text.error());
  const std::vector<std::string_view> strings = strings_in(*text, kMostCounted);
  if (strings.empty())
    return std::unexpected(InputError{{subject, 0, 0},
                                      "holds no replay string",
                                      "LS1-...",
                                      "a JSON report has it under counterexamples[].replay"});
  if (strings.size() > 1) {
    print_error(fmt::format(
        "lockstorm: {} holds {}{} replay strings; this is the first, name another one itself\n",
        scenarios::printable(subject), strings.size(), strings.size() == kMostCounted ? " or more" : ""));
  }
  return std::string(strings.front());
}

// What is hidden in it is hidden first: the end of a URL may be what tells that there is a password.
std::string shown(const std::string& text) {
  constexpr std::size_t kMost = 60;
  std::string whole = scenarios::printable(text);
  if (whole.size() <= kMost) return whole;
  std::size_t end = kMost - 3;
  while (end > 0 && (static_cast<unsigned char>(whole[end]) & 0xC0U) == 0x80) --end;  // inside a character
  return whole.substr(0, end) + "...";
}

std::expected<Scenario, InputError> scenario_to_replay(const ReplayArguments& options,
                                                       const sim::ReplayString& replay) {
  if (!options.scenario.empty()) return scenarios::find_scenario(options.scenario);
  if (scenarios::is_found_by_name(replay.subject)) {
    return scenarios::find_scenario(replay.subject);
  }
  return std::unexpected(InputError{
      {"replay", 0, 0},
      fmt::format("the string replays the scenario '{}', which is not in the library", replay.subject),
      "the file it was found with",
      "add --scenario FILE"});
}

// A schedule only means something in the very world it was recorded in.
std::optional<InputError> other_world(const Scenario& scenario, const sim::ReplayString& replay) {
  const std::uint64_t here = fingerprint(scenario);
  if (here == replay.fingerprint) return std::nullopt;
  const std::string found = fmt::format("'{}' (fingerprint {:08x})", scenario.name, here);
  const std::string recorded = fmt::format("'{}' (fingerprint {:08x})", replay.subject, replay.fingerprint);
  return InputError{{"replay", 0, 0},
                    fmt::format("the string was recorded with {}, but this scenario is {}", recorded, found),
                    "the same scenario in the same version",
                    "verify the scenario again for a fresh counterexample"};
}

// A page also says when it was too late; the search for that is only made for it.
std::string page_of(scenarios::VerifyResult result, const scenarios::World& world,
                    const scenarios::Counterexample& told) {
  for (scenarios::Counterexample& violation : result.counterexamples)
    violation.decisive_step = find_decisive_step(world, violation.property, violation.schedule);
  return reports::html_replay(result, told);
}

int print_run(const Scenario& scenario, const scenarios::World& world, const scenarios::Counterexample& told,
              const LiveRun& live, const ReplayArguments& options, const Global& global) {
  const reports::Style style = stdout_style();
  std::string text = fmt::format("{}, replayed\n", scenarios::printable(scenario.name));
  text += reports::paragraph(scenarios::summary(scenario), style) + "\n";
  text += reports::step_table(told, reports::Rows::all, style) + "\n" + ending_text(live);
  for (const ViolatedAt& violated : live.violated) {
    scenarios::Counterexample counterexample = told;
    counterexample.property = violated.property;
    text += std::string(reports::headline_of(counterexample)) + "\n";
  }
  text += reports::paragraph(reports::bounds_text(scenario), style, 10, "Bounds:");
  const std::vector<scenarios::VerifyResult> results{as_result(scenario, live, told, "one replayed run")};
  Results written(global);
  written.write(global.json_file, [&] { return reports::json_report(results, "replay"); });
  publish(written, global, results);
  written.write(options.html_file, [&] { return page_of(results.front(), world, told); });
  return written.end(text, exit_status(results.front().verdict));
}

int run_replay(const ReplayArguments& options, const Global& global) {
  const auto text = replay_text(options.subject);
  if (!text) return bad_input(text.error());
  const auto replay = sim::decode_replay(*text);
  if (!replay) {
    return bad_input({{shown(*text), 0, 0},
                      replay.error(),
                      "LS1-... as a report prints it, whole",
                      "copy the whole line, or take it from --json"});
  }
  const auto scenario = scenario_to_replay(options, *replay);
  if (!scenario) return bad_input(scenario.error());
  if (const auto error = other_world(*scenario, *replay)) return bad_input(*error);
  if (const auto error = check_published(global, {options.html_file}, {options.subject, scenario->file}))
    return bad_input(*error);
  const auto world = scenarios::build_world(*scenario);
  const auto told = scenarios::tell(*scenario, *world, replay->schedule);
  if (!told)
    return bad_input({{"replay", 0, 0}, told.error(), "a string that this version of lockstorm printed", ""});
  std::size_t next = 0;
  const Chooser as_recorded = [&](std::uint32_t) -> std::optional<std::uint32_t> {
    return next < replay->schedule.size() ? std::optional(replay->schedule[next++].index) : std::nullopt;
  };
  return print_run(*scenario, *world, *told, run_live(*world, as_recorded, replay->schedule.size()), options,
                   global);
}

}  // namespace

Action add_replay(CommandLine command) {
  auto options = std::make_shared<ReplayArguments>();
  command.add_option("REPLAY", options->subject, "The string LS1-..., or a file that holds one").required();
  command.add_option("--scenario", options->scenario, "The scenario it was found with, if not in the library")
      .type_name("SCENARIO")
      .check(must_not_be_empty);
  add_html_option(command, options->html_file);
  return [options](const Global& global) { return run_replay(*options, global); };
}

}  // namespace lockstorm::cli
