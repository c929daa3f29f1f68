// What each backend contributes to a world.
#pragma once

#include <functional>

#include "models/cloud/cloud.hpp"
#include "models/services/jobs.hpp"
#include "models/terraform/command.hpp"
#include "scenarios/world/world.hpp"

namespace lockstorm::scenarios {

/// The stored state as one of an end state's services has it.
using StoredState = std::function<models::StateSnapshot(const sim::ValuePool&, const sim::EndState&)>;

/// The client side of the backend that a migration goes to.
struct MigrationSide {
  std::shared_ptr<const models::Backend> backend;
  models::StateManager manager = models::StateManager::remote;
};

struct WorldParts {
  sim::Process::Body client_body;
  std::vector<models::Command> script;  ///< the commands that the body marks; none: it marks nothing
  sim::ServiceRef<models::Cloud> cloud{0};
  bool has_cloud = false;
  bool has_lock = false;
  /// Properties that mean nothing on this backend, besides those that need a lock or a cloud it has not.
  checkers::PropertySet meaningless;
  /// Reads the stored state without any client: what an operator sees after everything has settled. Filled
  /// from the service values of an end state.
  StoredState stored_state;
  /// Same, of the place that a migration goes to, if it is another one.
  StoredState moved_state;
  /// The second state of a world that has two, and what its jobs have created.
  StoredState other_state;
  sim::ServiceRef<models::Cloud> other_cloud{0};
  /// What the jobs read of the state that is not theirs.
  std::shared_ptr<const models::Backend> reads;
  std::optional<models::Orchestrated> orchestrated;
  std::optional<sim::ServiceRef<models::SharedDirectory>> shared_directory;
  /// The last address exists, and no state knows it.
  std::optional<std::uint8_t> unmanaged;
  /// What is built is where a migration goes to: no clients are added, `migrate_to` is filled.
  bool is_destination = false;
  /// Where this backend's client keeps what it remembers: another cell than that of any backend which the
  /// same processes use.
  sim::Cell memory{};
  MigrationSide migrate_to;
  BackendWrap wrap;           ///< may be empty
  bool virtual_time = false;  ///< it is `build_timed_world`'s
};

/// Adds a service of that model, or finds the one that a fleet before has added; the reference is what
/// processes call it by.
template <class Model>
sim::ServiceRef<Model> add_service(World& world, const Model& model) {
  return {world.places.place(world.spec, sim::make_service(model))};
}

/// Adds a table of locks and digests, or finds the one that a fleet before has added whose block names the
/// same. Another than the first fleet's is new: it has no digest of the state, which nobody compares then.
template <class Model>
sim::ServiceRef<Model> add_lock_table(World& world, Model model, const ClientSettings& client) {
  if (client.lock_table != 0) model.initial_digest = {};
  return {world.places.place(world.spec, sim::make_service(model), client.lock_table)};
}

/// Adds processes that no fault befalls beside the clients, unless a fleet before has added those of that
/// name.
void add_bystanders(World& world, std::string_view name, sim::Process::Body body, std::uint8_t count);

models::StateSnapshot initial_snapshot(const Scenario& scenario);

/// Adds the cloud with the resources that `initial` records, and lets every client run its commands on the
/// backend, which is the world's from then on.
void add_applies(const Scenario& scenario, const models::StateSnapshot& initial,
                 std::shared_ptr<const models::Backend> backend, models::CommandOptions apply, World& world,
                 WorldParts& parts);

}  // namespace lockstorm::scenarios
