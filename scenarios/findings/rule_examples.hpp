// The table scenarios/library/rules.txt: for each rule that finds something somewhere in the matrix, the
// simplest configuration that shows it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "scenarios/data/scenario.hpp"
#include "scenarios/findings/rules.hpp"

namespace lockstorm::scenarios {

struct RuleExample {
  std::string_view id;             ///< "LS-S3-310"
  std::string_view configuration;  ///< "audit/terraform/s3+lockfile/jobs=2/late_request"
};

/// Sorted by id. The test RulePages holds it to the models.
const std::vector<RuleExample>& rule_examples();

/// A scenario that checks the rule's property, and violates it; nothing where the matrix has none.
std::optional<Scenario> example_of(const Rule& rule);

}  // namespace lockstorm::scenarios
