#include "cli/verify_all.hpp"

#include <algorithm>
#include <atomic>

#include "cli/progress.hpp"
#include "scenarios/parallel.hpp"
#include "scenarios/what_if.hpp"

namespace lockstorm::cli {
std::vector<scenarios::VerifyResult> verify_all(const std::vector<scenarios::Scenario>& scenarios,
                                                const Global& global, const std::string& what,
                                                scenarios::VerifyOptions options) {
  std::vector<scenarios::VerifyResult> results(scenarios.size());
  const auto threads = static_cast<unsigned>(std::clamp<std::size_t>(scenarios.size(), 1, global.threads()));
  options.max_bytes = global.memory_bytes / threads;
  Progress progress(scenarios.size(), what);
  std::atomic<std::size_t> next{
      0};  // in order, so that small configurations, which come first, are done first
  const auto worker = [&](std::size_t) {
    for (std::size_t i = next++; i < scenarios.size(); i = next++) {
      progress.started(scenarios[i].name);
      results[i] = scenarios::verify(scenarios[i], options);
      progress.finished();
    }
  };
  scenarios::run_parallel(threads, threads, worker);
  return results;
}

void find_decisive_steps(const std::vector<OpenQuestion>& open, const Global& global) {
  Progress progress(open.size(), "decisive moments");
  const auto find = [&](std::size_t i) {
    const auto& [scenario, counterexample] = open[i];
    progress.started(scenario->name);
    counterexample->decisive_step = find_decisive_step(*scenarios::build_world(*scenario),
                                                       counterexample->property, counterexample->schedule);
    progress.finished();
  };
  scenarios::run_parallel(global.threads(), open.size(), find);
}

void try_changes(const std::vector<OpenQuestion>& untried, const Global& global) {
  Progress progress(untried.size(), "changes tried");
  const auto try_one = [&](std::size_t i) {
    const auto& [scenario, counterexample] = untried[i];
    progress.started(scenario->name);
    counterexample->tried = scenarios::try_changes(*scenario, counterexample->property);
    progress.finished();
  };
  scenarios::run_parallel(global.threads(), untried.size(), try_one);
}

scenarios::Verdict worst(const std::vector<scenarios::VerifyResult>& results) {
  auto verdict = scenarios::Verdict::held;
  for (const scenarios::VerifyResult& result : results) verdict = worse(verdict, result.verdict);
  return verdict;
}

}  // namespace lockstorm::cli
