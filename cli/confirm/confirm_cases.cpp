#include <fmt/format.h>

#include <filesystem>

#include "cli/confirm/confirm_case.hpp"
#include "cli/replay_subject.hpp"
#include "cli/verify_all.hpp"
#include "scenarios/files/library.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;
using Cases = std::vector<ConfirmCase>;

bool is_scenario_file(const std::filesystem::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

// A string, or a file of any kind that is no scenario.
bool holds_strings(const std::string& subject) {
  std::error_code ignored;
  if (std::filesystem::exists(subject, ignored)) return !is_scenario_file(subject);
  return subject.starts_with("LS1-");
}

std::expected<void, InputError> add_strings(Cases& cases, const std::string& subject,
                                            const std::string& scenario, bool all) {
  auto read = read_replay_subjects(subject, scenario, all);
  if (!read) return std::unexpected(read.error());
  for (ReplaySubject& one : *read)
    cases.push_back(
        {std::move(one.scenario), std::move(one.replay.schedule), std::move(one.text), std::nullopt});
  return {};
}

void add_verified(Cases& cases, const std::vector<scenarios::VerifyResult>& results) {
  for (const scenarios::VerifyResult& result : results) {
    for (const scenarios::Counterexample& one : result.counterexamples)
      cases.push_back({result.scenario, one.schedule, one.replay, one.property});
  }
}

}  // namespace

std::expected<Cases, InputError> confirm_cases(const std::vector<std::string>& subjects,
                                               const std::string& scenario, bool all, const Global& global) {
  Cases cases;
  for (const std::string& subject : subjects) {
    if (holds_strings(subject)) {
      if (auto added = add_strings(cases, subject, scenario, all); !added)
        return std::unexpected(added.error());
      continue;
    }
    const auto found = scenarios::find_scenarios(subject);
    if (!found) return std::unexpected(found.error());
    add_verified(cases, verify_all(*found, global, "scenarios", {.explain = false}));
  }
  if (cases.empty())
    return std::unexpected(InputError{{subjects.empty() ? "confirm" : subjects.front(), 0, 0},
                                      "nothing is violated here, so there is nothing to force",
                                      "a counterexample: LS1-..., a report that holds one, a scenario",
                                      ""});
  return cases;
}

}  // namespace lockstorm::cli
