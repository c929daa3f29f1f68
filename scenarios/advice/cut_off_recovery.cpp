#include "scenarios/advice/cut_off_recovery.hpp"

#include <algorithm>
#include <iterator>

#include "scenarios/data/adversity.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/files/world_name.hpp"
#include "scenarios/world/endings.hpp"

namespace lockstorm::scenarios {
namespace {

bool is_unreadable(const WorldEnding& ending) { return ending.found.readable == models::GetStatus::failed; }

// What has come of it already is not to be done again, though it does no harm.
bool is_done(const RecoveryWorld& world, const WorldEnding& ending) {
  if (is_unreadable(ending)) return false;
  switch (world.remedy) {
    case Remedy::push:
    case Remedy::force_covered:
    case Remedy::force_other:
      return records_all_of(ending.found.state, ending.errored);
    case Remedy::import_missing:
      return ending.found.state.instance[world.scenario.client.resources - 1U] != 0;
    case Remedy::set_digest:
      return true;
  }
  return false;
}

// Nothing is left to do it with, or to do.
bool is_over(const RecoveryWorld& world, const WorldEnding& ending) {
  const bool needs_file = world.remedy != Remedy::import_missing && world.remedy != Remedy::set_digest;
  if (needs_file && !ending.errored.is_file()) return true;
  return is_done(world, ending) && !ending.locked && !ending.found.lock_shown;
}

// Who follows the runbook does that from here, and removes a lock that is shown.
Scenario begun_by(const Fleet& person, const WorldEnding& ending) {
  Scenario scenario;
  scenario.fleets = {person};
  scenario.client = person.client;
  scenario.backend = person.backend;
  scenario.begins = std::make_shared<const Beginning>(ending.left);
  if (ending.found.lock_shown) scenario.force_unlock = {1, models::UnlockTarget::dead};
  scenario.name = world_name(scenario);
  return scenario;
}

// Nothing: they were not all found.
std::optional<std::vector<WorldEnding>> all_endings(const Scenario& scenario) {
  if (objection_to(scenario)) return std::nullopt;
  auto endings = endings_of(scenario);
  if (!endings) return std::nullopt;
  return *std::move(endings);
}

// What can be read stays as it is. Else the digest comes first, in a world of its own, whose endings say
// whether it was set: what is left then decides what is to be done.
std::optional<std::vector<WorldEnding>> made_readable(const RecoveryWorld& world,
                                                      std::vector<WorldEnding> endings,
                                                      std::vector<RecoveryWorld>& worlds) {
  std::vector<WorldEnding> all;
  for (WorldEnding& ending : endings) {
    Fleet person = world.scenario.fleets.front();
    if (!is_unreadable(ending) || world.remedy == Remedy::set_digest ||
        !person.backend->traits().keeps_digest) {
      all.push_back(std::move(ending));
      continue;
    }
    person.client.commands = {models::Command::repair_digest};
    worlds.push_back({.remedy = world.remedy,
                      .others_apply = false,
                      .was_cut_off = true,
                      .has_to_succeed = false,
                      .scenario = begun_by(person, ending)});
    auto repaired = all_endings(worlds.back().scenario);
    if (!repaired) return std::nullopt;
    std::ranges::move(*repaired, std::back_inserter(all));
  }
  return all;
}

}  // namespace

bool records_all_of(const models::StateSnapshot& record, const models::StateSnapshot& other) {
  for (std::size_t i = 0; i < models::kMaxResources; ++i) {
    if (other.instance[i] != 0 && record.instance[i] != other.instance[i]) return false;
  }
  return true;
}

std::optional<std::vector<RecoveryWorld>> worlds_after_cut_off(const RecoveryWorld& world) {
  Scenario cut = world.scenario;
  cut.faults[sim::Fault::crash] = 1;
  cut.name = world_name(cut);
  if ((adversities_of(cut) & ~cut.backend->possible_adversities()) != 0) return std::nullopt;
  auto left = all_endings(cut);
  std::vector<RecoveryWorld> worlds;
  if (left) left = made_readable(world, *std::move(left), worlds);
  if (!left) return std::nullopt;
  for (const WorldEnding& ending : *left) {
    if (is_over(world, ending)) continue;
    worlds.push_back({.remedy = world.remedy,
                      .others_apply = false,
                      .was_cut_off = true,
                      .has_to_succeed = !is_done(world, ending),
                      .scenario = begun_by(world.scenario.fleets.front(), ending)});
    if (objection_to(worlds.back().scenario)) return std::nullopt;
  }
  return worlds;
}

}  // namespace lockstorm::scenarios
