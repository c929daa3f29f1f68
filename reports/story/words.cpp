#include "reports/story/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace lockstorm::reports {
using checkers::Property;
using scenarios::Scenario;

std::string_view headline(Property property) {
  static constexpr checkers::PerProperty<std::string_view> kHeadlines{{
      "Two applies can hold the lock at the same time.",
      "An apply can change state or infrastructure without holding the lock.",
      "A state that was saved can be overwritten by somebody who never read it.",
      "The stored state can become unreadable or ambiguous.",
      "A lock can be removed or changed by somebody who does not own it.",
      "The lock of a job that is gone can stay for good, or be taken from a job that is alive.",
      "A job can fail or hang although the lock it waits for becomes free.",
      "A resource can exist that no state knows of, be created twice, or be destroyed though nobody asked "
      "for it.",
      "A lock can stay behind that nobody will release: nobody gets the lock until it is removed by hand.",
      "What is applied can be something else than what was approved, or be reported though it was not "
      "applied.",
  }};
  static_assert(std::ranges::none_of(kHeadlines, &std::string_view::empty));
  return kHeadlines[property];
}

std::string_view atomic_file() {
  return "An atomic replacement: write a new file, then rename it over the state. The local backend "
         "truncates the state and writes it in place, so for a while, or after a crash for good, there is "
         "only a part of it.";
}

std::string reached_text(const scenarios::VerifyResult& result) {
  if (result.reached.empty()) return "nothing is said of how the clients fare";
  const auto commands = std::ranges::count_if(
      result.reached, [](const scenarios::CommandReached& one) { return one.command.has_value(); });
  std::string text;
  for (const scenarios::CommandReached& one : result.reached) {
    text += text.empty() ? "" : "; ";
    if (!one.command) {
      text += one.jobs + ": ";
    } else {
      text +=
          commands == 1 ? fmt::format("{}: ", one.name()) : fmt::format("{} of {}: ", one.name(), one.jobs);
    }
    text += one.succeeds()             ? "succeeds"
            : result.explored.complete ? "never succeeds"
                                       : "not seen to succeed so far";
    for (const models::Goal goal : one.goals) {
      std::string words(models::goal_name(goal));
      std::ranges::replace(words, '-', ' ');
      text += ", " + words;
    }
  }
  return text;
}

std::string_view target_name(models::UnlockTarget target) {
  return models::kUnlockTargetNames[static_cast<std::size_t>(target)];
}

std::string duration_text(std::chrono::milliseconds duration) {
  const auto count = duration.count();
  if (count % 1000 != 0) return fmt::format("{}ms", count);
  if (count == 0 || count % 60'000 != 0) return fmt::format("{}s", count / 1000);
  return count % 3'600'000 == 0 ? fmt::format("{}h", count / 3'600'000) : fmt::format("{}m", count / 60'000);
}

namespace {

// " (1: plan; 2: apply with -lock=false, 2 times)"
std::string fleets_text(const Scenario& scenario) {
  std::string text;
  for (const scenarios::Fleet& fleet : scenario.all_fleets()) {
    text += fmt::format("{}{}: {}", text.empty() ? " (" : "; ", fleet.client.count,
                        scenarios::commands_text(fleet.client));
    if (fleet.client.runs > 1) text += fmt::format(", {} times", fleet.client.runs);
  }
  return text + ")";
}

}  // namespace

std::string bounds_text(const Scenario& scenario) {
  std::string text = fmt::format("{} client{}", scenario.clients(), scenario.clients() == 1 ? "" : "s");
  if (!is_plain(scenario)) text += fleets_text(scenario);
  if (is_plain(scenario) && scenario.client.runs > 1)
    text += fmt::format(" with {} applies each", scenario.client.runs);
  text += fmt::format(", {} resource{}", scenario.resources(), scenario.resources() == 1 ? "" : "s");
  if (scenario.begins)
    text += fmt::format("; begins where {} may end", scenario.begins->after) +
            (scenario.begins->long_ago ? ", long ago" : "");
  if (scenario.recorded) text += fmt::format(" ({} recorded at first)", *scenario.recorded);
  if (std::ranges::any_of(scenario.all_fleets(), [](const scenarios::Fleet& fleet) {
        return fleet.client.runner == scenarios::Runner::ephemeral;
      }))
    text += ", runners that are thrown away";
  bool any = false;
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (scenario.faults.count[kind] == 0) continue;
    text += fmt::format("{}{} {}", any ? ", " : "; at most ", sim::kFaultNames[kind],
                        scenario.faults.count[kind]);
    any = true;
  }
  const auto add_counted = [&](std::string_view name, unsigned count) {
    const std::string event = fmt::format("{} {}", name, count);
    if (count == 0 || text.find(event) != std::string::npos) return;  // fleets on one store
    text += fmt::format("{}{}", any ? ", " : "; at most ", event);
    any = true;
  };
  for (const scenarios::Fleet& fleet : scenario.all_fleets()) {
    for (const auto& [name, count] : fleet.backend->counted_events()) add_counted(name, count);
  }
  if (scenario.orchestrator)
    add_counted(models::Orchestrator::kCountedEvent, scenario.orchestrator->database_failures);
  if (!any) text += "; no faults";
  if (scenario.force_unlock.force_unlock > 0) {
    text += fmt::format("; {} force-unlock by an operator (of {} holders)",
                        scenario.force_unlock.force_unlock, target_name(scenario.force_unlock.target));
  }
  for (std::size_t act = 0; act < models::kHandActs; ++act) {
    if (const unsigned times = scenario.force_unlock.by_hand[act]; times > 0)
      text += fmt::format("; {} {} by hand", models::kHandActNames[act], times);
  }
  if (scenario.orchestrator) {
    text += fmt::format("; pull requests by an orchestrator with {} replica{}",
                        scenario.orchestrator->replicas, scenario.orchestrator->replicas == 1 ? "" : "s");
  }
  if (scenario.lock_sharers > 0)
    text += fmt::format("; {} jobs of other states with the same lock", scenario.lock_sharers);
  if (scenario.initial_lock == scenarios::InitialLock::left)
    text += "; the lock of an earlier job stands there";
  if (scenario.initial_lock == scenarios::InitialLock::nameless)
    text += "; a lock that names nobody stands there";
  if (scenario.client.lock_timeout.count() > 0)
    text += "; -lock-timeout=" + duration_text(scenario.client.lock_timeout);
  if (scenario.time.ticks > 0) text += fmt::format("; {} clock ticks", scenario.time.ticks);
  return text;
}

}  // namespace lockstorm::reports
