// One mutant against the strategies of random search and against the explorer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/league/mutants.hpp"
#include "scenarios/data/scenario.hpp"
#include "scenarios/hunt/lane.hpp"

namespace lockstorm::league {

/// The control's scenario, which the library has to have.
scenarios::Scenario scenario_of(const Control& control);

/// What the explorer proves of a control: the properties that a mutant of it is to break.
checkers::PropertySet proved(const scenarios::Scenario& control);

struct Trial {
  bool killed = false;
  std::uint64_t runs =
      0;               ///< complete schedules until the first that breaks something, or all that were made
  double seconds = 0;  ///< never part of a verdict
};

/// What the explorer says of a mutant.
struct Exploration {
  bool killed = false;
  bool complete = false;  ///< false and not killed: too large to say
  std::size_t states = 0;
  double seconds = 0;
};

class Contest {
 public:
  /// The mutated world of `control`; without a mutation, the control itself.
  Contest(const scenarios::Scenario& control, checkers::PropertySet wanted, const Mutation& mutation);

  /// Sixteen lanes, one run of each in turn, as a campaign's are.
  Trial search(const std::vector<std::string>& strategies, std::uint64_t seed, std::uint64_t most_runs);
  [[nodiscard]] Exploration explore() const;

 private:
  scenarios::Scenario control_;
  checkers::PropertySet wanted_;
  std::unique_ptr<scenarios::World> world_;
  scenarios::HuntWorker worker_;
  sim::RunShape shape_;
};

}  // namespace lockstorm::league
