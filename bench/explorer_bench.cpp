// How fast the explorer visits states, and what a state costs.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "bench/paired.hpp"
#include "bench/s3_lockfile.hpp"
#include "scenarios/search/verify_result.hpp"
#include "scenarios/world/world.hpp"
#include "sim/explore/explorer.hpp"

namespace lockstorm::bench {
namespace {

// An exploration with its tables filled, so that a run measures the hot loop. Two of them share no cache
// line.
class alignas(128) Prepared {
 public:
  explicit Prepared(const scenarios::Scenario& scenario = s3_lockfile())
      : world_(scenarios::build_world(scenario)), tables_(world_->spec, sim::Automaton::Mode::compressed) {
    explore_with<2>(1);
    do {
      tables_.minimise(100'000);
      explore_with<2>(1);
    } while (tables_.outgrown());
  }
  // As `verify` does: with keys of one word where they do.
  sim::ExploreResult explore(unsigned threads = 1) {
    try {
      return explore_with<1>(threads);
    } catch (const sim::KeyTooNarrow&) {
      return explore_with<2>(threads);
    }
  }

 private:
  template <int W>
  sim::ExploreResult explore_with(unsigned threads) {
    sim::ExploreOptions options;
    options.max_states = std::size_t{1} << 24U;
    options.threads = threads;
    return sim::Explorer<W>(tables_, world_->monitors, world_->end_check, options).run();
  }

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
  state.counters["M_steps_per_s"] = static_cast<double>(result.transitions) / median(seconds) / 1e6;
  state.counters["bytes_a_state"] =
      static_cast<double>(result.memory_bytes) / static_cast<double>(result.states);
}
BENCHMARK(BM_ExploreS3Lockfile)->Iterations(15)->UseManualTime()->Unit(benchmark::kMillisecond);

// Work that shares nothing, not even memory.
std::uint64_t spin(std::uint64_t turns) {
  std::uint64_t x = turns;
  for (std::uint64_t i = 0; i < turns; ++i) {
    x = x * 6364136223846793005ULL + 1442695040888963407ULL;
    benchmark::DoNotOptimize(x);
  }
  return x;
}

// Two pieces of work in turn, and at once.
struct TwoWays {
  double in_turn_s = 0;
  double at_once_s = 0;
  [[nodiscard]] double speed_up() const { return in_turn_s / at_once_s; }
};

template <class One, class Other>
TwoWays measure(One&& one, Other&& other) {
  TwoWays both;
  both.in_turn_s = seconds_of([&] {
    one();
    other();
  });
  both.at_once_s = seconds_of([&] {
    std::jthread beside([&] { other(); });
    one();
  });
  return both;
}

// Two configurations on two cores against in turn, and what this machine gives to two threads that have
// nothing in common, measured in between: virtual cores may be halves of one.
void BM_TwoConfigurationsOnTwoCores(benchmark::State& state) {
  constexpr std::uint64_t kTurns = 100'000'000;
  Prepared first;
  Prepared second;
  first.explore();
  second.explore();
  std::vector<double> explorers;
  std::vector<double> machine;
  std::vector<double> of_machine;
  for (auto _ : state) {
    machine.push_back(measure([] { spin(kTurns); }, [] { spin(kTurns); }).speed_up());
    const TwoWays explored = measure([&] { first.explore(); }, [&] { second.explore(); });
    explorers.push_back(explored.speed_up());
    of_machine.push_back(explorers.back() / machine.back());
    state.SetIterationTime(explored.at_once_s);
  }
  state.counters["speed_up"] = median(explorers);
  state.counters["machine"] = median(machine);
  state.counters["of_machine"] = median(of_machine);
}
BENCHMARK(BM_TwoConfigurationsOnTwoCores)->Iterations(9)->UseManualTime()->Unit(benchmark::kMillisecond);

// One space that two threads share, against one thread alone.
void BM_OneSpaceOnTwoCores(benchmark::State& state) {
  scenarios::Scenario scenario = s3_lockfile();
  scenario.faults[sim::Fault::pause] = 1;
  Prepared prepared(scenario);
  std::vector<double> speed_ups;
  std::size_t states = 0;
  sim::run_parallel(2, 1, [&](std::size_t) {
    for (auto _ : state) {
      const double alone_s = seconds_of([&] { states = prepared.explore(1).states; });
      const double shared_s = seconds_of([&] { prepared.explore(2); });
      speed_ups.push_back(alone_s / shared_s);
      state.SetIterationTime(shared_s);
    }
  });
  state.counters["speed_up"] = median(speed_ups);
  state.counters["states"] = static_cast<double>(states);
}
BENCHMARK(BM_OneSpaceOnTwoCores)->Iterations(9)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lockstorm::bench

BENCHMARK_MAIN();
