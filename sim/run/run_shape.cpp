#include "sim/run/run_shape.hpp"

#include "sim/strategies/uniform.hpp"

namespace lockstorm::sim {

RunShape measure_shape(TableRun& run, unsigned runs, const RunLimits& limits) {
  const WorldSpec& spec = run.tables().spec();
  const auto processes = static_cast<std::uint32_t>(spec.process_count());
  RunShape shape;
  shape.processes = processes;
  shape.events.assign(processes, 0);
  shape.effects.assign(std::max<std::size_t>(spec.services.size(), 1),
                       std::vector<std::uint32_t>(processes, 0));
  Uniform uniform;
  ChoiceStream stream;
  std::uint64_t steps = 64;
  for (unsigned number = 0; number < runs; ++number) {
    Random random(number);
    FaultPlan plan = FaultPlan::drawn(spec.budget, steps, random);
    const RunResult result = run.run(uniform, plan, random, limits, stream);
    steps = std::max(steps, result.steps);
    shape.steps = std::max(shape.steps, static_cast<std::uint32_t>(result.steps));
    run.restart();
    RunResult ignored;
    for (const Decision& decision : stream) {
      if (decision.slot() < processes) {
        ++shape.events[decision.slot()];
        const Move& move = run.tables().move(run.local(decision.slot()), decision.move()).move;
        if (move.is_effect()) ++shape.effects[move.service][decision.slot()];
      }
      run.take(decision, ignored);
    }
  }
  for (std::uint32_t& events : shape.events) events = (events + runs - 1) / runs;
  for (auto& service : shape.effects) {
    for (std::uint32_t& effects : service) effects = (effects + runs - 1) / runs;
  }
  return shape;
}

}  // namespace lockstorm::sim
