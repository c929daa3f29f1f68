// Two configurations compared, as text and as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/campaigns/audit_answer.hpp"
#include "reports/format/style.hpp"
#include "scenarios/campaigns/paired_states.hpp"
#include "scenarios/campaigns/roll_out.hpp"
#include "scenarios/findings/comparison.hpp"
#include "scenarios/pipeline/compared_hazards.hpp"

namespace lockstorm::reports {

/// What was found out about states that have one set-up in A and one in B.
struct ComparedPair {
  scenarios::PairedStates states;
  std::vector<scenarios::ComparedFinding> findings;
  std::optional<scenarios::RollOutPlan> plan;   ///< nothing: nobody asked
  std::vector<scenarios::VerifyResult> worlds;  ///< of the plan
  scenarios::JudgedRollOut judged;              ///< refers to `worlds`
};

struct CompareAnswer {
  std::string name_a;
  std::string name_b;
  std::vector<AuditAnswer> a;  ///< one for each set-up
  std::vector<AuditAnswer> b;
  std::vector<ComparedPair> pairs;
  std::vector<scenarios::UnpairedState> only_in_a;
  std::vector<scenarios::UnpairedState> only_in_b;
  std::vector<scenarios::InputError> complaints;
  /// The CI files of each side; nothing: there are none, or they are the same.
  std::optional<PipelineInAudit> pipeline_a;
  std::optional<PipelineInAudit> pipeline_b;
  std::vector<scenarios::pipeline::ComparedHazard> hazards;  ///< of both

  /// The worst grade of what comes, or of what is not known to stay away; nothing: nothing of the kind.
  /// What no backend can prevent does not count.
  [[nodiscard]] std::optional<scenarios::Grade> worst(scenarios::Change change) const;
};

/// The crossings of which people are shown a schedule, with the world and the property that it is of.
struct ShownCrossing {
  std::size_t crossing = 0;
  std::size_t world = 0;  ///< number among the crossing's
  checkers::Property property{};
};
std::vector<ShownCrossing> shown_crossings(const ComparedPair& pair);

/// "B turns 3 findings (1 critical, 2 high) and opens none." of one pair, or of all.
std::string comparison_sentence(const CompareAnswer& answer, const ComparedPair* pair);

/// The verdict, the findings that go, come and stay, and the roll-out with a schedule for each unsafe way.
std::string text_comparison(const CompareAnswer& answer, const Style& style);

/// "1 hazard of the pipeline comes (high), 2 go (1 high, 1 medium)."; empty: there are no CI files to
/// compare.
std::string hazards_sentence(const CompareAnswer& answer);

/// Hazards that come and go, each with its causes; those that stay by their ids.
std::string text_compared_hazards(const CompareAnswer& answer, const Style& style);

/// What a compared hazard is, in a sentence.
std::string hazard_sentence(const CompareAnswer& answer, const scenarios::pipeline::ComparedHazard& hazard);

/// The finding of its side, and the job that it is about.
const scenarios::pipeline::HazardFinding& finding_of(const CompareAnswer& answer,
                                                     const scenarios::pipeline::ComparedHazard& hazard);
const scenarios::pipeline::Job& job_of(const CompareAnswer& answer,
                                       const scenarios::pipeline::ComparedHazard& hazard);

/// A line for each pair, and one for the pipeline.
std::string short_comparison(const CompareAnswer& answer, const Style& style);

/// Which states a pair stands for; the root itself is called as it was given.
std::vector<std::string> states_of(const CompareAnswer& answer, const ComparedPair& pair);

/// One page: what comes, goes and stays, each with its run, and which ways of rolling out are safe.
std::string html_comparison(const CompareAnswer& answer);

/// {"compare": {...}, "results": [the worlds of which a schedule is shown]}.
std::string json_comparison(const CompareAnswer& answer);

}  // namespace lockstorm::reports
