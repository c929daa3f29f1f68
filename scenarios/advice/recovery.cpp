#include "scenarios/advice/recovery.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "models/terraform/state_manager.hpp"
#include "scenarios/advice/cut_off_recovery.hpp"
#include "scenarios/backends/s3.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/files/world_name.hpp"
#include "scenarios/world/endings.hpp"

namespace lockstorm::scenarios {
namespace {

using models::Command;
using models::StateSnapshot;
using models::UnlockTarget;
using sim::Fault;

constexpr unsigned kMostFaults = 7;  // of one kind in a scenario

// Where a situation begins, and for which configuration.
struct RecoveryPlace {
  WorldEnding ending;
  std::uint8_t resources = 1;  ///< of the job that failed
};

// The addresses of objects that are there and that only the file records, rising. What a job has destroyed
// since is missed by nobody.
std::vector<std::uint8_t> missing_addresses(const WorldEnding& ending) {
  std::vector<std::uint8_t> found;
  for (std::uint8_t i = 0; i < models::kMaxResources; ++i) {
    const std::uint8_t in_file = ending.errored.instance[i];
    if (in_file != ending.found.state.instance[i] && ending.is_live(i, in_file)) found.push_back(i);
  }
  return found;
}

// No address has another object in the state, and each is one whose object `import` can name in a model: the
// first instance.
bool can_import(const WorldEnding& ending, std::span<const std::uint8_t> addresses) {
  return std::ranges::all_of(addresses, [&](std::uint8_t address) {
    return ending.found.state.instance[address] == 0 && ending.errored.instance[address] == 1;
  });
}

class RecoveryPlanner {
 public:
  explicit RecoveryPlanner(const RecoveryQuestion& question) : question_(question) {}

  std::expected<RecoveryPlan, std::string> plan() {
    if (!question_.backend->traits().runs_commands)
      return std::unexpected("jobs of this backend have worlds of their own kind");
    if (question_.situation == Situation::digest_mismatch) return plan_digest();
    find_errored();
    return question_.situation == Situation::errored_state ? plan_push() : plan_refused();
  }

 private:
  // How the situation comes about

  // Retries only make it rarer that a state is not saved; what is left then is the same.
  [[nodiscard]] AnyBackend backend_of_the_failing() const {
    AnyBackend backend = question_.backend;
    if (backend.as<S3Config>() != nullptr) backend.edit<S3Config>().max_retries = 1;
    return backend;
  }

  [[nodiscard]] Fleet fleet(Command command, const AnyBackend& backend, std::uint8_t resources = 1) const {
    ClientSettings client;
    client.tool = question_.tool;
    client.count = 1;
    client.resources = resources;
    client.commands = {command};
    return {client, backend};
  }

  [[nodiscard]] Fleet other_job(std::uint8_t resources = 1) const {
    Fleet other = fleet(Command::apply, question_.backend, resources);
    other.client.spared = true;
    return other;
  }

  static Scenario world_of(std::vector<Fleet> fleets, const WorldEnding* after = nullptr) {
    Scenario world;
    world.client = fleets.front().client;
    world.backend = fleets.front().backend;
    world.fleets = std::move(fleets);
    if (after != nullptr) world.begins = std::make_shared<const Beginning>(after->left);
    return world;
  }

  // None: it cannot be, or is too large.
  [[nodiscard]] std::vector<WorldEnding> endings_if_any(Scenario world) const {
    world.name = world_name(world);
    const Adversities possible = question_.backend->possible_adversities();
    if ((adversities_of(world) & ~possible) != 0 || objection_to(world)) return {};
    auto endings = endings_of(world);
    return endings ? *std::move(endings) : std::vector<WorldEnding>{};
  }

  static std::vector<WorldEnding> with_errored(std::vector<WorldEnding> endings) {
    std::erase_if(endings, [](const WorldEnding& ending) {
      return !ending.errored.is_file() || ending.found.readable == models::GetStatus::failed;
    });
    return endings;
  }

  void add(std::vector<RecoveryPlace>& places, std::vector<WorldEnding> endings, std::uint8_t resources) {
    for (WorldEnding& ending : endings) places.push_back({std::move(ending), resources});
  }

  // A save fails although it was tried so often; or it is refused by a fence, as somebody has removed the
  // lock of a frozen job.
  void find_errored() {
    const AnyBackend backend = backend_of_the_failing();
    for (const Fault fault : {Fault::lose_request, Fault::throttle, Fault::server_error}) {
      for (std::uint8_t count = 1; count <= kMostFaults && errored_.empty(); ++count) {
        const auto failing = [&](std::uint8_t resources, const WorldEnding* after) {
          Scenario world = world_of({fleet(Command::apply, backend, resources)}, after);
          world.faults[fault] = count;
          return world;
        };
        add(errored_, with_errored(endings_if_any(failing(1, nullptr))), 1);
        if (errored_.empty()) continue;
        Scenario first_apply = failing(1, nullptr);
        first_apply.initial = InitialState::empty;
        add(errored_, with_errored(endings_if_any(first_apply)), 1);
        const auto one = one_resource();
        if (!one) continue;
        add(errored_, with_errored(endings_if_any(failing(2, &*one))), 2);
        // Two objects that only the file has: those are to be imported where somebody has saved since.
        if (question_.situation == Situation::lineage_refused)
          add(errored_, with_errored(endings_if_any(failing(3, &*one))), 3);
      }
    }
    Scenario fenced = world_of({fleet(Command::apply, question_.backend), other_job()});
    fenced.faults[Fault::pause] = 1;
    fenced.force_unlock = {1, UnlockTarget::any};
    for (WorldEnding& ending : with_errored(endings_if_any(std::move(fenced)))) {
      const bool is_by_another = ending.found.state.writer == sim::Who::process(1);
      (is_by_another ? overtaken_ : errored_).push_back({std::move(ending), 1});
    }
  }

  // A state that records the first resource, to which a job is to add another.
  [[nodiscard]] std::optional<WorldEnding> one_resource() const {
    Scenario first = world_of({fleet(Command::apply, question_.backend)});
    first.initial = InitialState::empty;
    for (WorldEnding& ending : endings_if_any(std::move(first))) {
      if (ending.found.state.instance[0] != 0 && !ending.locked) return std::move(ending);
    }
    return std::nullopt;
  }

  // What is done about it

  // A lock that is left there is removed by somebody, at any moment.
  static Scenario begun_at(const RecoveryPlace& place, std::vector<Fleet> fleets) {
    Scenario world = world_of(std::move(fleets), &place.ending);
    if (place.ending.found.lock_shown) world.force_unlock = {1, UnlockTarget::dead};
    return world;
  }

  void add_world(Remedy remedy, bool others_apply, const RecoveryPlace& place, Fleet person,
                 std::uint8_t others_resources) {
    std::vector<Fleet> fleets{std::move(person)};
    if (others_apply) fleets.push_back(other_job(others_resources));
    Scenario world = begun_at(place, std::move(fleets));
    world.name = world_name(world);
    if (objection_to(world)) return;
    add_if_new({.remedy = remedy, .others_apply = others_apply, .scenario = std::move(world)});
  }

  void add_if_new(RecoveryWorld world) {
    const bool is_known = std::ranges::any_of(plan_.worlds, [&](const RecoveryWorld& one) {
      return one.remedy == world.remedy && one.was_cut_off == world.was_cut_off &&
             fingerprint(one.scenario) == fingerprint(world.scenario);
    });
    if (!is_known) plan_.worlds.push_back(std::move(world));
  }

  void count(const RecoveryPlace& place) {
    ++plan_.places;
    if (place.ending.locked || place.ending.found.lock_shown) ++plan_.locked;
  }

  [[nodiscard]] Fleet pusher(Command command, const RecoveryPlace& place) const {
    Fleet person = fleet(command, question_.backend, place.resources);
    person.client.inherits = true;
    return person;
  }

  std::expected<RecoveryPlan, std::string> plan_push() {
    if (errored_.empty())
      return std::unexpected("no world was found in which a job of this backend leaves errored.tfstate");
    for (const RecoveryPlace& place : errored_) {
      count(place);
      add_world(Remedy::push, false, place, pusher(Command::state_push, place), 0);
      add_world(Remedy::push, true, place, pusher(Command::state_push, place), place.resources);
      add_world(Remedy::force_other, true, place, pusher(Command::state_push_force, place), place.resources);
    }
    return with_cut_off();
  }

  // Another job saves before the file is pushed; whether that would be refused is a matter of luck.
  void find_overtaken() {
    for (const RecoveryPlace& place : errored_) {
      for (WorldEnding& ending : with_errored(endings_if_any(world_of({other_job()}, &place.ending)))) {
        if (ending.found.state != place.ending.found.state)
          overtaken_.push_back({std::move(ending), place.resources});
      }
    }
  }

  std::expected<RecoveryPlan, std::string> plan_refused() {
    find_overtaken();
    if (overtaken_.empty())
      return std::unexpected("no world was found in which another job saves before the file is pushed");
    for (const RecoveryPlace& place : overtaken_) {
      const StateSnapshot& file = place.ending.errored;
      const StateSnapshot& state = place.ending.found.state;
      count(place);
      const auto missing = missing_addresses(place.ending);
      if (missing.empty()) {
        ++plan_.not_needed;
        continue;
      }
      const bool is_covered = records_all_of(file, state);
      const Remedy force = is_covered ? Remedy::force_covered : Remedy::force_other;
      const auto pushing = pusher(Command::state_push_force, place);
      add_world(force, false, place, pushing, 0);
      if (is_covered) add_world(force, true, place, pushing, place.resources);
      if (can_import(place.ending, missing)) {
        if (missing.size() > 1) ++plan_.several;
        add_imports(place, missing);
      } else if (!is_covered) {
        ++plan_.by_hand;
      }
    }
    return with_cut_off();
  }

  // One after the other, each from all that the one before may leave. Until the last one is there the file is
  // what records the others, so that it has to stay.
  void add_imports(const RecoveryPlace& from, std::span<const std::uint8_t> addresses) {
    std::vector<RecoveryPlace> places{from};
    const auto all = static_cast<std::uint8_t>(addresses.back() + 1);
    for (const std::uint8_t address : addresses) {
      const auto resources = static_cast<std::uint8_t>(address + 1);
      Fleet person = fleet(Command::import, question_.backend, resources);
      person.client.inherits = address != addresses.back();
      std::vector<RecoveryPlace> next;
      for (const RecoveryPlace& place : places) {
        for (const bool others_apply : {false, true})
          add_world(Remedy::import_missing, others_apply, place, person, all);
        for (WorldEnding& ending : endings_if_any(begun_at(place, {person})))
          if (ending.found.state.instance[address] != 0) next.push_back({std::move(ending), resources});
      }
      places = std::move(next);
    }
  }

  // Everything that is done alone is also done again, after it was cut off at any moment.
  std::expected<RecoveryPlan, std::string> with_cut_off() {
    const std::vector<RecoveryWorld> uncut = plan_.worlds;
    for (const RecoveryWorld& world : uncut) {
      if (world.others_apply || world.remedy == Remedy::force_other) continue;
      auto after = worlds_after_cut_off(world);
      if (!after) {
        ++plan_.cut_off_unknown;
        continue;
      }
      for (RecoveryWorld& again : *after) add_if_new(std::move(again));
    }
    return std::move(plan_);
  }

  // A job dies between state and digest; the digest is not written, and nobody notices; a frozen job goes on
  // after its lock has been removed.
  [[nodiscard]] std::vector<Scenario> worlds_without_digest() const {
    std::vector<Scenario> worlds;
    Scenario alone = world_of({fleet(Command::apply, backend_of_the_failing())});
    for (const Fault fault : {Fault::crash, Fault::lose_request, Fault::throttle}) {
      for (const InitialState initial : {InitialState::existing, InitialState::empty}) {
        Scenario world = alone;
        world.faults[fault] = 1;
        world.initial = initial;
        worlds.push_back(std::move(world));
      }
    }
    Scenario two = world_of({fleet(Command::apply, question_.backend), other_job()});
    two.faults[Fault::pause] = 1;
    two.force_unlock = {1, UnlockTarget::any};
    worlds.push_back(std::move(two));
    return worlds;
  }

  std::expected<RecoveryPlan, std::string> plan_digest() {
    if (!question_.backend->traits().keeps_digest)
      return std::unexpected("no digest is kept beside this state, so that none can differ from it");
    std::vector<std::string> known;
    for (Scenario& world : worlds_without_digest()) {
      for (WorldEnding& ending : endings_if_any(std::move(world))) {
        if (ending.found.readable != models::GetStatus::failed) continue;
        const std::string text = canonical_text(ending.left);
        if (std::ranges::find(known, text) != known.end()) continue;
        known.push_back(text);
        const RecoveryPlace place{std::move(ending), 1};
        count(place);
        for (const bool others_apply : {false, true})
          add_world(Remedy::set_digest, others_apply, place, fleet(Command::repair_digest, question_.backend),
                    1);
      }
    }
    if (plan_.places == 0) return std::unexpected("no world was found in which state and digest differ");
    return with_cut_off();
  }

  const RecoveryQuestion& question_;
  std::vector<RecoveryPlace> errored_;
  std::vector<RecoveryPlace> overtaken_;  ///< another job has saved since
  RecoveryPlan plan_;
};

}  // namespace

std::expected<RecoveryPlan, std::string> plan_recovery(const RecoveryQuestion& question) {
  return RecoveryPlanner(question).plan();
}

std::vector<Scenario> recovery_scenarios(const RecoveryPlan& plan) {
  std::vector<Scenario> all;
  for (const RecoveryWorld& world : plan.worlds) all.push_back(world.scenario);
  return all;
}

}  // namespace lockstorm::scenarios
