// The gate: which findings fail an audit, by what its repository has decided and what it knows already.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "scenarios/campaigns/inventory.hpp"
#include "scenarios/findings/finding.hpp"
#include "scenarios/gate/baseline.hpp"
#include "scenarios/gate/policy.hpp"
#include "scenarios/gate/standing.hpp"
#include "scenarios/pipeline/hazard_findings.hpp"

namespace lockstorm::scenarios {

struct GateRules {
  FailOn fail_on{};
  std::string policy_file{};             ///< as people are shown it; empty: there is none
  std::filesystem::path directory{"."};  ///< that globs of acceptances begin in
  std::vector<Acceptance> accept{};
  std::optional<Baseline> baseline{};
  std::chrono::year_month_day today{};  ///< decides what has expired
};

/// A state, and the acceptances that stand in its files.
struct StateAtGate {
  const AuditedState* state = nullptr;
  std::vector<Acceptance> ignores{};
};

/// What the gate says of a whole run, beside the standings.
struct GateReport {
  FailOn fail_on{};
  std::string policy_file{};
  std::string baseline_file{};
  std::chrono::year_month_day today{};
  bool date_decides = false;             ///< some acceptance that is about a finding holds for a time only
  std::vector<KnownFinding> gone{};      ///< are in the baseline, and were looked for in vain
  std::vector<SourceLocation> idle{};    ///< acceptances that are about nothing that was found
  std::optional<std::size_t> written{};  ///< how many findings the new baseline has
};

/// Judges the findings of one run.
class Gate {
 public:
  /// `audited`: the paths that the run is about; `faults`: what it expects of the world. What lies or happens
  /// elsewhere is not looked for.
  Gate(GateRules rules, std::span<const std::filesystem::path> audited, Adversities faults);

  /// How each finding of a set-up stands in each of its states, in this order: it is inherent; somebody has
  /// accepted it; somebody had for a time, and it is at or above what fails; it is in the baseline; it is
  /// below what fails; it fails. Of several acceptances the one that holds longest counts.
  std::vector<std::vector<Standing>> judge(std::span<const Finding> findings,
                                           std::span<const StateAtGate> states);

  /// The same for the hazards of a pipeline, whose file and job are their state: acceptances of the policy
  /// are about them by a glob of their file, or of the directory of a state that the job works on. `ignores`:
  /// those in the files of the pipeline, each in its file.
  std::vector<Standing> judge(const pipeline::Pipeline& pipeline,
                              std::span<const pipeline::HazardFinding> hazards,
                              std::span<const Acceptance> ignores);

  /// After all set-ups, and the pipeline, were judged.
  [[nodiscard]] GateReport report() const;
  /// What a baseline has to hold so that nothing of this run is new: all that was found, but for what is
  /// inherent or accepted; and of the old one what was not looked for.
  [[nodiscard]] std::set<KnownFinding> all_known() const;

 private:
  using Place = std::tuple<std::string, unsigned, unsigned>;  ///< of an acceptance

  /// What is judged.
  struct Judged {
    std::string rule;
    Grade grade{};
    bool is_inherent = false;
  };

  /// Where.
  struct Placed {
    std::span<const Acceptance> ignores{};
    std::vector<StatePlace> from_policy{};  ///< all that it is called; one matches
    StatePlace from_baseline{};
  };

  Standing standing_of(const Judged& finding, const Placed& place);
  const Acceptance* acceptance_for(const Judged& finding, const Placed& place);
  void meet(std::span<const Acceptance> ignores);
  [[nodiscard]] std::filesystem::path baseline_directory() const;
  [[nodiscard]] bool was_looked_for(const KnownFinding& known) const;

  GateRules rules_;
  Adversities faults_;
  std::vector<std::string> audited_;  ///< as seen from the baseline's directory
  bool is_whole_ = false;             ///< all that the policy is about is audited
  bool has_pipeline_ = false;         ///< CI files were looked at
  bool date_decides_ = false;
  std::set<KnownFinding> found_;  ///< but for what is inherent
  std::set<KnownFinding> not_accepted_;
  std::map<Place, bool> acceptances_;  ///< all that were met, and whether they are about something
};

}  // namespace lockstorm::scenarios
