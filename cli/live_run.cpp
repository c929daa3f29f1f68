#include "cli/live_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/data/fnv1a.hpp"
#include "sim/run/simulator.hpp"

namespace lockstorm::cli {
namespace {

using checkers::Property;
using checkers::PropertySet;
using sim::Simulator;

void note(LiveRun& run, PropertySet found, std::size_t step) {
  for (const Property property : found) {
    const bool known = std::ranges::find(run.violated, property, &ViolatedAt::property) != run.violated.end();
    if (!known) run.violated.push_back({property, step});
  }
}

std::string_view status_name(sim::ProcessStatus status) {
  switch (status) {
    case sim::ProcessStatus::alive:
      return "still running";
    case sim::ProcessStatus::paused:
      return "frozen";
    case sim::ProcessStatus::ended:
      return "ended";
    case sim::ProcessStatus::dead:
      return "killed";
  }
  return "";
}

std::vector<std::string> describe_end(const scenarios::World& world, const sim::ValuePool& values,
                                      const sim::EndState& end) {
  std::vector<std::string> lines;
  const sim::SpecNames names(world.spec);
  for (std::size_t i = 0; i < end.processes.size(); ++i) {
    const sim::EndState::Process& process = end.processes[i];
    const std::string outcome = values.describe(process.outcome, names);
    lines.push_back(fmt::format("{}: {}{}{}", names.slot_name(static_cast<sim::Slot>(i)),
                                status_name(process.status), outcome.empty() ? "" : ", ", outcome));
  }
  for (std::size_t i = 0; i < end.services.size(); ++i) {
    const std::string text = values.describe(end.services[i], names);
    if (!text.empty()) lines.push_back(fmt::format("{}: {}", world.spec.services[i]->name(), text));
  }
  return lines;
}

}  // namespace

LiveRun run_live(const scenarios::World& world, const Chooser& choose, std::size_t max_steps) {
  LiveRun run;
  sim::ValuePool values;
  Simulator simulator(world.spec, values, world.monitors);
  while (!simulator.finished() && run.schedule.size() < max_steps) {
    const auto bound = static_cast<std::uint32_t>(simulator.enabled().size());
    const std::optional<std::uint32_t> index = choose(bound);
    if (!index) break;
    run.schedule.push_back({*index, bound});
    const sim::StepRecord& record = simulator.take(*index);
    note(run, PropertySet::from_bits(record.violations) & world.checked, run.schedule.size());
  }
  run.finished = simulator.finished();
  run.trace_hash = simulator.trace_hash();
  run.fired = simulator.fired();
  const sim::EndState end = simulator.end_state();
  run.ending = describe_end(world, values, end);
  if (run.finished) {
    sim::EndCheck end_check = world.end_check;  // it remembers what it has seen: use a copy
    note(run, PropertySet::from_bits(end_check(values, end)) & world.checked, 0);
  } else if (world.checked.contains(Property::progress)) {
    run.finish = can_finish(world, run.schedule);
    if (run.finish == scenarios::Finish::impossible) note(run, {Property::progress}, 0);
  }
  return run;
}

scenarios::VerifyResult as_result(const scenarios::Scenario& scenario, const LiveRun& run,
                                  const scenarios::Counterexample& told, std::string why) {
  scenarios::VerifyResult result;
  result.scenario = scenario;
  result.scenario.never.clear();
  result.scenario.reached.clear();
  result.scenario.expect.clear();  // expectations are about every run, not about one
  const bool open = run.finish == scenarios::Finish::unknown;
  if (open) result.properties[Property::progress] = scenarios::Verdict::unknown;
  result.verdict = !run.violated.empty() ? scenarios::Verdict::violated
                   : open                ? scenarios::Verdict::unknown
                                         : scenarios::Verdict::held;
  result.searched.emplace();
  result.searched->runs = 1;
  result.searched->seen_through = run.finished ? 1 : 0;
  result.fired = run.fired;
  result.why = std::move(why);
  result.explored.transitions = run.schedule.size();
  for (const ViolatedAt& violated : run.violated) {
    result.properties[violated.property] = scenarios::Verdict::violated;
    result.counterexamples.push_back(told);
    result.counterexamples.back().property = violated.property;
  }
  return result;
}

std::string ending_text(const LiveRun& run) {
  std::string text = run.finished ? "In the end:\n" : "The run stops here, with more steps possible:\n";
  for (const std::string& line : run.ending) text += "  " + line + "\n";
  for (const ViolatedAt& violated : run.violated) {
    text += fmt::format("{} is violated {}\n", checkers::property_name(violated.property),
                        violated.step > 0 ? fmt::format("at step {}", violated.step)
                        : run.finished    ? "in the end"
                                          : "here: no run without further faults finishes any more");
  }
  if (run.finish == scenarios::Finish::unknown)
    text += "Whether everybody can still finish from here is too much to look at.\n";
  else if (run.violated.empty())
    text += "No property is violated in this run.\n";
  return text + fmt::format("Trace: {} over {} steps\n", scenarios::hex(run.trace_hash), run.schedule.size());
}

}  // namespace lockstorm::cli
