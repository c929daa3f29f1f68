#include "cli/verify_all.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>

#include "cli/progress.hpp"
#include "sim/state_layout.hpp"

namespace lockstorm::cli {
namespace {

// A world that is too large to be stored is an answer ("unknown"), not a failure of the program.
scenarios::VerifyResult verify_one(const scenarios::Scenario& scenario,
                                   const scenarios::VerifyOptions& options) {
  try {
    return scenarios::verify(scenario, options);
  } catch (const sim::KeyTooNarrow& error) {
    scenarios::VerifyResult result;
    result.scenario = scenario;
    result.why =
        fmt::format("too large for exhaustive search ({}): try fewer clients or faults", error.what());
    return result;
  }
}

}  // namespace

std::vector<scenarios::VerifyResult> verify_all(const std::vector<scenarios::Scenario>& scenarios,
                                                const Global& global, const std::string& what,
                                                bool find_decisive_moment) {
  std::vector<scenarios::VerifyResult> results(scenarios.size());
  const auto threads = static_cast<unsigned>(std::clamp<std::size_t>(scenarios.size(), 1, global.threads()));
  const scenarios::VerifyOptions options{.max_bytes = global.memory_bytes / threads,
                                         .find_decisive_moment = find_decisive_moment};
  Progress progress(scenarios.size(), what);
  std::atomic<std::size_t> next{
      0};  // in order, so that small configurations, which come first, are done first
  const auto worker = [&](unsigned) {
    for (std::size_t i = next++; i < scenarios.size(); i = next++) {
      progress.started(scenarios[i].name);
      results[i] = verify_one(scenarios[i], options);
      progress.finished();
    }
  };
  tbb::task_arena arena(static_cast<int>(threads));
  arena.execute([&] { tbb::parallel_for(0U, threads, worker, tbb::simple_partitioner()); });
  return results;
}

scenarios::Verdict worst(const std::vector<scenarios::VerifyResult>& results) {
  auto verdict = scenarios::Verdict::held;
  for (const scenarios::VerifyResult& result : results) verdict = worse(verdict, result.verdict);
  return verdict;
}

}  // namespace lockstorm::cli
