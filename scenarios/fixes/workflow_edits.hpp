// Which edits of CI files may rid a pipeline of a hazard: everything else in them stays as it is written.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scenarios/pipeline/hazard_findings.hpp"
#include "scenarios/pipeline/text_overlay.hpp"

namespace lockstorm::scenarios {

struct WorkflowEdit {
  std::string what;             ///< a clause: "a group for the state: tfstate-infra-prod"
  std::string price;            ///< what somebody has to know before he does it, a clause; empty: nothing
  pipeline::TextOverlay files;  ///< those that it changes, as they are after it
};

/// The text of a file, by the path as people are shown it; empty: there is none.
using TextOf = std::function<std::string(const std::string& file)>;

/// What could be edited against a hazard, in the order in which it is worth trying. Whether it helps, and
/// what else comes of it, is for others to find out by reading the pipeline again.
[[nodiscard]] std::vector<WorkflowEdit> edits_against(const pipeline::Pipeline& pipeline,
                                                      const pipeline::HazardFinding& finding,
                                                      const TextOf& text_of);

}  // namespace lockstorm::scenarios
