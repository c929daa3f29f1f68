// The one table of what may trouble the jobs of a configuration; the audit and the matrix ask the same
// questions because both read it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "models/terraform/operator.hpp"
#include "scenarios/data/adversity.hpp"
#include "sim/faults.hpp"

namespace lockstorm::scenarios {

struct Scenario;

/// What may go wrong, and on what state. Everything that findings and rules say of how a violation comes
/// about hangs on this.
struct Trouble {
  std::uint8_t number = 0;    ///< the last two digits of rule ids; never given to another one
  std::string_view name;      ///< as files and pages say it: "killed job, then force-unlock"
  sim::FaultBudget faults{};  ///< what goes wrong
  std::optional<models::UnlockTarget> force_unlock{};  ///< whose lock an operator removes; one
  bool first_apply = false;  ///< on no state: resources are created, and so may be the state's place
  /// Three jobs where nobody says that there are more: without adverse events they are cheap, and some races
  /// need a third.
  bool three_jobs = false;

  /// A force-unlock counts as one.
  [[nodiscard]] constexpr unsigned adverse_events() const {
    return faults.total() + (force_unlock ? 1U : 0U);
  }
  /// The kinds of trouble that one must expect to meet it.
  [[nodiscard]] Adversities needs() const;
  /// Whatever can come about by it can come about by the other one, too.
  [[nodiscard]] bool is_part_of(const Trouble& other) const;
};

/// In order of their numbers, and of rising number of adverse events.
std::span<const Trouble> troubles();

/// What befalls jobs only where their pipeline brings it about; no audit asks for it without one. Its first
/// apply has the next number.
inline constexpr std::uint8_t kUnlockOfRunning = 38;

/// The one with that number, be it one that only pipelines bring about; or null.
const Trouble* trouble_numbered(unsigned number);

/// The one that a configuration of an audit declares. Every configuration of an audit has one.
const Trouble& trouble_of(const Scenario& configuration);

/// Makes the scenario one in which that may happen; its jobs and backend are there already.
void add_trouble(Scenario& scenario, const Trouble& trouble);

/// The scenario, whose jobs and backend are there already, as an audit and the matrix put it through that
/// trouble: with what the backend has to add, and under the name that replay strings need no file for.
Scenario audit_configuration(Scenario scenario, const Trouble& trouble);

}  // namespace lockstorm::scenarios
