// What a process keeps in its cells is brought back with it, is renamed with everything else, and dies with
// it.
#include <gtest/gtest.h>

#include "sim/explore/explorer.hpp"
#include "sim/run/simulator.hpp"
#include "tests/sim/toy_world.hpp"

namespace lockstorm::sim {
namespace {

using toy::kServer;
using toy::Nothing;
constexpr Cell kFirst{0};
constexpr Cell kSecond{1};

struct Number {
  std::uint16_t value = 0;
};
struct Holder {
  Who who;
};

TEST(KeptMemory, EachCellHoldsItsOwnValue) {
  ValuePool values;
  std::vector<std::uint16_t> seen;
  bool forgotten = false;
  const Process::Body body = [&](Process& self) {
    seen.push_back(self.kept<Number>(kFirst).value);
    self.keep(kFirst, Number{7});
    self.keep(kSecond, Holder{Who::me()});
    seen.push_back(self.kept<Number>(kFirst).value);
    EXPECT_EQ(self.kept<Holder>(kSecond).who, Who::me());
    self.keep(kFirst, Number{});
    self.keep(kSecond, Holder{});
    forgotten = self.kept() == 0;
    seen.push_back(self.kept<Number>(kFirst).value);
  };
  Process(values, body).replay({}, false);
  EXPECT_EQ(seen, (std::vector<std::uint16_t>{0, 7, 0}));
  EXPECT_TRUE(forgotten) << "a default value is like none";
}

TEST(KeptMemory, ACellThatIsNotThereIsRefused) {
  ValuePool values;
  const Process::Body body = [](Process& self) { self.keep(Cell{kCells}, Number{1}); };
  Process process(values, body);
  EXPECT_THROW(process.replay({}, false), std::out_of_range);
}

/// Learns in a scope who holds the lock, and goes by what it has kept afterwards, also across a loop head
/// that says nothing of it.
void client(Process& self) {
  self.scope<Nothing>(1, [&]() -> Nothing {
    const auto answer = self.call(kServer, toy::Acquire{});
    self.keep(kFirst, Holder{answer->holder});
    self.keep(kSecond, Number{answer->ok});
    return {};
  });
  if (self.kept<Number>(kSecond).value == 0) {
    self.scope<Nothing>(3, [&]() -> Nothing {
      for (Nothing nothing;;) {
        self.forget(2, nothing);
        if (self.call(kServer, toy::Read{})->holder != self.kept<Holder>(kFirst).who) return {};
        self.sleep(std::chrono::seconds(1));
      }
    });
    return;
  }
  self.set_flag(toy::kInside, true);
  self.call(kServer, toy::Write{1, 0});
  self.set_flag(toy::kInside, false);
  self.call(kServer, toy::Release{});
}

struct ExploredInMode {
  ExploreResult result;
  std::size_t ends = 0;
};

ExploredInMode explored_in_mode(const WorldSpec& spec, Automaton::Mode mode, bool symmetry,
                                bool minimised = false) {
  const MonitorOf<toy::Watch> watch;
  StateTables tables(spec, mode);
  ExploreOptions options;
  options.symmetry = symmetry;
  options.max_states = 200'000;
  const auto explore = [&] {
    Explorer<2> explorer(tables, watch, {}, options);
    ExploreResult result = explorer.run();
    return ExploredInMode{std::move(result), explorer.end_states().size()};
  };
  if (!minimised) return explore();
  explore();
  tables.minimise(10'000);
  return explore();
}

TEST(KeptMemory, IsBroughtBackWithScopesAndLoopHeads) {
  const WorldSpec spec = toy::world_of(client, 2);
  const ExploredInMode compressed = explored_in_mode(spec, Automaton::Mode::compressed, false);
  ASSERT_TRUE(compressed.result.complete);
  const ExploredInMode minimal = explored_in_mode(spec, Automaton::Mode::compressed, false, true);
  EXPECT_EQ(minimal.ends, compressed.ends);
  EXPECT_EQ(minimal.result.violated, compressed.result.violated);
}

// Three clients that keep each other's names: merged they reach the same ends.
TEST(KeptMemory, IsRenamedUnderSymmetry) {
  const WorldSpec spec = toy::world_of(client, 3);
  const ExploredInMode all = explored_in_mode(spec, Automaton::Mode::compressed, false);
  const ExploredInMode merged = explored_in_mode(spec, Automaton::Mode::compressed, true);
  ASSERT_TRUE(all.result.complete);
  ASSERT_TRUE(merged.result.complete);
  EXPECT_LT(merged.result.states * 3, all.result.states);
  EXPECT_EQ(merged.result.violated, all.result.violated);
}

TEST(KeptMemory, DiesWithTheProcess) {
  const WorldSpec spec = toy::world_of(
      [](Process& self) {
        const std::uint32_t number = self.choose(8);
        self.keep(kFirst, Number{static_cast<std::uint16_t>(number)});
      },
      1);
  StateTables tables(spec, Automaton::Mode::compressed);
  const MonitorOf<toy::Watch> watch;
  Explorer<2>(tables, watch, {}, {}).run();
  EXPECT_EQ(tables.node_count(), 2U) << "the beginning and the end";
}

}  // namespace
}  // namespace lockstorm::sim
