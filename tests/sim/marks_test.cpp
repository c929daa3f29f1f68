// What processes mark: it is known of every step that can be taken, of no other, and changes nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/explore/explorer.hpp"
#include "tests/sim/toy_world.hpp"

namespace lockstorm::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

using toy::kServer;
constexpr Mark kGranted = 1;
constexpr Mark kRefused = 2;
constexpr Mark kUnanswered = 3;
constexpr Mark kDone = 4;

struct ReachedMarks {
  std::vector<Mark> marks;
  std::size_t states = 0;
};

ReachedMarks explore_marks(const WorldSpec& spec, Automaton::Mode mode = Automaton::Mode::compressed,
                           bool reduction = true) {
  const MonitorOf<toy::Watch> watch;
  StateTables tables(spec, mode);
  ExploreOptions options;
  options.reduction = reduction;
  const ExploreResult result = Explorer<2>(tables, watch, {}, options).run();
  EXPECT_TRUE(result.complete);
  return {tables.reached(0), result.states};
}

/// Asks for the lock once, and marks how that went if it is to.
Process::Body asks_once(bool marks, bool releases = true) {
  return [=](Process& self) {
    const auto reply = self.scope<toy::Server::Response>(1, [&] {
      const auto answer = self.call(kServer, toy::Acquire{});
      const Mark mark = !answer.answered() ? kUnanswered : answer->ok == 1 ? kGranted : kRefused;
      if (marks) self.mark(mark);
      return answer.answered() ? *answer : toy::Server::Response{};
    });
    if (reply.ok == 1 && releases) self.call(kServer, toy::Release{});
    if (marks) self.mark(kDone);
  };
}

TEST(Marks, AreThoseOfStepsThatCanBeTaken) {
  EXPECT_THAT(explore_marks(toy::world_of(asks_once(true), 1)).marks, ElementsAre(kGranted, kDone));
  EXPECT_THAT(explore_marks(toy::world_of(asks_once(true), 2)).marks, ElementsAre(kGranted, kRefused, kDone));
}

TEST(Marks, OfAFaultNeedItsBudget) {
  WorldSpec spec = toy::world_of(asks_once(true), 1);
  spec.budget[Fault::lose_response] = 1;
  EXPECT_THAT(explore_marks(spec).marks, ElementsAre(kGranted, kUnanswered, kDone));
}

TEST(Marks, CostNoState) {
  for (const std::uint16_t clients : {1, 2, 3}) {
    EXPECT_EQ(explore_marks(toy::world_of(asks_once(true), clients)).states,
              explore_marks(toy::world_of(asks_once(false), clients)).states);
  }
}

TEST(Marks, AreTheSameHoweverTheWorldIsExplored) {
  WorldSpec spec = toy::world_of(asks_once(true), 2);
  spec.budget[Fault::lose_response] = 1;
  spec.budget[Fault::crash] = 1;
  const std::vector<Mark> marks = explore_marks(spec).marks;
  EXPECT_EQ(explore_marks(spec, Automaton::Mode::raw).marks, marks);
  EXPECT_EQ(explore_marks(spec, Automaton::Mode::compressed, false).marks, marks);
}

TEST(Marks, BeforeTheFirstWaitAreReached) {
  const auto body = [](Process& self) { self.mark(kDone); };
  EXPECT_THAT(explore_marks(toy::world_of(body, 1)).marks, ElementsAre(kDone));
}

// From a memory that ends in a scope's result the scope is not run again, nor is what it marked marked again.
TEST(Marks, AreThoseOfTheStepAlone) {
  ValuePool values;
  const WorldSpec spec = toy::world_of(asks_once(true), 1);
  Process process(values, spec.classes[0].body);
  process.replay({}, false);
  EXPECT_THAT(process.marks(), IsEmpty());
  process.feed(0, values.intern(toy::Server::Response{Who::nobody(), 1, 0}));
  EXPECT_THAT(process.marks(), ElementsAre(kGranted));
  process.feed(0, values.intern(toy::Server::Response{Who::nobody(), 1, 0}));
  EXPECT_THAT(process.marks(), ElementsAre(kDone));
}

/// Chooses one of two ways that differ in nothing but what is marked on them, a step later.
Process::Body two_ways(bool marks) {
  return [=](Process& self) {
    const std::uint32_t way = self.choose(2);
    self.work();
    if (marks) self.mark(static_cast<Mark>(way));
    self.call(kServer, toy::Read{});
  };
}

TEST(Marks, KeepNodesApartThatMarkDifferently) {
  const auto blocks = [](bool marks) {
    ValuePool values;
    const WorldSpec spec = toy::world_of(two_ways(marks), 1);
    Automaton automaton(values, spec, 0, Automaton::Mode::raw);
    const NodeId one = automaton.next(automaton.initial(), 0, observe::kChoice);
    const NodeId other = automaton.next(automaton.initial(), 0, observe::kChoice + 1);
    automaton.next(one, 0, observe::kDone);
    automaton.next(other, 0, observe::kDone);
    return automaton.minimise(1'000);
  };
  EXPECT_EQ(blocks(true), blocks(false) + 1);
}

TEST(Marks, OutliveTheMergingOfNodes) {
  const MonitorOf<toy::Watch> watch;
  const WorldSpec spec = toy::world_of(two_ways(true), 2);
  StateTables tables(spec, Automaton::Mode::compressed);
  Explorer<2>(tables, watch, {}, {}).run();
  EXPECT_THAT(tables.reached(0), ElementsAre(0, 1));
  tables.minimise(1'000);
  Explorer<2>(tables, watch, {}, {}).run();
  EXPECT_THAT(tables.reached(0), ElementsAre(0, 1));
}

// An automaton is closed under answers before it is minimised; what nobody has taken is not reached.
TEST(Marks, OfEdgesThatOnlyCloseTheAutomatonAreNotReached) {
  ValuePool values;
  const WorldSpec spec = toy::world_of(two_ways(true), 1);
  Automaton automaton(values, spec, 0, Automaton::Mode::compressed);
  const NodeId one = automaton.next(automaton.initial(), 0, observe::kChoice);
  automaton.next(one, 0, observe::kDone);
  automaton.minimise(1'000);
  EXPECT_THAT(automaton.reached(), ElementsAre(0));
}

/// Asks until it is granted; `told`: the loop head says whether it has waited.
WorldSpec world_with_marked_loop(bool told) {
  struct Waited {
    std::uint16_t waited = 0;
  };
  return toy::world_of(
      [told](Process& self) {
        bool waited = false;
        for (Waited live;;) {
          self.forget(1, live);
          if (told) waited = live.waited != 0;
          if (self.call(kServer, toy::Acquire{})->ok == 1) break;
          waited = true;
          if (told) live.waited = 1;
          self.sleep(1s);
        }
        self.mark(waited ? kRefused : kGranted);
        self.call(kServer, toy::Release{});
      },
      2);
}

TEST(Marks, AreHeldToWhatTheProcessRemembers) {
  EXPECT_THAT(explore_marks(world_with_marked_loop(true)).marks, ElementsAre(kGranted, kRefused));
  EXPECT_THROW(explore_marks(world_with_marked_loop(false)), BrokenPromise);
}

TEST(PromiseSample, CountsWhatWasLookedAt) {
  const MonitorOf<toy::Watch> watch;
  const WorldSpec spec = world_with_marked_loop(true);
  StateTables tables(spec, Automaton::Mode::compressed);
  Explorer<2>(tables, watch, {}, {}).run();
  const PromiseSample sample = tables.promise_sample();
  EXPECT_GT(sample.edges, 0U);
  EXPECT_GT(sample.loops, 0U);
  EXPECT_EQ(sample.loops_left, 0U);  // a small automaton is looked at in full
  EXPECT_EQ(sample.meetings_cut, 0U);
}

}  // namespace
}  // namespace lockstorm::sim
