#include "cli/replay_subject.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include "cli/command.hpp"
#include "cli/usage.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/data/printable.hpp"
#include "scenarios/files/library.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;
using scenarios::Scenario;

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

// Where one is wanted, how many more there are is told up to a point.
constexpr std::size_t kMostCounted = 100;
constexpr std::size_t kMostWanted = 10'000;

// The replay string itself, or those in the file of that name.
std::expected<std::vector<std::string>, InputError> replay_texts(const std::string& subject, bool all) {
  std::error_code ignored;
  const bool is_file = std::filesystem::exists(subject, ignored);
  if (!is_file && subject.starts_with("LS")) return std::vector{subject};
  if (!is_file)
    return std::unexpected(InputError{{subject, 0, 0},
                                      "is neither a replay string nor a readable file",
                                      "LS1-..., or a file with one",
                                      ""});
  const auto text = read_input_file(subject, scenarios::kReplayFile);
  if (!text) return std::unexpected(text.error());
  const std::vector<std::string_view> strings = strings_in(*text, all ? kMostWanted : kMostCounted);
  if (strings.empty())
    return std::unexpected(InputError{{subject, 0, 0},
                                      "holds no replay string",
                                      "LS1-...",
                                      "a JSON report has it under counterexamples[].replay"});
  return std::vector<std::string>(strings.begin(), strings.end());
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

std::expected<Scenario, InputError> scenario_to_replay(const std::string& scenario,
                                                       const sim::ReplayString& replay) {
  if (!scenario.empty()) return scenarios::find_scenario(scenario);
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

std::expected<ReplaySubject, InputError> subject_of(const std::string& text, const std::string& scenario) {
  auto replay = sim::decode_replay(text);
  if (!replay) {
    return std::unexpected(InputError{{shown(text), 0, 0},
                                      replay.error(),
                                      "LS1-... as a report prints it, whole",
                                      "copy the whole line, or take it from --json"});
  }
  auto found = scenario_to_replay(scenario, *replay);
  if (!found) return std::unexpected(found.error());
  if (auto error = other_world(*found, *replay)) return std::unexpected(*std::move(error));
  return ReplaySubject{*std::move(found), *std::move(replay), text};
}

}  // namespace

std::expected<ReplaySubject, InputError> read_replay_subject(const std::string& subject,
                                                             const std::string& scenario) {
  auto all = read_replay_subjects(subject, scenario, false);
  if (!all) return std::unexpected(all.error());
  return std::move(all->front());
}

std::expected<std::vector<ReplaySubject>, InputError> read_replay_subjects(const std::string& subject,
                                                                           const std::string& scenario,
                                                                           bool all) {
  auto texts = replay_texts(subject, all);
  if (!texts) return std::unexpected(texts.error());
  if (texts->size() > 1 && !all) {
    print_error(fmt::format(
        "lockstorm: {} holds {}{} replay strings; this is the first, name another one itself\n",
        scenarios::printable(subject), texts->size(), texts->size() == kMostCounted ? " or more" : ""));
    texts->resize(1);
  }
  std::vector<ReplaySubject> subjects;
  for (const std::string& text : *texts) {
    auto one = subject_of(text, scenario);
    if (!one) return std::unexpected(one.error());
    subjects.push_back(*std::move(one));
  }
  return subjects;
}

}  // namespace lockstorm::cli
