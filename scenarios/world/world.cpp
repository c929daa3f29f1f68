#include "scenarios/world/world.hpp"

#include <algorithm>
#include <array>

#include "scenarios/world/end_checks.hpp"
#include "scenarios/world/endings.hpp"
#include "scenarios/world/fleets.hpp"
#include "scenarios/world/initial_lock.hpp"
#include "scenarios/world/lock_sharers.hpp"
#include "scenarios/world/people.hpp"
#include "scenarios/world/rights.hpp"
#include "scenarios/world/world_parts.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::scenarios {

using checkers::Property;
using checkers::PropertySet;

namespace {

static_assert(sim::kCountOf<Property> == checkers::kProperties);  // `checkers` cannot count them itself

// Without an approval there is nothing to compare with what is applied.
bool somebody_approves(const Scenario& scenario) {
  return scenario.orchestrator && std::ranges::any_of(scenario.all_fleets(), [](const Fleet& fleet) {
           return runs_command(fleet.client, models::Command::approve);
         });
}

// Clients of one state at once.
bool some_state_has_several(const Scenario& scenario) {
  std::array<unsigned, 2> clients{};
  for (const Fleet& fleet : scenario.all_fleets())
    clients.at(fleet.client.is_other_state ? 1 : 0) += fleet.client.count;
  return std::ranges::any_of(clients, [](unsigned count) { return count > 1; });
}

PropertySet applicable_properties(const Scenario& scenario, const WorldParts& parts) {
  PropertySet set{Property::no_lost_update, Property::state_integrity, Property::progress};
  if (somebody_approves(scenario)) set.insert(Property::approved_is_applied);
  const bool starts_anew = std::ranges::any_of(scenario.all_fleets(),
                                               [](const Fleet& fleet) { return fleet.client.restarts > 0; });
  if (some_state_has_several(scenario) || starts_anew) set.insert(Property::mutual_exclusion);
  if (parts.has_cloud) set.insert(Property::no_drift);
  if (parts.has_lock)
    set |= {Property::exclusive_effects, Property::own_lock_only, Property::stale_lock_recovery,
            Property::lock_released};
  return set - parts.meaningless;
}

// What `end_checks` decides, wholly or in part.
PropertySet judged_at_endings(const WorldParts& parts) {
  PropertySet set{Property::state_integrity, Property::stale_lock_recovery, Property::progress,
                  Property::no_drift, Property::lock_released};
  if (parts.moved_state) set.insert(Property::no_lost_update);
  return set;
}

bool somebody_imports(const Scenario& scenario) {
  return std::ranges::any_of(scenario.all_fleets(), [](const Fleet& fleet) {
    return runs_command(fleet.client, models::Command::import);
  });
}

bool applies_earlier_plan(const ClientSettings& client) {
  const auto applies = std::ranges::find(client.commands, models::Command::apply_plan);
  const auto plans = std::ranges::find(client.commands, models::Command::plan_out);
  return applies < plans;
}

}  // namespace

void add_bystanders(World& world, std::string_view name, sim::Process::Body body, std::uint8_t count) {
  const bool are_there = std::ranges::any_of(
      world.spec.classes, [&](const sim::ProcessClass& some) { return some.name == name; });
  if (count > 0 && !are_there) world.spec.classes.push_back({std::string(name), std::move(body), count, 0});
}

models::StateSnapshot initial_snapshot(const Scenario& scenario) {
  if (scenario.initial == InitialState::empty || scenario.begins) return {};
  models::StateSnapshot snapshot;
  snapshot.lineage = sim::Who::predecessor();
  snapshot.writer = sim::Who::predecessor();
  snapshot.serial = 1;
  const std::size_t recorded = scenario.recorded.value_or(
      static_cast<std::uint8_t>(scenario.resources() - (somebody_imports(scenario) ? 1 : 0)));
  for (std::size_t i = 0; i < recorded; ++i) snapshot.instance[i] = 1;
  return snapshot;
}

void add_applies(const Scenario& scenario, const models::StateSnapshot& initial,
                 std::shared_ptr<const models::Backend> backend, models::CommandOptions apply, World& world,
                 WorldParts& parts) {
  if (parts.is_destination) {
    parts.migrate_to = {backend, apply.manager};
    return;
  }
  models::Cloud model;
  model.existing = static_cast<std::uint8_t>(std::ranges::count(initial.instance, 1));
  if (somebody_imports(scenario)) model.unmanaged = static_cast<std::uint8_t>(scenario.resources() - 1);
  parts.unmanaged = model.unmanaged;
  parts.cloud = add_service(world, model);
  parts.has_cloud = true;

  const ClientSettings& client = scenario.client;
  apply.dialect = client.tool;
  apply.resources = client.resources;
  apply.lock_timeout = client.lock_timeout;
  apply.runs = client.runs;
  apply.takes_interrupts = scenario.faults[sim::Fault::interrupt] > 0;
  apply.commands = client.commands;
  apply.lock = client.lock;
  apply.reads_before_lock = client.reads_before_lock;
  apply.removes = client.removes;
  apply.retries = client.retries;
  apply.release = client.release;
  apply.orchestrated = parts.orchestrated;
  apply.shared_directory = parts.shared_directory;
  apply.remote_state = {client.is_other_state, world.places.has_two_states(), parts.reads.get(),
                        client.read_lock};
  // A plan file that no command of the client makes was made before.
  if (applies_earlier_plan(client)) apply.directory.plan = {true, initial};
  if (client.inherits && scenario.begins) apply.directory.errored = scenario.begins->errored;
  const auto moved = parts.migrate_to;
  apply.migrate_to = moved.backend.get();
  apply.migrate_to_manager = moved.manager;
  const auto cloud = parts.cloud;
  world.backend = backend;
  if (parts.wrap) backend = parts.wrap(backend);
  parts.script = client.commands;
  parts.client_body = [backend, moved, cloud, apply, reads = parts.reads](sim::Process& self) {
    run_commands(self, *backend, cloud, apply);
  };
}

namespace {

std::unique_ptr<World> build(const Scenario& scenario, WorldParts parts) {
  auto world = std::make_unique<World>();
  world->spec.budget = scenario.faults;
  world->spec.time.ticks = scenario.time.ticks;
  world->spec.time.servers_age = scenario.time.ticks > 0;
  world->spec.time.urgent = scenario.time.urgent;
  const auto sharers = std::make_shared<LockSharers>();
  if (scenario.lock_sharers > 0) parts.wrap = noticing_sharers(sharers, scenario.clients() == 1, parts.wrap);
  add_fleets(scenario, *world, parts);
  if (scenario.lock_sharers > 0) add_lock_sharers(scenario.lock_sharers, *sharers, *world);
  if (scenario.begins) begin_as(*scenario.begins, *world);
  begin_locked(scenario.initial_lock, *world);
  apply_rights(scenario, *world);
  add_people(scenario, *world);
  world->applicable = applicable_properties(scenario, parts);
  world->checked = scenario.check.value_or(PropertySet::all()) & world->applicable;
  world->judged_at_endings = judged_at_endings(parts);
  world->end_faults = make_end_faults(scenario, *world, parts);
  world->end_check = end_check_by(world->end_faults);
  return world;
}

}  // namespace

std::unique_ptr<World> build_world(const Scenario& scenario, const BackendWrap& wrap) {
  WorldParts parts;
  parts.wrap = wrap;
  return build(scenario, std::move(parts));
}

std::unique_ptr<World> build_timed_world(const Scenario& scenario) {
  WorldParts parts;
  parts.virtual_time = true;
  return build(scenario, std::move(parts));
}

}  // namespace lockstorm::scenarios
