#include "scenarios/search/validity.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/terraform/outcome.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;

// What was declared and never took effect: nothing was tested against it.
void find_untested(VerifyResult& result) {
  const Scenario& scenario = result.scenario;
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (scenario.faults.count[kind] == 0 || result.fired[kind] > 0) continue;
    result.invalidity = Invalidity::fault_never_fired;
    result.why =
        fmt::format("the declared fault '{}' never took effect in any run: nothing was tested against it",
                    sim::kFaultNames[kind]);
    return;
  }
  const auto acts = [](const CommandReached& one) {
    return !one.command && !one.by_hand && std::ranges::any_of(one.ends, [](const models::CommandEnd& end) {
      return end.ending == models::Ending::force_unlocked ||
             end.ending == models::Ending::force_unlock_failed;
    });
  };
  if (scenario.force_unlock.force_unlock > 0 && std::ranges::none_of(result.reached, acts)) {
    result.invalidity = Invalidity::operator_never_acts;
    result.why = "the operator never found a lock to remove in any run: nothing was tested against it";
    return;
  }
  const auto idle = std::ranges::find_if(
      result.reached, [](const CommandReached& one) { return one.by_hand && !one.succeeds(); });
  if (idle == result.reached.end()) return;
  result.invalidity = Invalidity::operator_never_acts;
  result.why = fmt::format("'{}' changed nothing in any run: nothing was tested against it", idle->name());
}

}  // namespace

Verdict verdict_of_unviolated(const World& world, Property property, bool complete, std::size_t cut_off) {
  if (!complete) return Verdict::unknown;
  const bool is_open = cut_off > 0 && world.judged_at_endings.contains(property);
  return is_open ? Verdict::unknown : Verdict::held;
}

void settle_validity(VerifyResult& result, const World& world, std::size_t max_states) {
  if (result.verdict >= Verdict::violated) return;
  const Scenario& scenario = result.scenario;
  const bool has_operators = scenario.force_unlock.people() > 0;
  const bool is_calm = scenario.faults.total() == 0 && !has_operators;
  CalmRuns calm{result.reached, is_calm && result.explored.complete};
  if (!is_calm || (!calm.complete && never_succeeds(calm.reached, scenario.never) != nullptr))
    calm = find_calm_runs(world, scenario.never, max_states);
  if (const CommandReached* command = never_succeeds(calm.reached, scenario.never)) {
    if (calm.complete) {
      result.verdict = Verdict::invalid;
      result.invalidity = Invalidity::nobody_succeeds;
      result.why = never_succeeds_text(*command, has_operators && !world.needs_people) +
                   (result.why.empty() || result.explored.complete ? "" : "; besides: " + result.why);
      return;
    }
    if (result.verdict == Verdict::held) {
      result.verdict = Verdict::unknown;
      result.why = fmt::format(
          "no run without faults was seen in which '{}' of {} succeeds, and there are too many to see all",
          command->name(), command->jobs);
    }
  }
  const bool is_decided = result.explored.complete || result.verdict == Verdict::held;
  if (is_decided) find_untested(result);
  if (result.invalidity != Invalidity::none) result.verdict = Verdict::invalid;
}

}  // namespace lockstorm::scenarios
