// Worlds around the lock-table backend.
#include "scenarios/world_parts.hpp"
namespace lockstorm::scenarios {
void add_lock_table(const Scenario&, World&, WorldParts&) {}
}  // namespace lockstorm::scenarios
