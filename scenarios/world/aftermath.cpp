#include "scenarios/world/aftermath.hpp"

#include "scenarios/world/alone.hpp"

namespace lockstorm::scenarios {
namespace {

// A lock of two parts (backend-protocols.md 3.3.3) may show two ids, one after the other: force-unlock frees
// the part that has the id and complains about the other, whose id the next message shows.
constexpr unsigned kLockParts = 2;

bool clear(const models::Backend& backend, sim::Process& self, models::LockId shown) {
  for (unsigned part = 0; part < kLockParts; ++part) {
    backend.evict(self, shown);
    const models::LockInfo left = backend.shown_lock(self);
    if (left.empty()) return true;
    if (left.id == shown) return false;
    shown = left.id;
  }
  return false;
}

}  // namespace

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
    found.lock_cleared = clear(backend, self, lock.id);
    found.blocked = backend.is_blocked(self);
  });
  return found;
}

bool locked_by_record(const World& world, const sim::ValuePool& values,
                      const std::vector<sim::ValueId>& services) {
  const auto is_lock = [](sim::SlotSet holders) { return holders != sim::kEverybody && holders != 0; };
  const std::vector<ServicePlaces::Place>& places = world.places.all();
  sim::SlotSet holders = sim::kEverybody;
  if (!world.places.has_destination()) {
    for (std::size_t i = 0; i < services.size(); ++i)
      holders &= world.spec.services[i]->holders(values, services[i]);
    return is_lock(holders);
  }
  // What one place says of its lock is nothing to the other.
  for (std::uint8_t site = 0; site < ServicePlaces::kSites; ++site) {
    holders = sim::kEverybody;
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (places[i].site == site && places[i].keeps_lock)
        holders &=
            world.spec.services[i]->recorded_holders(values, services[i]) | places[i].lock_elsewhere_here;
    }
    if (is_lock(holders)) return true;
  }
  return false;
}

}  // namespace lockstorm::scenarios
