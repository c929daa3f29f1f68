// Which edits of a backend block may rid a set-up of findings, and what it takes for one to count as better.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/campaigns/inventory.hpp"
#include "scenarios/findings/finding.hpp"
#include "scenarios/fixes/block_edit.hpp"

namespace lockstorm::scenarios {

struct Fix {
  std::string what;  ///< a clause: "a lock file beside the state"
  std::vector<ArgumentEdit> edits;
  std::string unsafe;  ///< what somebody has to know before he does it, a clause; empty: nothing
};

/// What could be edited in the backend block of a state, in the order in which it is worth trying. What is
/// edited already is not offered.
[[nodiscard]] std::vector<Fix> fixes_for(const AuditedState& state);

/// The configuration as it would be read after the edits.
[[nodiscard]] TerraformConfiguration after_edits(TerraformConfiguration configuration,
                                                 const std::vector<ArgumentEdit>& edits);

/// What an edit does to the findings of a set-up.
struct FixEffect {
  std::vector<Rule> gone;
  std::vector<Rule> come;
  std::optional<Grade> worst_gone;
  std::optional<Grade> worst_come;

  /// Something goes, and nothing comes that is as bad.
  [[nodiscard]] bool is_better() const;
};

[[nodiscard]] FixEffect effect_of(std::span<const Finding> before, std::span<const Finding> after);

}  // namespace lockstorm::scenarios
