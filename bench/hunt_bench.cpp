// How many complete schedules a campaign makes in a second, with every monitor, end check and recording.
#include <benchmark/benchmark.h>

#include "bench/paired.hpp"
#include "bench/s3_lockfile.hpp"
#include "scenarios/hunt/hunt.hpp"
#include "scenarios/hunt/shrink.hpp"
#include "sim/run/simulator.hpp"

namespace lockstorm::bench {
namespace {

constexpr std::uint64_t kRuns = 20'000;

// One lane of a campaign, its tables filled.
class Prepared {
 public:
  Prepared() : world_(scenarios::build_world(s3_lockfile())), worker_(*world_) {
    shape_ = sim::measure_shape(worker_.runner(), 64, {});
    run();
  }
  void run() { lane_.run(worker_, world_->spec, shape_, kRuns, 0); }
  [[nodiscard]] const scenarios::HuntCounts& counts() const { return lane_.counts(); }

 private:
  static std::vector<std::string> all() {
    std::vector<std::string> names;
    for (const scenarios::StrategyInfo& info : scenarios::strategies()) names.emplace_back(info.name);
    return names;
  }
  std::unique_ptr<scenarios::World> world_;
  scenarios::HuntWorker worker_;
  scenarios::Lane lane_{1, 0, all()};
  sim::RunShape shape_;
};

void BM_SchedulesOfThePortfolio(benchmark::State& state) {
  Prepared prepared;
  std::vector<double> seconds;
  const std::uint64_t steps_before = prepared.counts().steps;
  for (auto _ : state) {
    seconds.push_back(seconds_of([&] { prepared.run(); }));
    state.SetIterationTime(seconds.back());
  }
  const double steps =
      static_cast<double>(prepared.counts().steps - steps_before) / static_cast<double>(state.iterations());
  state.counters["k_schedules_per_s"] = static_cast<double>(kRuns) / median(seconds) / 1e3;
  state.counters["M_steps_per_s"] = steps / median(seconds) / 1e6;
}
BENCHMARK(BM_SchedulesOfThePortfolio)->Iterations(15)->UseManualTime()->Unit(benchmark::kMillisecond);

// The fiber simulator, uniform, over the campaign: how many times as fast the tables are.
void BM_AgainstTheFiberSimulator(benchmark::State& state) {
  Prepared prepared;
  const auto world = scenarios::build_world(s3_lockfile());
  constexpr std::uint64_t kLiveRuns = 200;
  const auto live = [&] {
    sim::ValuePool values;
    sim::Simulator simulator(world->spec, values, world->monitors);
    for (std::uint64_t run = 0; run < kLiveRuns; ++run) {
      sim::Random random(run);
      simulator.restart();
      while (!simulator.finished())
        simulator.take(random.below(static_cast<std::uint32_t>(simulator.enabled().size())));
    }
  };
  run_paired(state, live, [&] { prepared.run(); });
  const double as_fast =
      static_cast<double>(state.counters["ratio"]) * static_cast<double>(kRuns) / kLiveRuns;
  state.counters["times_as_fast"] = as_fast;
}
BENCHMARK(BM_AgainstTheFiberSimulator)->Iterations(9)->UseManualTime()->Unit(benchmark::kMillisecond);

// Two cores over one, of a whole campaign with sixteen lanes. It lasts for seconds, as campaigns do: first
// each thread fills tables of its own (a tenth of a second here), which a second core does not shorten.
void BM_TwoCores(benchmark::State& state) {
  const scenarios::Scenario scenario = s3_lockfile();
  const auto campaign = [&](unsigned threads) {
    scenarios::HuntOptions options;
    options.runs = 1'000'000;
    options.threads = threads;
    options.all = true;
    options.shrink_states = 1;
    scenarios::hunt(scenario, options);
  };
  run_paired(state, [&] { campaign(1); }, [&] { campaign(2); });
  state.counters["speed_up"] = static_cast<double>(state.counters["ratio"]);
}
BENCHMARK(BM_TwoCores)->Iterations(5)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lockstorm::bench

BENCHMARK_MAIN();
