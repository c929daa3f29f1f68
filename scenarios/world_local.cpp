// Worlds around the local backend (backend-protocols.md 3.10): jobs on one machine that share a directory.
#include "models/backends/local.hpp"
#include "scenarios/world_parts.hpp"

namespace lockstorm::scenarios {

void add_local(const Scenario& scenario, World& world, WorldParts& parts) {
  models::LocalFiles files;
  files.initial_state = initial_snapshot(scenario);
  const sim::ServiceRef<models::LocalFiles> disk{static_cast<std::uint8_t>(world.spec.services.size())};
  world.spec.services.push_back(sim::make_service(files));

  parts.cloud.index = static_cast<std::uint8_t>(world.spec.services.size());
  parts.has_cloud = true;
  const auto existing = files.initial_state.exists() ? scenario.client.resources : std::uint8_t{0};
  world.spec.services.push_back(sim::make_service(models::Cloud{existing}));

  const auto backend = std::make_shared<const models::LocalBackend>(scenario.client.tool, disk);
  world.backend = backend;
  parts.has_lock = true;

  models::ApplyOptions apply;
  apply.resources = scenario.client.resources;
  apply.lock_timeout = scenario.client.lock_timeout;
  apply.runs = scenario.client.runs;
  apply.takes_interrupts = scenario.faults[sim::Fault::interrupt] > 0;
  apply.manager = models::StateManager::filesystem;
  apply.persists_every_step = scenario.client.tool == models::Dialect::terraform;
  const auto cloud = parts.cloud;
  parts.client_body = [backend, cloud, apply](sim::Process& self) {
    run_applies(self, *backend, cloud, apply);
  };
  parts.stored_state = [index = disk.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::LocalFiles::Value>(end.services[index]).contents;
  };
}

}  // namespace lockstorm::scenarios
