// What brings findings about: the troubles of the audit, each with the number that rule ids have for it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "models/terraform/operator.hpp"
#include "sim/faults.hpp"

namespace lockstorm::scenarios {

struct Scenario;

/// How a violation comes about. Everything that findings and rules say of it hangs on this.
struct Cause {
  std::uint8_t number = 0;    ///< the last two digits of rule ids; never given to another one
  std::string_view name;      ///< as files and pages say it: "crash, then force-unlock"
  bool first_apply = false;   ///< only where there is no state yet
  sim::FaultBudget faults{};  ///< what goes wrong
  std::optional<models::UnlockTarget> force_unlock{};  ///< whose lock an operator removes

  [[nodiscard]] unsigned adverse_events() const;
  /// Whatever can come about by it can come about by the other one, too.
  [[nodiscard]] bool is_part_of(const Cause& other) const;
};

/// One for each trouble that audits try; in the order of their numbers.
std::span<const Cause> causes();

/// The one with that number, or null.
const Cause* cause_numbered(unsigned number);

/// The one that a configuration of an audit declares. Every configuration of an audit has one.
const Cause& cause_of(const Scenario& configuration);

}  // namespace lockstorm::scenarios
