#include "scenarios/world/fleets.hpp"

#include <array>
#include <set>

#include "checkers/tags.hpp"
#include "models/services/dispatcher.hpp"
#include "scenarios/world/people.hpp"
#include "scenarios/world/refused_cleanup.hpp"
#include "sim/forwarding_service.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr sim::FaultMask kAllFaults = 0xFFFF;

// A migration has two clients in one process.
constexpr sim::Cell kDestinationMemory{1};

// The second of two states is where a migration would go to.
constexpr std::uint8_t kOtherStatesSite = 1;

// A lock that some clients do not ask for says nothing about them: to this server they all hold it.
class LockOfSome final : public sim::ForwardingService {
 public:
  LockOfSome(std::shared_ptr<const sim::AnyService> model, sim::SlotSet others)
      : ForwardingService(std::move(model)), others_(others) {}
  sim::SlotSet holders(const sim::ValuePool& pool, sim::ValueId value) const override {
    return ForwardingService::holders(pool, value) | others_;
  }

 private:
  sim::SlotSet others_;
};

// A server whose state file is not the one that the others have: the monitors follow each for itself.
class OfOtherState final : public sim::ForwardingService {
 public:
  using ForwardingService::ForwardingService;
  Outcome apply(sim::ValuePool& pool, sim::ValueId value, sim::Slot caller, sim::ValueId request,
                unsigned alternative) const override {
    Outcome outcome = ForwardingService::apply(pool, value, caller, request, alternative);
    if ((outcome.tags & (checkers::kReadsState | checkers::kWritesState)) != 0)
      outcome.tags |= checkers::kOfOtherState;
    return outcome;
  }
};

class FleetBuilder {
 public:
  FleetBuilder(const Scenario& scenario, World& world, WorldParts& parts)
      : scenario_(scenario),
        fleets_(scenario.all_fleets()),
        world_(world),
        parts_(parts),
        wrap_(parts.wrap) {}

  void build() {
    add_orchestrator();
    if (has_two_states()) world_.places.have_two_states();
    for (std::size_t k = 0; k < fleets_.size(); ++k) {
      if (fleets_[k].client.migrate_to) build_destination(k);
    }
    for (std::size_t k = 0; k < fleets_.size(); ++k) build_fleet(k);
    stores_->emplace(stores_of(world_));
    add_successors();
    build_operators_block();
    world_.backend = world_.backends.front();
    if (parts_.migrate_to.backend) world_.backends.push_back(parts_.migrate_to.backend);
    if (unwritten_) world_.backends.push_back(unwritten_);
    const bool blocks_differ =
        fleets_.size() > 1 || parts_.migrate_to.backend || scenario_.force_unlock.block || unwritten_;
    if (blocks_differ) tell_locks_apart();
    if (destination_site_ != 0 || has_two_states()) tell_states_apart();
  }

 private:
  // The servers and the client side of what the configuration names after the migration.
  void build_destination(std::size_t k) {
    Fleet fleet = fleets_[k];
    fleet.backend = fleet.client.migrate_to->backend;
    Scenario scenario = scenario_of(scenario_, fleet);
    destination_site_ = fleet.client.migrate_to->same_state ? 0 : 1;
    if (destination_site_ != 0) scenario.initial = InitialState::empty;
    world_.places.enter(destination_site_, static_cast<std::uint8_t>(k), true);
    WorldParts parts = empty_parts();
    parts.is_destination = true;
    parts.memory = kDestinationMemory;
    fleet.backend->build(scenario, world_, parts);
    parts_.migrate_to = parts.migrate_to;
    if (destination_site_ != 0) parts_.moved_state = parts.stored_state;
  }

  [[nodiscard]] bool has_two_states() const {
    return std::ranges::any_of(fleets_, [](const Fleet& fleet) {
      return fleet.client.is_other_state || fleet.client.reads_other_state;
    });
  }

  void add_orchestrator() {
    if (!scenario_.orchestrator) return;
    orchestrator_ = {static_cast<std::uint8_t>(world_.spec.services.size())};
    world_.spec.services.push_back(sim::make_service(models::Orchestrator{*scenario_.orchestrator}));
    world_.places.all().push_back({});
  }

  // One for all fleets that share it.
  sim::ServiceRef<models::SharedDirectory> shared_directory() {
    if (!shared_directory_) {
      shared_directory_ = {static_cast<std::uint8_t>(world_.spec.services.size())};
      world_.spec.services.push_back(sim::make_service(models::SharedDirectory{}));
      world_.places.all().push_back({});
    }
    return *shared_directory_;
  }

  // Of one backend block; in which time they run all have in common.
  [[nodiscard]] WorldParts empty_parts() const {
    WorldParts parts;
    parts.virtual_time = parts_.virtual_time;
    return parts;
  }

  // The client side of the state that this fleet does not write, as its data source has it.
  void build_reads(std::size_t k, WorldParts& parts) {
    const ClientSettings& client = fleets_[k].client;
    if (!client.reads_other_state) return;
    const auto other = std::ranges::find_if(
        fleets_, [&](const Fleet& fleet) { return fleet.client.is_other_state != client.is_other_state; });
    Fleet reader = fleets_[k];  // where nobody writes the other state, its block is as this one's
    if (other != fleets_.end()) {
      reader.backend = other->backend;
      reader.client.lock_table = other->client.lock_table;
    }
    world_.places.enter(client.is_other_state ? std::uint8_t{0} : kOtherStatesSite,
                        static_cast<std::uint8_t>(k), false);
    WorldParts there = empty_parts();
    there.is_destination = true;
    there.memory = kDestinationMemory;
    reader.backend->build(scenario_of(scenario_, reader), world_, there);
    parts.reads = there.migrate_to.backend;
    if (other == fleets_.end() && !unwritten_) unwritten_ = parts.reads;
  }

  [[nodiscard]] std::uint8_t site_of(const ClientSettings& client) const {
    if (client.is_other_state) return kOtherStatesSite;
    return client.migrated ? destination_site_ : std::uint8_t{0};
  }

  void build_fleet(std::size_t k) {
    Fleet fleet = fleets_[k];
    if (fleet.client.migrated) fleet.backend = migration_target();
    const Scenario scenario = scenario_of(scenario_, fleet);
    // What migrates changes only the place it goes to: the lock there is the one that counts.
    const bool migrates = fleet.client.migrate_to.has_value();
    WorldParts parts = empty_parts();
    build_reads(k, parts);
    world_.places.enter(site_of(fleet.client), static_cast<std::uint8_t>(k), !migrates);
    if (fleet.client.pull_request != 0)
      parts.orchestrated = {orchestrator_, *scenario_.orchestrator, fleet.client.pull_request};
    if (fleet.client.shares_directory) parts.shared_directory = shared_directory();
    parts.has_lock = fleet.backend->traits().has_lock;
    parts.wrap = fleet.client.release.cleans_up_refused ? cleaning_up(stores_, wrap_) : wrap_;
    if (migrates) parts.migrate_to = parts_.migrate_to;
    fleet.backend->build(scenario, world_, parts);
    add_backend(fleet);
    // The operator's own block first, where it has a lock.
    if (!world_.locking_backend && fleet.backend->traits().has_lock) world_.locking_backend = world_.backend;
    const auto position = world_.spec.classes.begin() + static_cast<std::ptrdiff_t>(k);
    bodies_.push_back(parts.client_body);
    world_.spec.classes.insert(position, {"client", parts.client_body, fleet.client.count,
                                          fleet.client.spared ? sim::FaultMask{0} : kAllFaults,
                                          fleets_.size() > 1 ? first_number_ : std::uint16_t{0}});
    world_.scripts.insert(world_.scripts.begin() + static_cast<std::ptrdiff_t>(k), parts.script);
    first_number_ = static_cast<std::uint16_t>(first_number_ + fleet.client.count);
    take_over(std::move(parts), k == 0, fleet.client.is_other_state);
  }

  // Jobs that the CI system starts when it has lost others: they do what those were to do, from the
  // beginning.
  void add_successors() {
    std::uint16_t first = 0;
    std::uint16_t number = 0;
    for (std::size_t k = 0; k < fleets_.size(); ++k) {
      const ClientSettings& client = fleets_[k].client;
      if (client.restarts > 0) {
        models::Dispatcher ci;
        ci.first = first;
        ci.jobs = client.count;
        ci.gives_up_silent = client.restarts_silent;
        const sim::ServiceRef<models::Dispatcher> dispatcher{
            static_cast<std::uint8_t>(world_.spec.services.size())};
        world_.spec.services.push_back(sim::make_service(ci));
        world_.places.all().push_back({});
        world_.spec.classes[k].body = [body = bodies_[k], dispatcher](sim::Process& self) {
          body(self);
          self.call(dispatcher, models::Dispatcher::Request{models::Dispatcher::Report{}});
        };
        const auto position =
            world_.spec.classes.begin() + static_cast<std::ptrdiff_t>(fleets_.size() + number);
        world_.spec.classes.insert(position, {"successor",
                                              [body = bodies_[k], dispatcher](sim::Process& self) {
                                                if (is_needed(self, dispatcher)) body(self);
                                              },
                                              client.restarts, 0, static_cast<std::uint16_t>(number + 1)});
        ++number;
      }
      first = static_cast<std::uint16_t>(first + client.count);
    }
  }

  // Asks until a job was lost, or none can be any more.
  static bool is_needed(sim::Process& self, sim::ServiceRef<models::Dispatcher> dispatcher) {
    using Dispatcher = models::Dispatcher;
    struct Asked {
      std::uint16_t nothing = 0;
    };
    const auto answer = self.scope<Dispatcher::Response>(models::scope_tag::ask_for_work, [&] {
      Asked asked;
      for (;;) {
        self.forget(models::scope_tag::ask_for_work, asked);
        const auto reply = self.call(dispatcher, Dispatcher::Request{Dispatcher::AskForWork{}});
        if (reply.answered() && reply->status != Dispatcher::Status::nothing_yet) return *reply;
        self.sleep(std::chrono::seconds(1));
      }
    });
    return answer.status == Dispatcher::Status::start;
  }

  // The same servers seen through another block; nobody of that fleet is there.
  void build_operators_block() {
    if (!scenario_.force_unlock.block) return;
    Fleet fleet = fleets_.front();
    fleet.backend = *scenario_.force_unlock.block;
    world_.places.enter(0, static_cast<std::uint8_t>(fleets_.size()), true);
    WorldParts parts = empty_parts();
    parts.wrap = wrap_;
    fleet.backend->build(scenario_of(scenario_, fleet), world_, parts);
    world_.operators_backend = world_.backend;
  }

  [[nodiscard]] const AnyBackend& migration_target() const {
    for (const Fleet& fleet : fleets_) {
      if (fleet.client.migrate_to) return fleet.client.migrate_to->backend;
    }
    return fleets_.front().backend;  // refused before
  }

  // Fleets with the same block and tool look at the stored state in the same way.
  void add_backend(const Fleet& fleet) {
    const std::string key = fmt_key(fleet.client.tool, site_of(fleet.client) != 0) +
                            std::to_string(fleet.client.lock_table) + fleet.backend->canonical_text();
    if (known_.insert(key).second) world_.backends.push_back(world_.backend);
  }
  static std::string fmt_key(models::Dialect tool, bool migrated) {
    return std::string(tool == models::Dialect::terraform ? "t" : "o") + (migrated ? "m" : "s");
  }

  void take_over(WorldParts parts, bool is_first, bool is_other_state) {
    const bool has_lock = parts_.has_lock || parts.has_lock;
    if (is_other_state && !parts_.other_state) {
      parts_.other_state = parts.stored_state;
      parts_.other_cloud = parts.cloud;
    }
    if (is_first) {
      parts.migrate_to = parts_.migrate_to;
      parts.moved_state = parts_.moved_state;
      parts_ = std::move(parts);
    }
    parts_.has_lock = has_lock;
  }

  // By which server's record a client holds the lock: that of its own fleet. A fleet that asks for no lock
  // at all holds none.
  void tell_locks_apart() {
    std::uint32_t locking = 0;
    std::array<std::uint32_t, ServicePlaces::kSites> asking{};
    for (const ServicePlaces::Place& place : world_.places.all()) {
      locking |= place.locking_fleets;
      if (place.keeps_lock) asking.at(place.site) |= place.asking_fleets;
    }
    for (std::size_t i = 0; i < world_.spec.services.size(); ++i) {
      ServicePlaces::Place& place = world_.places.all()[i];
      if (!place.keeps_lock) continue;
      const sim::SlotSet others = clients_of(locking & ~place.locking_fleets);
      place.lock_elsewhere_here = clients_of(asking.at(place.site) & ~place.asking_fleets);
      if (others != 0)
        world_.spec.services[i] = std::make_shared<LockOfSome>(world_.spec.services[i], others);
    }
  }

  [[nodiscard]] sim::SlotSet clients_of(std::uint32_t fleets) const {
    sim::SlotSet clients = 0;
    unsigned slot = 0;
    for (std::size_t k = 0; k < fleets_.size(); ++k) {
      for (unsigned n = 0; n < fleets_[k].client.count; ++n, ++slot) {
        if ((fleets >> k & 1U) != 0) clients |= sim::only(sim::Who::process(static_cast<sim::Slot>(slot)));
      }
    }
    for (std::size_t k = 0; k < fleets_.size(); ++k) {  // successors come after all clients
      for (unsigned n = 0; n < fleets_[k].client.restarts; ++n, ++slot) {
        if ((fleets >> k & 1U) != 0) clients |= sim::only(sim::Who::process(static_cast<sim::Slot>(slot)));
      }
    }
    return clients;
  }

  void tell_states_apart() {
    for (std::size_t i = 0; i < world_.spec.services.size(); ++i) {
      if (world_.places.is_destination(i))
        world_.spec.services[i] = std::make_shared<OfOtherState>(world_.spec.services[i]);
    }
    world_.monitors = checkers::Monitors(2);
  }

  const Scenario& scenario_;
  std::vector<Fleet> fleets_;
  World& world_;
  WorldParts& parts_;
  const BackendWrap wrap_;  ///< around every client
  std::set<std::string> known_;
  std::vector<sim::Process::Body> bodies_;  ///< [fleet]
  LateStores stores_ = std::make_shared<std::optional<models::Stores>>();
  sim::ServiceRef<models::Orchestrator> orchestrator_{0};
  std::optional<sim::ServiceRef<models::SharedDirectory>> shared_directory_;
  std::shared_ptr<const models::Backend> unwritten_;  ///< the other state, where no fleet writes it
  std::uint8_t destination_site_ = 0;
  std::uint16_t first_number_ = 1;
};

// Whether a model keeps a lock: one that keeps none says that everybody holds it.
bool keeps_lock(const sim::AnyService& service) {
  sim::ValuePool pool;
  return service.holders(pool, service.initial(pool)) != sim::kEverybody;
}

}  // namespace

void ServicePlaces::enter(std::uint8_t site, std::uint8_t fleet, bool counts) {
  site_ = site;
  fleet_ = fleet;
  counts_ = counts;
  placed_.clear();
}

std::uint8_t ServicePlaces::place(sim::WorldSpec& spec, std::shared_ptr<const sim::AnyService> service,
                                  std::uint8_t lock_table) {
  const bool is_common = service->name() == models::Cloud::kName && !two_states_;
  const std::uint8_t site = is_common ? kEverywhere : site_;
  const bool locks = keeps_lock(*service);
  unsigned nth = placed_[std::string(service->name())]++;
  std::size_t index = 0;
  for (; index < spec.services.size(); ++index) {
    const Place& place = places_[index];
    if (spec.services[index]->name() == service->name() && place.site == site &&
        place.lock_table == lock_table && nth-- == 0)
      break;
  }
  if (index == spec.services.size()) {
    places_.push_back({.site = site, .lock_table = lock_table, .keeps_lock = locks});
    spec.services.push_back(std::move(service));
  } else if (locks && !places_[index].keeps_lock) {
    // A fleet before it had no use for this server's lock.
    places_[index].keeps_lock = true;
    spec.services[index] = std::move(service);
  }
  if (locks) {
    places_[index].asking_fleets |= 1U << fleet_;
    if (counts_) places_[index].locking_fleets |= 1U << fleet_;
  }
  return static_cast<std::uint8_t>(index);
}

void add_fleets(const Scenario& scenario, World& world, WorldParts& parts) {
  FleetBuilder(scenario, world, parts).build();
}

Scenario scenario_of(const Scenario& scenario, const Fleet& fleet) {
  Scenario of_fleet = scenario;
  of_fleet.client = fleet.client;
  of_fleet.backend = fleet.backend;
  return of_fleet;
}

}  // namespace lockstorm::scenarios
