#include "scenarios/search/walk_scenario.hpp"

#include "scenarios/search/finish.hpp"
#include "scenarios/search/limits.hpp"
#include "scenarios/world/world.hpp"
#include "sim/run/walk.hpp"

namespace lockstorm::scenarios {

WalkedScenario walk_scenario(const Scenario& scenario, std::span<const std::uint32_t> picks) {
  const auto world = build_world(scenario);
  sim::StateTables tables(world->spec, sim::Automaton::Mode::compressed);
  sim::TableRun run(tables, world->monitors);
  const sim::WalkedRun walked = sim::walk(run, picks);
  checkers::PropertySet violations = checkers::PropertySet::from_bits(walked.result.violations);
  if (walked.result.ended && world->end_check) {
    sim::EndCheck check = world->end_check;  // it remembers what it has seen
    violations |= checkers::PropertySet::from_bits(check(tables.values(), run.end_state()));
  } else if (!walked.result.ended &&
             FinishSearch(tables, limits::kFinishStates).from(run, walked.decisions) == Finish::impossible) {
    violations.insert(checkers::Property::progress);
  }
  return {violations & world->checked, walked.result.ended, run.schedule_of(walked.decisions)};
}

}  // namespace lockstorm::scenarios
