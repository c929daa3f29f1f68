#include "scenarios/gate/gate.hpp"

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>

namespace lockstorm::scenarios {
namespace {

// A later day holds longer, and no day at all for ever.
bool holds_longer(const Acceptance& a, const Acceptance& b) {
  if (!a.expires || !b.expires) return !a.expires && b.expires.has_value();
  return *a.expires > *b.expires;
}

bool holds(const Acceptance& acceptance, std::chrono::year_month_day today) {
  return !acceptance.expires || today <= *acceptance.expires;
}

bool lies_in(const std::string& path, const std::string& folder) {
  if (folder == ".") return !path.starts_with("..") && !path.starts_with('/');
  return path == folder || path.starts_with(folder + "/");
}

Adversities needed_by(const Trouble& cause) {
  Scenario scenario;
  scenario.faults = cause.faults;
  if (cause.force_unlock) scenario.force_unlock = {1, *cause.force_unlock};
  return adversities_of(scenario);
}

std::tuple<std::string, unsigned, unsigned> key_of(const SourceLocation& where) {
  return {where.file, where.line, where.column};
}

}  // namespace

Gate::Gate(GateRules rules, std::span<const std::filesystem::path> audited, Adversities faults)
    : rules_(std::move(rules)), faults_(faults) {
  for (std::filesystem::path path : audited) {
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) path = path.parent_path();
    if (rules_.baseline) audited_.push_back(path_from(rules_.baseline->directory(), path));
    is_whole_ |= lies_in(path_from(path, rules_.directory), ".");
  }
}

const Acceptance* Gate::acceptance_for(const Judged& finding, const Placed& place) {
  const Acceptance* longest = nullptr;
  const auto consider = [&](const Acceptance& acceptance) {
    const bool is_here =
        acceptance.paths.empty() || std::ranges::any_of(place.from_policy, [&](const StatePlace& name) {
          return matches_any(acceptance.paths, name);
        });
    if (!is_here || !acceptance.rule.matches(finding.rule)) return;
    acceptances_[key_of(acceptance.where)] = true;
    if (longest == nullptr || holds_longer(acceptance, *longest)) longest = &acceptance;
  };
  std::ranges::for_each(rules_.accept, consider);
  std::ranges::for_each(place.ignores, consider);
  return longest;
}

Standing Gate::standing_of(const Judged& finding, const Placed& place) {
  const Acceptance* acceptance = acceptance_for(finding, place);
  if (finding.is_inherent) return {Outcome::inherent, "", {}, {}};
  const KnownFinding known{place.from_baseline, finding.rule};
  found_.insert(known);
  const bool is_grave = rules_.fail_on.grade && finding.grade >= *rules_.fail_on.grade;
  if (acceptance != nullptr) {
    date_decides_ |= acceptance->expires.has_value();
    const bool is_held = holds(*acceptance, rules_.today);
    if (!is_held) not_accepted_.insert(known);
    if (is_held || is_grave)
      return {is_held ? Outcome::accepted : Outcome::expired, acceptance->reason, acceptance->expires,
              acceptance->where};
  }
  not_accepted_.insert(known);
  if (rules_.baseline) {
    const auto entry = rules_.baseline->findings.find(known);
    if (entry != rules_.baseline->findings.end()) return {Outcome::known, "", {}, entry->second};
  }
  return {is_grave ? Outcome::fails : Outcome::below, "", {}, {}};
}

void Gate::meet(std::span<const Acceptance> ignores) {
  for (const Acceptance& acceptance : ignores) acceptances_.try_emplace(key_of(acceptance.where), false);
}

std::filesystem::path Gate::baseline_directory() const {
  return rules_.baseline ? rules_.baseline->directory() : rules_.directory;
}

std::vector<std::vector<Standing>> Gate::judge(std::span<const Finding> findings,
                                               std::span<const StateAtGate> states) {
  const std::filesystem::path base = baseline_directory();
  std::vector<Placed> placed;
  for (const StateAtGate& state : states) {
    placed.push_back(
        {state.ignores, {place_from(rules_.directory, *state.state)}, place_from(base, *state.state)});
    meet(state.ignores);
  }
  std::vector<std::vector<Standing>> standings;
  for (const Finding& finding : findings) {
    std::vector<Standing>& row = standings.emplace_back();
    for (const Placed& state : placed)
      row.push_back(standing_of({finding.rule.id(), finding.grade, finding.is_inherent}, state));
  }
  return standings;
}

std::vector<Standing> Gate::judge(const pipeline::Pipeline& pipeline,
                                  std::span<const pipeline::HazardFinding> hazards,
                                  std::span<const Acceptance> ignores) {
  has_pipeline_ = true;
  meet(ignores);
  std::vector<Standing> standings;
  for (const pipeline::HazardFinding& one : hazards) {
    const pipeline::Job& job = pipeline.jobs[one.hazard.job];
    std::vector<Acceptance> here;
    std::ranges::copy_if(ignores, std::back_inserter(here), [&](const Acceptance& acceptance) {
      return acceptance.where.file == job.file ||
             std::ranges::any_of(one.hazard.causes, [&](const pipeline::Cause& cause) {
               return cause.where.file == acceptance.where.file;
             });
    });
    Placed placed{here,
                  {{path_from(rules_.directory, job.file), ""}},
                  {path_from(baseline_directory(), job.file), job.name}};
    for (const pipeline::JobRun& run : job.runs) {
      for (const pipeline::Command& command : run.commands)
        placed.from_policy.push_back(
            {path_from(rules_.directory, pipeline.root / command.state.directory), ""});
    }
    standings.push_back(standing_of({one.id(), one.grade, false}, placed));
  }
  return standings;
}

bool Gate::was_looked_for(const KnownFinding& known) const {
  const auto is_here = [&](const std::string& path) { return lies_in(known.place.path, path); };
  if (pipeline::hazard_of_id(known.rule) != 0)
    return has_pipeline_ && (is_whole_ || std::ranges::any_of(audited_, is_here));
  const auto rule = rule_of_id(known.rule);
  const bool could_happen = rule && (needed_by(*rule->cause) & ~faults_) == 0;
  return could_happen && std::ranges::any_of(audited_, is_here);
}

GateReport Gate::report() const {
  GateReport report{rules_.fail_on, rules_.policy_file, "", rules_.today, date_decides_, {}, {}};
  if (rules_.baseline) {
    report.baseline_file = rules_.baseline->file;
    for (const auto& [known, where] : rules_.baseline->findings) {
      if (!found_.contains(known) && was_looked_for(known)) report.gone.push_back(known);
    }
  }
  if (faults_ != kAllAdversities) return report;
  std::map<Place, bool> acceptances = acceptances_;
  for (const Acceptance& acceptance : rules_.accept) {
    if (is_whole_) acceptances.try_emplace(key_of(acceptance.where), false);
  }
  for (const auto& [place, is_used] : acceptances) {
    const auto& [file, line, column] = place;
    if (!is_used) report.idle.push_back({file, line, column});
  }
  return report;
}

std::set<KnownFinding> Gate::all_known() const {
  std::set<KnownFinding> all = not_accepted_;
  if (!rules_.baseline) return all;
  for (const auto& [known, where] : rules_.baseline->findings) {
    if (!was_looked_for(known)) all.insert(known);
  }
  return all;
}

}  // namespace lockstorm::scenarios
