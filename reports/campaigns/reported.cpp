#include "reports/campaigns/reported.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "reports/campaigns/finding_words.hpp"
#include "reports/story/narrative.hpp"
#include "reports/story/prevention.hpp"
#include "scenarios/data/date.hpp"
#include "scenarios/data/fnv1a.hpp"

namespace lockstorm::reports {
namespace {

namespace fs = std::filesystem;
using scenarios::AuditedState;
using scenarios::Finding;
using scenarios::Outcome;
using scenarios::Standing;

// Links are followed: code hosts show a file where it really lies.
fs::path real(const fs::path& file) {
  std::error_code error;
  const fs::path absolute = fs::absolute(file, error);
  fs::path found = fs::weakly_canonical(absolute, error);
  return error ? absolute.lexically_normal() : found;
}

std::string identity_of(const AuditAnswer& answer, const AuditedState& state,
                        const RepositoryPlaces& places) {
  std::string identity = places.name_of(state.directory);
  if (!state.completed_by.empty()) identity += "\n" + places.name_of(state.completed_by);
  if (!answer.plan.premise.empty()) identity += "\nif " + answer.plan.premise;
  return identity;
}

}  // namespace

RepositoryPlaces::RepositoryPlaces(const fs::path& root) : root_(real(root.empty() ? "." : root)) {}

std::string RepositoryPlaces::name_of(const fs::path& file) const {
  const fs::path there = real(file);
  const fs::path inside = there.lexically_relative(root_);
  const bool is_outside = inside.empty() || *inside.begin() == "..";
  return (is_outside ? there : inside).generic_string();
}

scenarios::SourceLocation RepositoryPlaces::place_of(const AuditedState& state) const {
  if (!state.where.file.empty())
    return {name_of(state.where.file), std::max(state.where.line, 1U), std::max(state.where.column, 1U)};
  const std::vector<std::string>& files = state.configuration.files;
  return {files.empty() ? name_of(state.directory) : name_of(files.front()), 1, 1};
}

std::string Reported::fingerprint() const {
  return scenarios::hex(scenarios::fnv1a(finding->rule.id() + "\n" + identity));
}

std::vector<Reported> reported(const RepositoryAnswer& answer) {
  const RepositoryPlaces places(answer.root);
  std::vector<Reported> all;
  for (const AuditAnswer& one : answer.answers) {
    std::vector<scenarios::SourceLocation> where;
    std::vector<std::string> identities;
    for (const AuditedState& state : one.states) {
      where.push_back(places.place_of(state));
      identities.push_back(identity_of(one, state, places));
    }
    for (std::size_t i = 0; i < one.graded.size(); ++i) {
      for (std::size_t k = 0; k < one.states.size(); ++k)
        all.push_back(
            {&one, &one.graded[i], &one.states[k], standing_of(one, i, k), where[k], identities[k]});
    }
  }
  std::ranges::stable_sort(all, std::ranges::less{}, [](const Reported& one) {
    return std::tuple(!is_failure(one.standing.outcome), one.finding->is_inherent,
                      -static_cast<int>(one.finding->grade), one.finding->occurrence, one.finding->harm);
  });
  return all;
}

std::vector<Finding> failing(const std::vector<Reported>& all) {
  std::set<const Finding*> seen;
  std::vector<Finding> found;
  for (const Reported& one : all) {
    if (is_failure(one.standing.outcome) && seen.insert(one.finding).second) found.push_back(*one.finding);
  }
  return found;
}

Standing standing_of(const AuditAnswer& answer, std::size_t finding, std::size_t state) {
  if (finding < answer.standings.size() && state < answer.standings[finding].size())
    return answer.standings[finding][state];
  const Finding& one = answer.graded[finding];
  Standing standing;
  standing.outcome = one.is_inherent                       ? Outcome::inherent
                     : one.grade >= scenarios::Grade::high ? Outcome::fails
                                                           : Outcome::below;
  return standing;
}

std::string standing_text(const Standing& standing) {
  std::string accepted = "accepted";
  if (standing.expires) accepted += " until " + scenarios::date_text(*standing.expires);
  if (!standing.reason.empty()) accepted += ": " + scenarios::printable(standing.reason);
  switch (standing.outcome) {
    case Outcome::fails:
      return "fails the audit";
    case Outcome::expired:
      return "was " + accepted;
    case Outcome::below:
      return "below --fail-on";
    case Outcome::known:
      return "in the baseline";
    case Outcome::accepted:
      return accepted;
    case Outcome::inherent:
      return "inherent: no backend can prevent it";
  }
  return {};
}

std::string told_sentence(const AuditAnswer& answer, const Finding& finding) {
  std::string text = finding_sentence(answer, finding);
  if (!answer.plan.premise.empty()) text += fmt::format(" That is so if {}.", answer.plan.premise);
  return text;
}

std::string told_run(const AuditAnswer& answer, const Finding& finding, std::size_t most_bytes) {
  const scenarios::Counterexample* run = shown_run(answer, finding);
  if (run == nullptr) return {};
  const scenarios::Scenario& scenario = answer.results[finding.configuration].scenario;
  std::string text;
  for (const std::string& more : {why(*run), "What would have prevented it: " + prevention(scenario, *run),
                                  run->tried.empty() ? std::string() : tried_changes(scenario, *run)}) {
    if (more.empty() || text.size() + more.size() + 1 > most_bytes) continue;
    text += (text.empty() ? "" : " ") + more;
  }
  return text;
}

}  // namespace lockstorm::reports
