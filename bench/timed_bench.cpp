// Virtual time: what an event of real client code costs beside the barest run on the same fibers, a day of
// fifty pipelines, a hundred thousand jobs in one world.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <fstream>

#include "bench/fiber_run.hpp"
#include "bench/lock_workload.hpp"
#include "bench/paired.hpp"
#include "scenarios/contend/contend.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/timed/day.hpp"

namespace lockstorm::bench {
namespace {

scenarios::TimedWorld world_of(const std::string& client, const std::string& time) {
  const auto scenario = scenarios::parse_scenario("backend: {type: s3, use_lockfile: true}\nclient: {" +
                                                      client + "}\ntime: {model: timed, " + time + "}\n",
                                                  "bench.yaml", "bench");
  auto world = scenarios::timed_world(*scenario);
  return std::move(*world);
}

// Fifty pipelines of one state that each apply about four times in office hours.
scenarios::TimedWorld fifty_pipelines() {
  return world_of("count: 50, lock_timeout: 5m",
                  "for: 1d, arrivals: {every: 2h30m, hours: [\"8:00\", \"18:00\"]}");
}

// The least that a run on fibers costs: fifty clients that poll a lock, without values, services or chance.
std::uint64_t bare_events(std::uint64_t runs) {
  constexpr std::uint32_t kClients = 50;
  FiberRun<EarliestFirst> world(64);
  std::uint64_t events = 0;
  for (std::uint64_t seed = 0; seed < runs; ++seed) {
    LockServer server;
    auto body = [&](auto& self) { lock_client(self, server, 2, true); };
    world.run(kClients, seed, body);
    events += world.events();
  }
  return events;
}

void BM_EventsAgainstTheBarestRun(benchmark::State& state) {
  const scenarios::TimedWorld world = fifty_pipelines();
  constexpr std::uint64_t kDays = 20;
  std::uint64_t events = 0;
  std::uint64_t bare = 0;
  run_paired(
      state,
      [&] {
        events = 0;
        for (std::uint64_t run = 0; run < kDays; ++run)
          events += run_day(world, {.seed = 1, .run = run}).events;
      },
      [&] { bare = bare_events(100); });
  const double ours_ns = state.counters["subject_s"] / static_cast<double>(events) * 1e9;
  const double bare_ns = state.counters["reference_s"] / static_cast<double>(bare) * 1e9;
  state.counters["ns_an_event"] = ours_ns;
  state.counters["M_events_per_s"] = 1e3 / ours_ns;
  state.counters["times_the_barest"] = ours_ns / bare_ns;
}
BENCHMARK(BM_EventsAgainstTheBarestRun)->Iterations(9)->UseManualTime()->Unit(benchmark::kMillisecond);

void BM_AThousandDaysOfFiftyPipelines(benchmark::State& state) {
  const scenarios::TimedWorld world = fifty_pipelines();
  scenarios::ContendResult result;
  for (auto _ : state)
    result = contend(
        world, {.runs = 1000, .seed = 1, .threads = static_cast<unsigned>(state.range(0)), .one_done = {}});
  state.counters["jobs"] = static_cast<double>(result.jobs);
  state.counters["events"] = static_cast<double>(result.events);
  state.counters["M_events_per_s"] = static_cast<double>(result.events) / result.seconds / 1e6;
}
BENCHMARK(BM_AThousandDaysOfFiftyPipelines)
    ->Arg(1)
    ->Arg(2)
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kSecond);

// Time of the same days on one thread over their time on two: 2 would be perfect.
void BM_TwoThreadsAgainstOne(benchmark::State& state) {
  const scenarios::TimedWorld world = fifty_pipelines();
  const auto days = [&world](unsigned threads) {
    contend(world, {.runs = 200, .seed = 1, .threads = threads, .one_done = {}});
  };
  run_paired(state, [&] { days(1); }, [&] { days(2); });
  state.counters["speed_up"] = static_cast<double>(state.counters["ratio"]);
}
BENCHMARK(BM_TwoThreadsAgainstOne)->Iterations(7)->UseManualTime()->Unit(benchmark::kMillisecond);

std::size_t bytes_resident() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// All in one world and at once: each state's jobs are told to start within a minute, and wait for each other.
void BM_AHundredThousandJobsThatWait(benchmark::State& state) {
  constexpr double kJobs = 100'000;
  const scenarios::TimedWorld world =
      world_of("count: 100, lock_timeout: 10m",
               "for: 1h, pipelines: 100000, states: 2000, plan: 10s, apply: 20s, arrivals: {burst: 100000, "
               "within: 1m, every: 2h}");
  std::uint64_t events = 0;
  double bytes = 0;
  double seconds = 0;
  for (auto _ : state) {
    const std::size_t before = bytes_resident();
    seconds = seconds_of([&] {
      const scenarios::RunFigures run = run_day(world, {.seed = 1});
      events = run.events;
      bytes = std::max(bytes, static_cast<double>(bytes_resident() - before));
    });
  }
  state.counters["events"] = static_cast<double>(events);
  state.counters["M_events_per_s"] = static_cast<double>(events) / seconds / 1e6;
  state.counters["KiB_a_job"] = bytes / kJobs / 1024;
}
BENCHMARK(BM_AHundredThousandJobsThatWait)->Iterations(1)->UseRealTime()->Unit(benchmark::kSecond);

}  // namespace
}  // namespace lockstorm::bench

BENCHMARK_MAIN();
