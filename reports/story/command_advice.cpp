#include "reports/story/command_advice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/story/step_queries.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Property;
using models::Command;
using scenarios::Counterexample;
using scenarios::Fleet;
using scenarios::Scenario;

// A fleet of which somebody did something in the counterexample, and who.
struct Acting {
  Fleet fleet;
  std::string name;
  bool is_last = false;  ///< took the last step
};

std::vector<Acting> acting_fleets(const Scenario& scenario, const Counterexample& counterexample) {
  std::vector<Acting> acting;
  std::size_t slot = 0;
  for (const Fleet& fleet : scenario.all_fleets()) {
    for (std::size_t n = 0; n < fleet.client.count; ++n, ++slot) {
      const auto took = [&](const Step& step) { return step.actor_slot == slot && is_effect(step); };
      if (std::ranges::any_of(counterexample.steps, took)) {
        acting.push_back(
            {fleet, counterexample.actors[slot], counterexample.steps.back().actor_slot == slot});
      }
    }
  }
  return acting;
}

bool concerns_lock_or_state(Property property) {
  switch (property) {
    case Property::mutual_exclusion:
    case Property::exclusive_effects:
    case Property::no_lost_update:
    case Property::state_integrity:
    case Property::no_drift:
      return true;
    case Property::own_lock_only:
    case Property::stale_lock_recovery:
    case Property::progress:
    case Property::lock_released:
    case Property::approved_is_applied:
      return false;
  }
  return false;
}

bool moves_to_another_place(const std::vector<Acting>& acting) {
  return std::ranges::any_of(acting, [](const Acting& one) {
    return one.fleet.client.migrated ||
           (one.fleet.client.migrate_to && !one.fleet.client.migrate_to->same_state);
  });
}

bool differ_in_backend(const std::vector<Acting>& acting) {
  return std::ranges::any_of(acting, [&](const Acting& one) {
    return one.fleet.client.migrate_to ||
           one.fleet.backend->canonical_text() != acting.front().fleet.backend->canonical_text();
  });
}

bool runs_any(const Acting& acting, std::initializer_list<Command> commands) {
  return std::ranges::any_of(commands,
                             [&](Command command) { return runs_command(acting.fleet.client, command); });
}

const Acting* find_running(const std::vector<Acting>& acting, std::initializer_list<Command> commands) {
  const auto found = std::ranges::find_if(acting, [&](const Acting& one) { return runs_any(one, commands); });
  return found == acting.end() ? nullptr : &*found;
}

// Also when the import comes only later: what it is for exists already.
std::optional<std::string> about_creation(const Scenario& scenario) {
  const std::vector<Fleet> fleets = scenario.all_fleets();
  const bool separate = std::ranges::any_of(fleets, [](const Fleet& fleet) {
    return runs_command(fleet.client, Command::import) || runs_command(fleet.client, Command::state_rm);
  });
  if (!separate) return std::nullopt;
  return "State and configuration changed together: an `import` or `removed` block in the configuration does "
         "it in the apply itself. Between a separate command and the change of the configuration no job may "
         "apply.";
}

std::optional<std::string> about_commands(Property property, const std::vector<Acting>& acting) {
  if (const Acting* force = find_running(acting, {Command::state_push_force});
      force != nullptr && force->is_last && property == Property::no_lost_update) {
    return fmt::format(
        "A push without -force: it compares lineage and serial under the lock, and would have refused what "
        "{} pushes.",
        force->name);
  }
  if (const Acting* push = find_running(acting, {Command::state_push});
      push != nullptr && push->is_last && property == Property::no_lost_update) {
    return "A look at what is stored before errored.tfstate is pushed (`state pull`): the push accepts a "
           "file with a higher serial, or without any lineage, whoever has saved in the meantime.";
  }
  if (find_running(acting, {Command::workspace_delete, Command::workspace_delete_force}) != nullptr) {
    return "A deletion under the lock: `workspace delete` unlocks first and deletes then. Nobody else may "
           "work on the workspace by the time it is deleted.";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> command_prevention(const Scenario& scenario,
                                              const Counterexample& counterexample) {
  if (is_plain(scenario) || counterexample.steps.empty()) return std::nullopt;
  const std::vector<Acting> acting = acting_fleets(scenario, counterexample);
  if (acting.empty() || !concerns_lock_or_state(counterexample.property)) return std::nullopt;
  if (moves_to_another_place(acting)) {
    return "One backend block at a time: no job with the old block may run once the state has been copied, "
           "and none with the new block before. To each other they work on another state, under another "
           "lock.";
  }
  const auto unlocked =
      std::ranges::find_if(acting, [](const Acting& one) { return !one.fleet.client.lock; });
  if (unlocked != acting.end()) return fmt::format("The lock: {} runs with -lock=false.", unlocked->name);
  if (differ_in_backend(acting)) {
    return "The same backend arguments in all jobs: these take different locks, or do not keep the same "
           "things up to date. Move in steps: first both ways of locking everywhere, and the old one goes "
           "when no job with the old block can run any more.";
  }
  if (counterexample.property == Property::no_drift && creates_resource(counterexample.steps.back())) {
    if (auto advice = about_creation(scenario)) return advice;
  }
  return about_commands(counterexample.property, acting);
}

const Step* write_to_old_backend(const Counterexample& counterexample) {
  const bool migrates = std::ranges::any_of(counterexample.commands, [](const std::string& commands) {
    return commands.starts_with(models::command_name(Command::init_migrate));
  });
  if (!migrates || counterexample.property != Property::no_lost_update) return nullptr;
  if (counterexample.steps.back().writes_state) return nullptr;
  const Steps& steps = counterexample.steps;
  const Step* copy = last_before(steps, steps.size(),
                                 [](const Step& step) { return step.writes_state && step.at_new_backend; });
  const Step* old = last_before(steps, steps.size(),
                                [](const Step& step) { return step.writes_state && !step.at_new_backend; });
  return copy != nullptr && old != nullptr && old->number > copy->number ? old : nullptr;
}

}  // namespace lockstorm::reports
