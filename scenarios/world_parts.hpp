// What each backend contributes to a world.
#pragma once

#include <functional>

#include "models/cloud/cloud.hpp"
#include "models/services/jobs.hpp"
#include "models/terraform/command.hpp"
#include "scenarios/world.hpp"

namespace lockstorm::scenarios {

struct WorldParts {
  sim::Process::Body client_body;
  sim::ServiceRef<models::Cloud> cloud{0};
  bool has_cloud = false;
  bool has_lock = false;
  /// Reads the stored state without any client: what an operator sees after everything has settled. Filled
  /// from the service values of an end state.
  std::function<models::StateSnapshot(const sim::ValuePool&, const sim::EndState&)> stored_state;
};

models::StateSnapshot initial_snapshot(const Scenario& scenario);

/// Adds the cloud with the resources that `initial` records, and lets every client run `apply` on the
/// backend, which is the world's from then on.
void add_applies(const Scenario& scenario, const models::StateSnapshot& initial,
                 std::shared_ptr<const models::Backend> backend, models::CommandOptions apply, World& world,
                 WorldParts& parts);

void add_s3(const Scenario& scenario, World& world, WorldParts& parts);
void add_local(const Scenario& scenario, World& world, WorldParts& parts);
void add_lock_table(const Scenario& scenario, World& world, WorldParts& parts);

}  // namespace lockstorm::scenarios
