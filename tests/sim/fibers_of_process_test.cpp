// Several fibers in a process, some of them in loops that forget: compressed memories against full histories.
#include <gtest/gtest.h>

#include <set>

#include "sim/explore/explorer.hpp"
#include "tests/sim/enumerate_live.hpp"
#include "tests/sim/toy_world.hpp"

namespace lockstorm::sim {
namespace {

using namespace std::chrono_literals;
using toy::kServer;

struct Turn {
  std::uint16_t number = 0;
};

struct Reached {
  std::set<EndState> ends;
  Violations violated = 0;
  std::size_t nodes = 0;
};

Reached reached_by(const WorldSpec& spec, StateTables& tables, bool symmetry = false) {
  const MonitorOf<toy::Watch> watch;
  ExploreOptions options;
  options.symmetry = symmetry;
  Explorer<4> explorer(tables, watch, {}, options);
  const ExploreResult result = explorer.run();
  EXPECT_TRUE(result.complete);
  Reached explored{{}, result.violated, tables.node_count()};
  for (const auto& [end, violations] : explorer.end_states()) explored.ends.insert(end);
  (void)spec;
  return explored;
}

/// Both modes reach what live processes reach, and the compressed one remembers less.
void expect_agreement(const WorldSpec& spec) {
  StateTables raw(spec, Automaton::Mode::raw);
  StateTables compressed(spec, Automaton::Mode::compressed);
  const Reached oracle = reached_by(spec, raw);
  const Reached shorter = reached_by(spec, compressed);
  EXPECT_EQ(oracle.ends.size(), shorter.ends.size());
  EXPECT_EQ(oracle.violated, shorter.violated);
  EXPECT_GT(oracle.nodes, shorter.nodes);
  EXPECT_GT(oracle.ends.size(), 1U);
  const auto live = enumerate_live(spec, compressed.values(), MonitorOf<toy::Watch>{}, 2'000'000);
  ASSERT_TRUE(live.has_value());
  EXPECT_EQ(shorter.ends, *live);
  compressed.minimise(100'000);
  const Reached minimal = reached_by(spec, compressed);
  EXPECT_FALSE(compressed.outgrown());
  EXPECT_EQ(minimal.ends, *live);
  EXPECT_EQ(reached_by(spec, compressed, true).violated, oracle.violated);
}

/// One client, and somebody else who writes once.
WorldSpec with_other(Process::Body body) {
  WorldSpec spec = toy::world_of(std::move(body), 1);
  const auto other = [](Process& self) { self.call(kServer, toy::Write{100, 0}); };
  spec.classes.push_back({"other", other, 1, 0});
  return spec;
}

WorldSpec timed(Process::Body body, std::uint8_t ticks) {
  WorldSpec spec = with_other(std::move(body));
  spec.time.ticks = ticks;
  spec.time.urgent = true;
  return spec;
}

struct Beat {
  std::uint8_t working = 0;
  std::uint8_t beating = 0;
  std::uint8_t seen = 0;   ///< the counter as the heartbeat saw it last
  std::uint8_t turns = 0;  ///< beats so far, up to 2
};

/// The main fiber takes turns on the counter, and between them the heartbeat looks at it: what it saw goes
/// into the next write.
void client_with_heartbeat(Process& self, bool shares) {
  Beat beat;
  if (shares) self.share(beat);
  self.spawn([&self, &beat] {
    for (Turn nothing;;) {
      self.forget(1, nothing);
      self.wait_until([&] { return beat.working != 0; });
      self.sleep(1s);
      if (beat.working == 0) continue;
      beat.beating = 1;
      beat.seen = self.call(kServer, toy::Read{})->counter;
      beat.turns = static_cast<std::uint8_t>(std::min(beat.turns + 1, 2));
      beat.beating = 0;
    }
  });
  Turn turn;
  self.scope<Turn>(2, [&] {
    for (;;) {
      self.forget(3, turn);
      const std::uint8_t read = self.call(kServer, toy::Read{})->counter;
      beat.working = 1;
      self.sleep(1s);
      self.call(kServer, toy::Write{static_cast<std::uint8_t>(read + 1), beat.seen});
      beat.working = 0;
      self.wait_until([&] { return beat.beating == 0; });
      self.call(kServer, toy::Write{static_cast<std::uint8_t>(8 + beat.turns), beat.seen});
      if (++turn.number == 2) return turn;
    }
  });
  self.set_outcome(Turn{static_cast<std::uint16_t>(beat.seen * 16 + beat.turns)});
}

TEST(FibersOfAProcess, AHeartbeatThatForgetsDisturbsNobody) {
  expect_agreement(timed([](Process& self) { client_with_heartbeat(self, true); }, 3));
}

TEST(FibersOfAProcess, WhatFibersShareMustBeDeclared) {
  const WorldSpec spec = timed([](Process& self) { client_with_heartbeat(self, false); }, 3);
  StateTables tables(spec, Automaton::Mode::compressed);
  EXPECT_THROW(reached_by(spec, tables), BrokenPromise);
}

struct Session {
  std::uint8_t stop = 0;
  std::uint8_t ended = 0;
  std::uint8_t seen = 0;
  std::uint8_t lost = 0;
};

/// Every turn has a renewal fiber of its own, which ends with it. `turns`: more than a process has fibers.
void client_with_renewals(Process& self, std::uint16_t turns) {
  Session session;
  self.share(session);
  const Turn last = self.scope<Turn>(2, [&] {
    for (Turn turn;;) {
      self.forget(3, turn);
      session = {};
      self.spawn([&self, &session] {
        for (Turn nothing;;) {
          self.forget(1, nothing);
          self.sleep(1s);
          if (session.stop != 0) break;
          const auto answer = self.call(kServer, toy::Read{});
          session.seen = answer->counter;
          if (answer->holder.is_nobody()) session.lost = 1;
        }
        session.ended = 1;
      });
      const bool locked = self.call(kServer, toy::Acquire{})->ok != 0;
      self.sleep(1s);
      if (locked) {
        self.call(kServer, toy::Write{static_cast<std::uint8_t>(turn.number + 1), session.seen});
        self.call(kServer, toy::Release{});
      }
      session.stop = 1;
      self.wait_until([&] { return session.ended != 0; });
      if (++turn.number == turns || session.lost != 0) return turn;
    }
  });
  self.set_outcome(last);
}

TEST(FibersOfAProcess, RenewalsMayComeAndGoWithEveryTurn) {
  expect_agreement(timed([](Process& self) { client_with_renewals(self, 5); }, 5));
}

// No loop head at all: fibers that wait for each other inside scopes.
TEST(FibersOfAProcess, MayWaitForEachOtherInScopes) {
  expect_agreement(with_other([](Process& self) {
    bool read = false;
    std::uint8_t counter = 0;
    self.spawn([&] {
      const Turn seen = self.scope<Turn>(1, [&]() -> Turn {
        self.call(kServer, toy::Read{});
        return {self.call(kServer, toy::Read{})->counter};
      });
      counter = static_cast<std::uint8_t>(seen.number);
      read = true;
      self.call(kServer, toy::Acquire{});
    });
    self.scope<Turn>(2, [&]() -> Turn {
      self.call(kServer, toy::Write{static_cast<std::uint8_t>(1), counter});
      self.wait_until([&] { return read; });
      self.call(kServer, toy::Write{static_cast<std::uint8_t>(counter + 1), counter});
      return {};
    });
    self.set_outcome(Turn{counter});
    self.call(kServer, toy::Release{});
  }));
}

}  // namespace
}  // namespace lockstorm::sim
