// The lock workload has exactly the states that other model checkers find (bench/peers/README.md).
#include <gtest/gtest.h>

#include "bench/lock_world.hpp"
#include "sim/explore/explorer.hpp"

namespace lockstorm::bench {
namespace {

struct Exact {
  LockBounds bounds;
  std::size_t states;
  std::size_t edges;
  std::size_t ends;
  std::size_t depth;
  std::size_t symmetric_states;
  std::size_t symmetric_edges;
};

// How gtest names a parameter that fails.
std::ostream& operator<<(std::ostream& out, const Exact& exact) {
  return out << exact.bounds.clients << " clients, " << int{exact.bounds.rounds} << " rounds, "
             << int{exact.bounds.steals} << " steals";
}

sim::ExploreResult explore(const LockBounds& bounds, bool symmetry) {
  const sim::WorldSpec spec = lock_world(bounds);
  sim::StateTables tables(spec, sim::Automaton::Mode::compressed);
  sim::ExploreOptions options;
  options.symmetry = symmetry;
  options.reduction = false;
  options.max_states = std::size_t{1} << 25U;
  const sim::MonitorOf<LockWatch> watch;
  return sim::Explorer<2>(tables, watch, {}, options).run();
}

class LockWorkloadStates : public testing::TestWithParam<Exact> {};

TEST_P(LockWorkloadStates, HasTheStatesThatOthersFind) {
  const Exact& exact = GetParam();
  const sim::ExploreResult all = explore(exact.bounds, false);
  EXPECT_TRUE(all.complete);
  EXPECT_EQ(all.states, exact.states);
  EXPECT_EQ(all.transitions, exact.edges);
  EXPECT_EQ(all.end_states, exact.ends);
  EXPECT_EQ(all.depth, exact.depth);
  EXPECT_EQ(all.violated, 0);
  const sim::ExploreResult symmetric = explore(exact.bounds, true);
  EXPECT_EQ(symmetric.states, exact.symmetric_states);
  EXPECT_EQ(symmetric.transitions, exact.symmetric_edges);
}

INSTANTIATE_TEST_SUITE_P(Bounds, LockWorkloadStates,
                         testing::Values(Exact{{2, 1, 0}, 111, 192, 1, 22, 57, 98},
                                         Exact{{2, 2, 0}, 501, 932, 1, 44, 253, 470},
                                         Exact{{3, 1, 0}, 1'098, 2'763, 1, 33, 219, 547},
                                         Exact{{3, 2, 0}, 14'075, 38'826, 1, 66, 2'511, 6'912},
                                         Exact{{4, 1, 0}, 12'109, 40'088, 1, 44, 768, 2'512},
                                         Exact{{2, 1, 1}, 535, 1'124, 11, 24, 271, 566},
                                         Exact{{2, 2, 1}, 3'421, 7'668, 19, 46, 1'717, 3'844},
                                         Exact{{2, 2, 2}, 5'157, 11'506, 36, 48, 2'588, 5'766},
                                         Exact{{3, 1, 1}, 12'295, 36'690, 15, 35, 2'166, 6'395},
                                         Exact{{3, 2, 1}, 228'373, 733'680, 27, 68, 38'773, 124'250},
                                         Exact{{4, 1, 1}, 247'125, 949'384, 19, 46, 12'529, 47'386},
                                         Exact{{3, 2, 2}, 992'269, 3'388'500, 60, 70, 166'970, 569'113},
                                         Exact{{4, 1, 2}, 1'390'005, 5'712'672, 42, 48, 63'755, 258'369}),
                         [](const auto& info) {
                           const LockBounds& bounds = info.param.bounds;
                           return "N" + std::to_string(bounds.clients) + "K" + std::to_string(bounds.rounds) +
                                  "S" + std::to_string(bounds.steals);
                         });

// bench/peers/README.md: a steal without a fence loses an update, in 18 steps at the earliest.
TEST(LockWorkload, TheSeededBugTakesEighteenSteps) {
  const sim::WorldSpec spec = lock_world({2, 2, 1, false});
  sim::StateTables tables(spec, sim::Automaton::Mode::compressed);
  sim::ExploreOptions options;
  options.reduction = false;
  options.stop_at = 1;
  const sim::MonitorOf<LockWatch> watch;
  sim::Explorer<2> explorer(tables, watch, {}, options);
  const sim::ExploreResult result = explorer.run();
  ASSERT_EQ(result.violated, 1);
  EXPECT_EQ(explorer.schedule_to(*result.first[0]).size(), 18U);
}

}  // namespace
}  // namespace lockstorm::bench
