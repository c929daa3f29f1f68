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
  /// Properties that mean nothing on this backend, besides those that need a lock or a cloud it has not.
  checkers::PropertySet meaningless = 0;
  /// Reads the stored state without any client: what an operator sees after everything has settled. Filled
  /// from the service values of an end state.
  std::function<models::StateSnapshot(const sim::ValuePool&, const sim::EndState&)> stored_state;
};

/// Adds a service of that model; the reference is what processes call it by.
template <class Model>
sim::ServiceRef<Model> add_service(World& world, const Model& model) {
  const sim::ServiceRef<Model> reference{static_cast<std::uint8_t>(world.spec.services.size())};
  world.spec.services.push_back(sim::make_service(model));
  return reference;
}

models::StateSnapshot initial_snapshot(const Scenario& scenario);

/// Adds the cloud with the resources that `initial` records, and lets every client run `apply` on the
/// backend, which is the world's from then on.
void add_applies(const Scenario& scenario, const models::StateSnapshot& initial,
                 std::shared_ptr<const models::Backend> backend, models::CommandOptions apply, World& world,
                 WorldParts& parts);

}  // namespace lockstorm::scenarios
