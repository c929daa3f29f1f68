// Where worlds end, as places for others to begin: every different thing that a world may leave to those who
// come later.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "scenarios/data/beginning.hpp"
#include "scenarios/world/aftermath.hpp"
#include "scenarios/world/world.hpp"

namespace lockstorm::scenarios {

struct WorldEnding {
  Beginning left;
  Aftermath found;  ///< by whoever looks at it then, in the first fleet's way
  /// The same errored.tfstate as in `left`, in the names that `found` has.
  models::StateSnapshot errored;
  bool locked = false;  ///< by the servers' record, shown or not
  /// Real objects, by address: bit i is instance i + 1.
  std::array<std::uint8_t, models::kMaxResources> live{};

  [[nodiscard]] bool is_live(std::size_t address, std::uint8_t instance) const {
    return instance != 0 && (live[address] >> (instance - 1U) & 1U) != 0;
  }
};

/// Every ending of the scenario that leaves something else behind than the others, numbered in an order that
/// only depends on what is left. Nothing is in flight in any: what a dead job had sent has arrived or is
/// lost. `long_ago`: leases have run out besides. Or why they were not all found, a clause.
std::expected<std::vector<WorldEnding>, std::string> endings_of(const Scenario& scenario,
                                                                bool long_ago = false);

/// The server as it is when it begins with that value.
std::shared_ptr<const sim::AnyService> beginning_with(std::shared_ptr<const sim::AnyService> service,
                                                      sim::InheritedValue value);

/// Lets the servers of a world begin with what that world has left.
void begin_as(const Beginning& beginning, World& world);

}  // namespace lockstorm::scenarios
