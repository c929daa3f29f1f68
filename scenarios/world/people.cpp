#include "scenarios/world/people.hpp"

#include <fmt/format.h>

#include "models/terraform/operator.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

// Whoever worked there before is gone.
models::Jobs jobs_of(const Scenario& scenario) {
  models::Jobs jobs;
  jobs.jobs = static_cast<std::uint16_t>(scenario.clients());
  if (scenario.begins || scenario.initial_lock != InitialLock::none)
    jobs.earlier = models::Jobs::Status::gone;
  return jobs;
}

class PeopleBuilder {
 public:
  PeopleBuilder(const Scenario& scenario, World& world) : scenario_(scenario), world_(world) {
    const OperatorSettings& people = scenario.force_unlock;
    // An operator who removes anybody's lock asks nobody; an unused service would only multiply states.
    const bool asks = people.target != models::UnlockTarget::any &&
                      (people.force_unlock > 0 || count(models::HandAct::delete_lock) > 0 ||
                       count(models::HandAct::break_lease) > 0);
    jobs_ = {static_cast<std::uint8_t>(world.spec.services.size())};
    stores_ = std::make_shared<const models::Stores>(stores_of(world));
    if (asks) world.spec.services.push_back(sim::make_service(jobs_of(scenario)));
    // Each has a number where there are several, so that no two are called the same.
    next_number_ = people.acts_by_hand() > 0 && people.people() > 1 ? 1 : 0;
  }

  void add_force_unlock() {
    const std::uint8_t people = scenario_.force_unlock.force_unlock;
    if (people == 0) return;
    const auto backend = world_.operators_backend ? world_.operators_backend : world_.backend;
    // Whose block has no lock is told of one by the message of a job whose block has.
    const auto shown_by = world_.locking_backend ? world_.locking_backend : backend;
    world_.operators = world_.spec.classes.size();
    add(people, [backend, jobs = jobs_, target = scenario_.force_unlock.target, shown_by](
                    sim::Process& self) { run_force_unlock(self, *backend, jobs, target, shown_by.get()); });
  }

  void add_act(models::HandAct act) {
    if (count(act) == 0) return;
    models::HandOrder order{act, scenario_.force_unlock.target, {}, scenario_.force_unlock.new_serial};
    if (act == models::HandAct::restore_state) order.older = initial_snapshot(scenario_);
    const auto backend = world_.locking_backend ? world_.locking_backend : world_.backend;
    world_.by_hand.push_back({world_.spec.classes.size(), act});
    add(count(act), [stores = stores_, backend, jobs = jobs_, order](sim::Process& self) {
      run_by_hand(self, *stores, *backend, jobs, order);
    });
  }

 private:
  [[nodiscard]] std::uint8_t count(models::HandAct act) const {
    return scenario_.force_unlock.by_hand[static_cast<std::size_t>(act)];
  }
  void add(std::uint8_t people, sim::Process::Body body) {
    world_.spec.classes.push_back({"operator", std::move(body), people, 0, next_number_});
    if (next_number_ > 0) next_number_ = static_cast<std::uint16_t>(next_number_ + people);
  }

  const Scenario& scenario_;
  World& world_;
  sim::ServiceRef<models::Jobs> jobs_;
  std::shared_ptr<const models::Stores> stores_;
  std::uint16_t next_number_ = 0;
};

Objection impossible(const Scenario& scenario, std::string_view what, const std::string& why,
                     std::string instead) {
  return {"operator", fmt::format("{} is impossible on {}: {}", what, scenario.backend->summary(), why),
          std::move(instead), ""};
}

}  // namespace

models::Stores stores_of(const World& world) {
  std::vector<models::NamedService> services;
  const std::vector<ServicePlaces::Place>& places = world.places.all();
  for (std::size_t i = 0; i < world.spec.services.size(); ++i) {
    if (world.places.is_destination(i)) continue;
    services.push_back({world.spec.services[i]->name(), static_cast<std::uint8_t>(i),
                        i < places.size() && places[i].keeps_lock});
  }
  return models::Stores(services);
}

void add_people(const Scenario& scenario, World& world) {
  if (scenario.force_unlock.people() == 0) return;
  PeopleBuilder builder(scenario, world);
  builder.add_force_unlock();
  for (std::size_t act = 0; act < models::kHandActs; ++act)
    builder.add_act(static_cast<models::HandAct>(act));
}

std::optional<Objection> objection_to_people(const Scenario& scenario) {
  const OperatorSettings& people = scenario.force_unlock;
  if (people.block && people.force_unlock == 0)
    return Objection{"operator", "nobody runs force-unlock in that block", "force_unlock: 1", ""};
  if (scenario.lock_sharers > 0 &&
      (!scenario.backend->traits().has_lock || !scenario.backend->traits().runs_commands)) {
    return Objection{"backend", fmt::format("nobody shares a lock on {}", scenario.backend->summary()),
                     "a backend block of the tools' own that locks", ""};
  }
  if (people.acts_by_hand() == 0 && scenario.initial_lock == InitialLock::none) return std::nullopt;
  Scenario plain = scenario;
  plain.force_unlock = {};
  plain.initial_lock = InitialLock::none;
  const auto world = build_world(plain);
  const models::Stores stores = stores_of(*world);
  for (std::size_t i = 0; i < models::kHandActs; ++i) {
    const auto act = static_cast<models::HandAct>(i);
    if (people.by_hand[i] > 0 && !stores.can(act))
      return impossible(scenario, models::hand_act_name(act), stores.why_not(act), stores.instead_of(act));
  }
  const bool restores = people.by_hand[static_cast<std::size_t>(models::HandAct::restore_state)] > 0;
  if (restores && !initial_snapshot(scenario).exists()) {
    return Objection{"operator",
                     "restore_state puts back what stood there at the beginning, and there is nothing",
                     "initial_state: existing", ""};
  }
  if (scenario.initial_lock == InitialLock::none) return std::nullopt;
  if (!stores.can(models::HandAct::delete_lock) || scenario.backend->type().name == "pg") {
    return Objection{"initial_lock",
                     fmt::format("no lock outlives its job on {}", scenario.backend->summary()),
                     "initial_lock: none, or a job that is killed: faults: {crash: 1}", ""};
  }
  if (scenario.initial_lock == InitialLock::nameless && !stores.has_nameless_locks()) {
    return Objection{
        "initial_lock", fmt::format("a lock and its id are one record on {}", scenario.backend->summary()),
        "initial_lock: left; or backend: {type: azurerm}, or cos, whose locks are two requests", ""};
  }
  return std::nullopt;
}

}  // namespace lockstorm::scenarios
