#include "scenarios/world.hpp"

#include "scenarios/end_checks.hpp"
#include "scenarios/world_parts.hpp"

namespace lockstorm::scenarios {

using checkers::Property;
using checkers::property_bit;
using checkers::PropertySet;

namespace {

constexpr sim::FaultMask kAllFaults = 0xFFFF;

PropertySet applicable_properties(const Scenario& scenario, const WorldParts& parts) {
  PropertySet set = 0;
  const auto add = [&set](Property property) {
    set = static_cast<PropertySet>(set | property_bit(property));
  };
  add(Property::mutual_exclusion);
  add(Property::no_lost_update);
  add(Property::state_integrity);
  if (parts.has_cloud) add(Property::no_drift);
  add(Property::progress);
  if (parts.has_lock) {
    add(Property::exclusive_effects);
    add(Property::own_lock_only);
    add(Property::stale_lock_recovery);
  }
  if (scenario.client.count < 2)
    set = static_cast<PropertySet>(set & ~property_bit(Property::mutual_exclusion));
  return static_cast<PropertySet>(set & ~parts.meaningless);
}

}  // namespace

models::StateSnapshot initial_snapshot(const Scenario& scenario) {
  if (scenario.initial == InitialState::empty) return {};
  models::StateSnapshot snapshot;
  snapshot.lineage = sim::Who::predecessor();
  snapshot.writer = sim::Who::predecessor();
  snapshot.serial = 1;
  for (std::size_t i = 0; i < scenario.client.resources; ++i) snapshot.instance[i] = 1;
  return snapshot;
}

void add_applies(const Scenario& scenario, const models::StateSnapshot& initial,
                 std::shared_ptr<const models::Backend> backend, models::CommandOptions apply, World& world,
                 WorldParts& parts) {
  const auto existing = initial.exists() ? scenario.client.resources : std::uint8_t{0};
  parts.cloud = add_service(world, models::Cloud{existing});
  parts.has_cloud = true;

  apply.dialect = scenario.client.tool;
  apply.resources = scenario.client.resources;
  apply.lock_timeout = scenario.client.lock_timeout;
  apply.runs = scenario.client.runs;
  apply.takes_interrupts = scenario.faults[sim::Fault::interrupt] > 0;
  const auto cloud = parts.cloud;
  world.backend = backend;
  parts.client_body = [backend, cloud, apply](sim::Process& self) {
    run_commands(self, *backend, cloud, apply);
  };
}

std::unique_ptr<World> build_world(const Scenario& scenario) {
  auto world = std::make_unique<World>();
  world->spec.budget = scenario.faults;
  world->spec.time.ticks = scenario.time.ticks;
  world->spec.time.urgent = scenario.time.urgent;
  WorldParts parts;
  parts.has_lock = scenario.backend->has_lock();
  scenario.backend->build(scenario, *world, parts);

  world->spec.classes.insert(world->spec.classes.begin(),
                             {"client", parts.client_body, scenario.client.count, kAllFaults});
  if (scenario.force_unlock.force_unlock > 0) {
    const models::UnlockTarget target = scenario.force_unlock.target;
    const auto jobs = sim::ServiceRef<models::Jobs>{static_cast<std::uint8_t>(world->spec.services.size())};
    // An operator who removes anybody's lock asks nobody; an unused service would only multiply states.
    if (target != models::UnlockTarget::any)
      world->spec.services.push_back(sim::make_service(models::Jobs{}));
    const auto backend = world->backend;
    world->spec.classes.push_back(
        {"operator",
         [backend, jobs, target](sim::Process& self) { run_force_unlock(self, *backend, jobs, target); },
         scenario.force_unlock.force_unlock, 0});
  }
  world->applicable = applicable_properties(scenario, parts);
  world->checked =
      scenario.check ? static_cast<PropertySet>(*scenario.check & world->applicable) : world->applicable;
  world->end_check = make_end_check(scenario, *world, parts);
  return world;
}

}  // namespace lockstorm::scenarios
