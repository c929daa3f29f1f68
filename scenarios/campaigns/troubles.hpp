// The one table of what may trouble the jobs of a configuration; the audit and the matrix ask the same
// questions because both read it.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "models/terraform/operator.hpp"
#include "scenarios/data/adversity.hpp"
#include "sim/faults.hpp"

namespace lockstorm::scenarios {

struct Scenario;

struct Trouble {
  std::vector<sim::Fault> faults;                    ///< one that stands twice may strike twice
  std::optional<models::UnlockTarget> force_unlock;  ///< an operator removes one lock
  bool first_apply = false;  ///< on no state: resources are created, and so may be the state's place
  /// Three jobs where nobody says that there are more: without adverse events they are cheap, and some races
  /// need a third.
  bool three_jobs = false;

  /// A force-unlock counts as one.
  [[nodiscard]] unsigned adverse_events() const;
  /// The kinds of trouble that one must expect to meet it.
  [[nodiscard]] Adversities needs() const;
};

/// In order of rising number of adverse events.
std::span<const Trouble> troubles();

/// Makes the scenario one in which that may happen; its jobs and backend are there already.
void add_trouble(Scenario& scenario, const Trouble& trouble);

/// The scenario, whose jobs and backend are there already, as an audit and the matrix put it through that
/// trouble: with what the backend has to add, and under the name that replay strings need no file for.
Scenario audit_configuration(Scenario scenario, const Trouble& trouble);

}  // namespace lockstorm::scenarios
