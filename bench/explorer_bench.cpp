// How fast the explorer visits states, and what a state costs.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "bench/paired.hpp"
#include "bench/s3_lockfile.hpp"
#include "scenarios/verify.hpp"
#include "scenarios/world.hpp"
#include "sim/explorer.hpp"

namespace lockstorm::bench {
namespace {

// An exploration with its tables filled, so that a run measures the hot loop.
class Prepared {
 public:
  Prepared()
      : world_(scenarios::build_world(s3_lockfile())),
        tables_(world_->spec, sim::Automaton::Mode::compressed) {
    explore();
    do {
      tables_.minimise(100'000);
      explore();
    } while (tables_.outgrown());
  }
  sim::ExploreResult explore() {
    sim::ExploreOptions options;
    options.max_states = std::size_t{1} << 24U;
    return sim::Explorer<2, checkers::Monitors>(tables_, world_->monitors, world_->end_check, options).run();
  }

 private:
  std::unique_ptr<scenarios::World> world_;
  sim::StateTables tables_;
};

void BM_ExploreS3Lockfile(benchmark::State& state) {
  Prepared prepared;
  sim::ExploreResult result;
  std::vector<double> seconds;
  for (auto _ : state) {
    seconds.push_back(seconds_of([&] { result = prepared.explore(); }));
    state.SetIterationTime(seconds.back());
  }
  state.counters["states"] = static_cast<double>(result.states);
  state.counters["M_states_per_s"] = static_cast<double>(result.states) / median(seconds) / 1e6;
  state.counters["bytes_a_state"] =
      static_cast<double>(result.memory_bytes) / static_cast<double>(result.states);
}
BENCHMARK(BM_ExploreS3Lockfile)->Iterations(15)->UseManualTime()->Unit(benchmark::kMillisecond);

// Two configurations in turn over two configurations on two cores.
void BM_TwoConfigurationsOnTwoCores(benchmark::State& state) {
  Prepared first;
  Prepared second;
  run_paired(
      state,
      [&] {
        first.explore();
        second.explore();
      },
      [&] {
        std::jthread other([&] { second.explore(); });
        first.explore();
      });
  state.counters["speed_up"] = static_cast<double>(state.counters["ratio"]);
}
BENCHMARK(BM_TwoConfigurationsOnTwoCores)->Iterations(9)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lockstorm::bench

BENCHMARK_MAIN();
