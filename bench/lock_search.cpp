// The lock workload in the explorer and on random walks, as a program that `peers/run` times beside others:
// `lock_search exhaustive N K S plain|symmetric`, `lock_search random N EXECUTIONS`.
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "bench/lock_world.hpp"
#include "sim/explore/explorer.hpp"
#include "sim/run/table_run.hpp"
#include "sim/strategies/uniform.hpp"

namespace lockstorm::bench {
namespace {

unsigned number(std::string_view text) {
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

int exhaustive(const LockBounds& bounds, bool symmetry) {
  const sim::WorldSpec spec = lock_world(bounds);
  sim::StateTables tables(spec, sim::Automaton::Mode::compressed);
  sim::ExploreOptions options;
  options.symmetry = symmetry;
  options.reduction = false;
  options.max_states = std::size_t{1} << 26U;
  const sim::MonitorOf<LockWatch> watch;
  const sim::ExploreResult result = sim::Explorer<1>(tables, watch, {}, options).run();
  std::printf("%zu states, %zu transitions, %zu depth, %.1f MB\n", result.states, result.transitions,
              result.depth, static_cast<double>(result.memory_bytes) / 1e6);
  return result.complete && result.violated == 0 ? 0 : 1;
}

int random(unsigned clients, unsigned executions) {
  const sim::WorldSpec spec = lock_world({static_cast<std::uint16_t>(clients), 2, 0, true});
  sim::StateTables tables(spec, sim::Automaton::Mode::compressed);
  const sim::MonitorOf<LockWatch> watch;
  sim::TableRun run(tables, watch);
  sim::Uniform uniform;
  sim::FaultPlan no_faults;
  sim::ChoiceStream decisions;
  std::uint64_t points = 0;
  bool good = true;
  for (unsigned seed = 0; seed < executions; ++seed) {
    sim::Random draws(seed);
    const sim::RunResult result = run.run(uniform, no_faults, draws, {1'000'000, 1'000'000}, decisions);
    points += result.steps;
    good = good && result.ended && result.violations == 0;
  }
  std::printf("%u executions, %llu points\n", executions, static_cast<unsigned long long>(points));
  return good ? 0 : 1;
}

int run(int count, char** arguments) {
  const std::string_view what = count > 1 ? arguments[1] : "";
  if (what == "exhaustive" && count == 6) {
    const LockBounds bounds{static_cast<std::uint16_t>(number(arguments[2])),
                            static_cast<std::uint8_t>(number(arguments[3])),
                            static_cast<std::uint8_t>(number(arguments[4])), true};
    return exhaustive(bounds, std::string_view(arguments[5]) == "symmetric");
  }
  if (what == "random" && count == 4) {
    const unsigned clients = number(arguments[2]);
    return random(clients, number(arguments[3]));
  }
  std::fputs("usage: lock_search exhaustive N K S plain|symmetric | lock_search random N EXECUTIONS\n",
             stderr);
  return 64;
}

}  // namespace
}  // namespace lockstorm::bench

int main(int count, char** arguments) { return lockstorm::bench::run(count, arguments); }
