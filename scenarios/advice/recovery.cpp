#include "scenarios/advice/recovery.hpp"

#include <algorithm>
#include <array>

#include "models/terraform/state_manager.hpp"
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

bool records_all_of(const StateSnapshot& record, const StateSnapshot& other) {
  for (std::size_t i = 0; i < models::kMaxResources; ++i) {
    if (other.instance[i] != 0 && record.instance[i] != other.instance[i]) return false;
  }
  return true;
}

// The only address that the file records and the state does not, and whose object `import` can name in a
// model: the first instance.
std::optional<std::uint8_t> address_to_import(const StateSnapshot& file, const StateSnapshot& state) {
  std::optional<std::uint8_t> found;
  for (std::uint8_t i = 0; i < models::kMaxResources; ++i) {
    if (file.instance[i] == 0 || file.instance[i] == state.instance[i]) continue;
    if (found || state.instance[i] != 0 || file.instance[i] != 1) return std::nullopt;
    found = i;
  }
  return found;
}

class RecoveryPlanner {
 public:
  explicit RecoveryPlanner(const RecoveryQuestion& question) : question_(question) {}

  std::expected<RecoveryPlan, std::string> plan() {
    if (!question_.backend->runs_commands())
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
        if (const auto one = one_resource())
          add(errored_, with_errored(endings_if_any(failing(2, &*one))), 2);
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

  void add_world(Remedy remedy, bool others_apply, const RecoveryPlace& place, Fleet person,
                 std::uint8_t others_resources) {
    std::vector<Fleet> fleets{std::move(person)};
    if (others_apply) fleets.push_back(other_job(others_resources));
    Scenario world = world_of(std::move(fleets), &place.ending);
    if (place.ending.found.lock_shown) world.force_unlock = {1, UnlockTarget::dead};
    world.name = world_name(world);
    if (objection_to(world)) return;
    const bool is_known = std::ranges::any_of(plan_.worlds, [&](const RecoveryWorld& one) {
      return one.remedy == remedy && fingerprint(one.scenario) == fingerprint(world);
    });
    if (!is_known) plan_.worlds.push_back({remedy, others_apply, std::move(world)});
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
    return std::move(plan_);
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
      if (records_all_of(state, file)) {
        ++plan_.not_needed;
        continue;
      }
      const bool is_covered = records_all_of(file, state);
      const Remedy force = is_covered ? Remedy::force_covered : Remedy::force_other;
      const auto pushing = pusher(Command::state_push_force, place);
      add_world(force, false, place, pushing, 0);
      if (is_covered) add_world(force, true, place, pushing, place.resources);
      if (const auto address = address_to_import(file, state)) {
        const auto resources = static_cast<std::uint8_t>(*address + 1);
        for (const bool others_apply : {false, true})
          add_world(Remedy::import_missing, others_apply, place,
                    fleet(Command::import, question_.backend, resources), resources);
      } else if (!is_covered) {
        ++plan_.by_hand;
      }
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
    if (!question_.backend->keeps_digest())
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
    return std::move(plan_);
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
