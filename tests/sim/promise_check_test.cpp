// Wrong promises of client code are found, named, and never explored past in silence; right ones pass.
#include "sim/process/promise_check.hpp"

#include <gtest/gtest.h>

#include "sim/explore/explorer.hpp"
#include "tests/sim/toy_world.hpp"

namespace lockstorm::sim {
namespace {

using namespace std::chrono_literals;
using toy::kServer;
using toy::Nothing;

struct Count {
  std::uint16_t number = 0;
};

/// What an exploration says of the promises; empty when they hold.
std::string complaint(const WorldSpec& spec, bool minimise = false) {
  const MonitorOf<toy::Watch> watch;
  try {
    StateTables tables(spec, Automaton::Mode::compressed);
    ExploreOptions options;
    options.max_states = 100'000;
    Explorer<2>(tables, watch, {}, options).run();
    if (minimise) {
      tables.minimise(10'000);
      Explorer<2>(tables, watch, {}, options).run();
    }
  } catch (const BrokenPromise& broken) {
    return broken.what();
  }
  return {};
}

bool says(const std::string& text, std::initializer_list<std::string_view> parts) {
  return std::ranges::all_of(parts,
                             [&](std::string_view part) { return text.find(part) != std::string::npos; });
}

/// Asks for the lock once, in a scope; what it does in the end depends on how that went. `told`: the scope's
/// result says so.
WorldSpec world_with_scope(bool told) {
  return toy::world_of(
      [told](Process& self) {
        bool refused = false;
        const Count result = self.scope<Count>(7, [&]() -> Count {
          refused = self.call(kServer, toy::Acquire{})->ok == 0;
          return {static_cast<std::uint16_t>(told && refused)};
        });
        if (told) refused = result.number != 0;
        self.call(kServer, toy::Read{});
        if (refused) {
          self.sleep(1s);
        } else {
          self.call(kServer, toy::Release{});
        }
      },
      2);
}

TEST(PromiseCheck, FindsAScopeThatChangesMoreThanItsResult) {
  const std::string text = complaint(world_with_scope(false));
  EXPECT_TRUE(says(text, {"'client'", "scope 7", "sleeps 1000 ms", "calls Release of server"})) << text;
  EXPECT_EQ(complaint(world_with_scope(true)), "");
}

/// Asks for the lock up to `attempts` times. `told`: the loop head says how often it has.
WorldSpec world_with_counting_loop(std::uint16_t attempts, bool told) {
  return toy::world_of(
      [=](Process& self) {
        Count count;
        Nothing nothing;
        const auto try_again = [&] {
          for (;;) {
            told ? self.forget(3, count) : self.forget(3, nothing);
            if (self.call(kServer, toy::Acquire{})->ok != 0) return true;
            if (++count.number == attempts) return false;
            self.sleep(1s);
          }
        };
        const Count held = self.scope<Count>(4, [&] { return Count{try_again()}; });
        if (held.number == 0) return;
        self.call(kServer, toy::Read{});
        self.call(kServer, toy::Release{});
      },
      2);
}

TEST(PromiseCheck, FindsALoopThatCountsInSecret) {
  for (const std::uint16_t attempts : {2, 3, 10, 25}) {
    const std::string text = complaint(world_with_counting_loop(attempts, false));
    EXPECT_TRUE(says(text, {"'client'", "the loop head 3", " ends,", "sleeps 1000 ms"})) << text;
    EXPECT_EQ(complaint(world_with_counting_loop(attempts, true)), "");
    EXPECT_EQ(complaint(world_with_counting_loop(attempts, true), true), "");
  }
}

// What was forgotten shows only long after, for one secret and on one of several ways.
TEST(PromiseCheck, FindsALateDifference) {
  const auto world = [](bool told, std::uint16_t secret, std::uint32_t way) {
    return toy::world_of(
        [=](Process& self) {
          std::uint16_t chosen = 0;
          const Count result = self.scope<Count>(5, [&]() -> Count {
            chosen = static_cast<std::uint16_t>(self.choose(3));
            return {told ? chosen : std::uint16_t{0}};
          });
          if (told) chosen = result.number;
          for (int i = 0; i < 5; ++i) self.call(kServer, toy::Read{});
          if (self.choose(4) == way && chosen == secret) self.call(kServer, toy::Acquire{});
        },
        1);
  };
  for (std::uint16_t secret = 0; secret < 3; ++secret) {
    for (std::uint32_t way = 0; way < 4; ++way) {
      const std::string text = complaint(world(false, secret, way));
      EXPECT_TRUE(says(text, {"scope 5", "Acquire", "ends"})) << secret << way << text;
      EXPECT_EQ(complaint(world(true, secret, way)), "");
    }
  }
}

// A scope or a turn that is forgotten may not leave a fiber behind.
TEST(PromiseCheck, FindsAFiberThatOutlivesItsScope) {
  const auto world = [](bool waits) {
    return toy::world_of(
        [waits](Process& self) {
          self.scope<Count>(6, [&]() -> Count {
            bool done = false;
            self.spawn([&self, &done] {
              self.call(kServer, toy::Read{});
              done = true;
            });
            self.call(kServer, toy::Read{});
            if (waits) self.wait_until([&] { return done; });
            return {};
          });
          self.call(kServer, toy::Acquire{});
        },
        1);
  };
  const std::string text = complaint(world(false));
  EXPECT_TRUE(says(text, {"'client'", "scope 6", "still runs"})) << text;
  EXPECT_EQ(complaint(world(true)), "");
}

}  // namespace
}  // namespace lockstorm::sim
