#include "scenarios/aftermath.hpp"

#include "scenarios/alone.hpp"

namespace lockstorm::scenarios {

Aftermath find_aftermath(const World& world, const models::Backend& backend, sim::ValuePool& values,
                         const std::vector<sim::ValueId>& services) {
  Aftermath found;
  run_alone(world, values, services, {"visitor", 1}, [&](sim::Process& self) {
    const models::GetResult read = backend.get(self);
    found.readable = read.status;
    found.state = read.snapshot;
    const models::LockInfo lock = backend.shown_lock(self);
    found.lock_shown = !lock.empty();
    found.blocked = backend.is_blocked(self);
    if (!found.lock_shown) return;
    backend.evict(self, lock.id);
    found.lock_cleared = backend.shown_lock(self).empty();
    found.blocked = backend.is_blocked(self);
  });
  return found;
}

bool locked_by_record(const World& world, const sim::ValuePool& values,
                      const std::vector<sim::ValueId>& services) {
  sim::SlotSet holders = sim::kEverybody;
  for (std::size_t i = 0; i < services.size(); ++i)
    holders &= world.spec.services[i]->holders(values, services[i]);
  return holders != sim::kEverybody && holders != 0;
}

}  // namespace lockstorm::scenarios
