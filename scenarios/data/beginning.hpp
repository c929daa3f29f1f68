// What a world finds when it begins: what another one has left when it had ended.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/state/state_snapshot.hpp"
#include "sim/value.hpp"

namespace lockstorm::scenarios {

/// What one server holds.
struct InheritedService {
  std::string name;  ///< of its model; servers of one name are told apart by their order
  sim::InheritedValue value;
  friend bool operator==(const InheritedService&, const InheritedService&) = default;
};

/// Servers of a world that has ended, by their names; whoever worked there is an earlier run to everybody
/// now. A server that the later world has and the earlier one had not begins empty.
struct Beginning {
  std::string after;         ///< the name of the earlier world's scenario
  std::uint32_t ending = 0;  ///< which of its endings it is, of those that differ (endings.hpp)
  /// So long ago that leases have run out and sessions of ended jobs are closed.
  bool long_ago = false;
  std::vector<InheritedService> services;
  /// errored.tfstate in the working directory of the earlier world's first job, or of that before it; absent:
  /// there is none.
  models::StateSnapshot errored;
};

/// Everything about it that changes what is simulated.
std::string canonical_text(const Beginning& beginning);

/// "after/3/NAME/then/": what the name of a scenario that begins there begins with.
std::string name_prefix(const Beginning& beginning);

}  // namespace lockstorm::scenarios
