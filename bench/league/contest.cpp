#include "bench/league/contest.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

#include "scenarios/files/library.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::league {
namespace {

constexpr unsigned kPilots = 64;

double since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

std::string Control::name() const {
  return jobs == 0 ? std::string(scenario) : fmt::format("{}, {} jobs", scenario, jobs);
}

scenarios::Scenario scenario_of(const Control& control) {
  auto found = scenarios::find_scenario(std::string(control.scenario));
  if (!found) throw std::invalid_argument(found.error().render());
  scenarios::Scenario scenario = *std::move(found);
  if (control.jobs == 0) return scenario;
  scenario.name = control.name();
  scenario.client.count = control.jobs;
  if (!scenario.fleets.empty()) scenario.fleets.front().client.count = control.jobs;
  return scenario;
}

checkers::PropertySet proved(const scenarios::Scenario& control) {
  scenarios::VerifyOptions options;
  options.explain = false;
  const scenarios::VerifyResult result = scenarios::verify(control, options);
  checkers::PropertySet held;
  for (const auto& [property, verdict] : result.properties) {
    // Also what bounded time leaves open at endings: no run of the control violates it.
    const bool is_open = verdict == scenarios::Verdict::unknown && result.explored.complete;
    if (verdict == scenarios::Verdict::held || is_open) held.insert(property);
  }
  return held;
}

Contest::Contest(const scenarios::Scenario& control, checkers::PropertySet wanted, const Mutation& mutation)
    : control_(control),
      wanted_(wanted),
      world_(mutation.build(control)),
      worker_(*world_),
      shape_(sim::measure_shape(worker_.runner(), kPilots, {})) {}

Trial Contest::search(const std::vector<std::string>& strategies, std::uint64_t seed,
                      std::uint64_t most_runs) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::unique_ptr<scenarios::Lane>> lanes;
  for (unsigned lane = 0; lane < scenarios::kLanes; ++lane)
    lanes.push_back(std::make_unique<scenarios::Lane>(seed, lane, strategies));
  Trial trial;
  while (trial.runs < most_runs) {
    scenarios::Lane& lane = *lanes[trial.runs % scenarios::kLanes];
    lane.run(worker_, world_->spec, shape_, 1, wanted_.bits());
    ++trial.runs;
    if (lane.finds().empty()) continue;
    trial.killed = true;
    break;
  }
  trial.seconds = since(start);
  return trial;
}

Exploration Contest::explore() const {
  const auto start = std::chrono::steady_clock::now();
  scenarios::VerifyOptions options;
  options.explain = false;
  const scenarios::VerifyResult result = scenarios::verify(control_, *world_, options);
  Exploration found{false, result.explored.complete, result.explored.states, 0};
  for (const auto& [property, verdict] : result.properties) {
    found.killed |= wanted_.contains(property) && verdict == scenarios::Verdict::violated;
  }
  found.seconds = since(start);
  return found;
}

}  // namespace lockstorm::league
