// What an audit reports: one finding for each way in which a property is violated, graded.
#pragma once

#include <span>
#include <vector>

#include "scenarios/campaigns/audit.hpp"
#include "scenarios/findings/grades.hpp"
#include "scenarios/findings/rules.hpp"

namespace lockstorm::scenarios {

struct Finding {
  Rule rule;
  Occurrence occurrence{};
  Harm harm{};
  Grade grade{};
  bool is_inherent = false;       ///< no backend can prevent it
  std::size_t configuration = 0;  ///< number of the result that shows it
};

/// All that was found in a set-up, worst first: by grade, then by how little it takes; what is inherent last.
std::vector<Finding> findings_of(const AuditPlan& plan, std::span<const VerifyResult> results,
                                 std::span<const AuditFinding> answers);

}  // namespace lockstorm::scenarios
