// Worlds around the local backend (backend-protocols.md 3.10): jobs on one machine that share a directory.
#include "models/backends/local.hpp"
#include "scenarios/world_parts.hpp"

namespace lockstorm::scenarios {

void add_local(const Scenario& scenario, World& world, WorldParts& parts) {
  models::LocalFiles files;
  files.initial_state = initial_snapshot(scenario);
  const sim::ServiceRef<models::LocalFiles> disk{static_cast<std::uint8_t>(world.spec.services.size())};
  world.spec.services.push_back(sim::make_service(files));

  const auto backend = std::make_shared<const models::LocalBackend>(scenario.client.tool, disk);
  parts.has_lock = true;

  models::CommandOptions apply;
  apply.manager = models::StateManager::filesystem;
  apply.persists_every_step = scenario.client.tool == models::Dialect::terraform;
  add_applies(scenario, files.initial_state, backend, apply, world, parts);
  parts.stored_state = [index = disk.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::LocalFiles::Value>(end.services[index]).contents;
  };
}

}  // namespace lockstorm::scenarios
