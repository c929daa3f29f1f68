#include "scenarios/world/initial_lock.hpp"

#include "scenarios/world/alone.hpp"
#include "scenarios/world/endings.hpp"
#include "scenarios/world/people.hpp"

namespace lockstorm::scenarios {

void begin_locked(InitialLock kind, World& world) {
  if (kind == InitialLock::none) return;
  world.needs_people = true;
  sim::ValuePool values;
  std::vector<sim::ValueId> services;
  for (const auto& service : world.spec.services) services.push_back(service->initial(values));
  const auto backend = world.locking_backend ? world.locking_backend : world.backend;
  const models::Stores stores = stores_of(world);
  services = run_alone(world, values, services, {"earlier", 1}, [&](sim::Process& self) {
    if (kind == InitialLock::nameless) {
      stores.leave_nameless_lock(self);
    } else {
      backend->lock(self, {{sim::Who::me(), 0}, models::LockOperation::apply});
    }
  });
  // Its sessions and connections have ended with it, as far as a server notices.
  const auto slot = static_cast<sim::Slot>(world.spec.process_count() + 1);
  sim::EarlierNames names;
  for (std::size_t i = 0; i < services.size(); ++i) {
    const sim::ValueId left = world.spec.services[i]->process_ended(values, services[i], slot);
    world.spec.services[i] = beginning_with(world.spec.services[i], values.inherited(left, names));
  }
}

}  // namespace lockstorm::scenarios
