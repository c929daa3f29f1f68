// What the worlds of a recovery say.
#include <algorithm>
#include <array>
#include <tuple>

#include "scenarios/advice/recovery.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;

// The gravest first. A job that is refused meanwhile is none.
constexpr std::array kLosses{Property::no_lost_update,    Property::state_integrity,
                             Property::no_drift,          Property::mutual_exclusion,
                             Property::exclusive_effects, Property::own_lock_only};

models::Command command_doing(Remedy remedy) {
  switch (remedy) {
    case Remedy::push:
      return models::Command::state_push;
    case Remedy::force_covered:
    case Remedy::force_other:
      return models::Command::state_push_force;
    case Remedy::import_missing:
      return models::Command::import;
    case Remedy::set_digest:
      return models::Command::repair_digest;
  }
  return models::Command::state_push;
}

void add_result(RecoveryTrial& trial, const RecoveryWorld& world, const VerifyResult& result,
                std::size_t number) {
  ++trial.worlds;
  trial.states += result.explored.states;
  const bool succeeds = std::ranges::any_of(result.reached, [&](const CommandReached& one) {
    return one.command == command_doing(trial.remedy) && one.succeeds();
  });
  if (succeeds || !world.has_to_succeed) ++trial.succeeds;
  for (const Property property : kLosses) {
    const auto verdict = result.properties.find(property);
    if (verdict == result.properties.end()) continue;
    if (verdict->second == Verdict::unknown || verdict->second == Verdict::nondeterministic)
      trial.is_complete = false;
    if (verdict->second != Verdict::violated) continue;
    const auto grave = [](Property one) { return std::ranges::find(kLosses, one); };
    if (!trial.shown || grave(property) < grave(trial.property)) {
      trial.shown = number;
      trial.property = property;
    }
    trial.violated.insert(property);
  }
}

}  // namespace

std::vector<RecoveryTrial> judge_recovery(const RecoveryPlan& plan, std::span<const VerifyResult> results) {
  std::vector<RecoveryTrial> trials;
  for (std::size_t i = 0; i < plan.worlds.size(); ++i) {
    const RecoveryWorld& world = plan.worlds[i];
    auto trial = std::ranges::find_if(trials, [&](const RecoveryTrial& one) {
      return one.remedy == world.remedy && one.others_apply == world.others_apply &&
             one.was_cut_off == world.was_cut_off;
    });
    if (trial == trials.end()) {
      trials.push_back({});
      trial = trials.end() - 1;
      trial->remedy = world.remedy;
      trial->others_apply = world.others_apply;
      trial->was_cut_off = world.was_cut_off;
    }
    add_result(*trial, world, results[i], i);
  }
  std::ranges::stable_sort(trials, {}, [](const RecoveryTrial& one) {
    return std::tuple(one.remedy, one.others_apply, one.was_cut_off);
  });
  return trials;
}

}  // namespace lockstorm::scenarios
