// Two set-ups side by side: which findings go when the one becomes the other, which come, which stay.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "scenarios/findings/finding.hpp"

namespace lockstorm::scenarios {

enum class Side : std::uint8_t { a, b };

/// A set-up that was audited.
struct AuditedSetUp {
  std::span<const Scenario> configurations;  ///< all of the plan's, also those that were not verified
  std::span<const VerifyResult> results;
  std::span<const Finding> findings;
};

/// An audit does not look again at a property that less trouble violates already. Whether a finding of one
/// side is there on the other may hang on that.
struct ComparisonQuestion {
  Side side = Side::a;
  std::size_t configuration = 0;  ///< number among all of the plan's
  checkers::PropertySet check;
};

/// What has to be verified besides, ordered by side and configuration.
std::vector<ComparisonQuestion> comparison_questions(const AuditedSetUp& a, const AuditedSetUp& b);

enum class Change : std::uint8_t { goes, comes, stays, unknown };

struct ComparedFinding {
  Change change = Change::stays;
  Side side = Side::a;  ///< whose finding it is; of what both have, b's
  Finding finding;
  /// On the other side; nothing: the property means nothing there.
  std::optional<Verdict> elsewhere;
};

/// All findings of both, worst first; what one cause does to one property is one finding. `answers`: results
/// of the questions, in their order.
std::vector<ComparedFinding> compare_findings(const AuditedSetUp& a, const AuditedSetUp& b,
                                              std::span<const VerifyResult> answers);

}  // namespace lockstorm::scenarios
