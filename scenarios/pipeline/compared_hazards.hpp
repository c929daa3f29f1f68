// Two pipelines side by side: which hazards go when the one becomes the other, which come, which stay.
#pragma once

#include <optional>
#include <vector>

#include "scenarios/findings/comparison.hpp"
#include "scenarios/pipeline/hazard_findings.hpp"

namespace lockstorm::scenarios::pipeline {

/// A pipeline as it was read; null: there are no CI files.
struct HazardsOfSide {
  const Pipeline* pipeline = nullptr;
  const std::vector<HazardFinding>* findings = nullptr;
};

struct ComparedHazard {
  Change change = Change::stays;
  Side side = Side::a;     ///< whose finding it is; of what both have, b's
  std::size_t number = 0;  ///< among the findings of that side
  /// Its grade on the other side. Where B's is graver, it comes; where it is less grave, it stays.
  std::optional<Grade> elsewhere;
};

/// All hazards of both, each once: what comes first, then what goes, then what stays; within these as they
/// were given. A hazard is the same on both sides if its job is: that of the same name in the same file, or
/// else, where one of the two was renamed, the one that is left in the file or of that name.
[[nodiscard]] std::vector<ComparedHazard> compare_hazards(const HazardsOfSide& a, const HazardsOfSide& b);

}  // namespace lockstorm::scenarios::pipeline
