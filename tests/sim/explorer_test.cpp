// The explorer against its own oracle modes, the simulator and known answers.
#include "sim/explore/explorer.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "sim/run/simulator.hpp"
#include "tests/sim/enumerate_live.hpp"
#include "tests/sim/toy_world.hpp"

namespace lockstorm::sim {
namespace {

struct Summary {
  ExploreResult result;
  std::map<EndState, Violations> ends;
};

template <int W = 2>
Summary summary_of(const WorldSpec& spec, StateTables& tables, ExploreOptions options) {
  const MonitorOf<toy::Watch> watch;
  Explorer<W> explorer(tables, watch, {}, options);
  Summary summary{explorer.run(), explorer.end_states()};
  (void)spec;
  return summary;
}

FaultBudget budget(std::initializer_list<std::pair<Fault, int>> faults) {
  FaultBudget result;
  for (const auto& [fault, count] : faults) result[fault] = static_cast<std::uint8_t>(count);
  return result;
}

std::set<EndState> keys(const std::map<EndState, Violations>& ends) {
  std::set<EndState> result;
  for (const auto& [end, violations] : ends) result.insert(end);
  return result;
}

TEST(Explorer, ProvesTheLockWithoutFaults) {
  const WorldSpec spec = toy::world(3, {});
  StateTables tables(spec, Automaton::Mode::compressed);
  const Summary summary = summary_of(spec, tables, {});
  EXPECT_TRUE(summary.result.complete);
  EXPECT_EQ(summary.result.violated, 0);
  EXPECT_GT(summary.result.states, 10U);
}

TEST(Explorer, FindsTheBlindReleaseOfALateRequest) {
  const WorldSpec spec = toy::world(3, budget({{Fault::late_request, 1}}), 3, true, true, 0);
  StateTables tables(spec, Automaton::Mode::compressed);
  const Summary summary = summary_of(spec, tables, {});
  EXPECT_EQ(summary.result.violated & 1, 1);
}

TEST(Explorer, AgreesWithTheSimulatorOnEndStates) {
  for (const bool retries : {false, true}) {
    const std::vector<FaultBudget> budgets{{},
                                           budget({{Fault::crash, 1}}),
                                           budget({{Fault::lose_response, 1}}),
                                           budget({{Fault::lose_request, 1}, {Fault::crash, 1}}),
                                           budget({{Fault::late_request, 1}}),
                                           budget({{Fault::duplicate, 1}}),
                                           budget({{Fault::server_error, 1}}),
                                           budget({{Fault::throttle, 1}, {Fault::pause, 1}})};
    for (const FaultBudget& faults : budgets) {
      const WorldSpec spec = toy::world(2, faults, 1, retries);
      StateTables tables(spec, Automaton::Mode::compressed);
      ExploreOptions plain;
      plain.symmetry = false;
      plain.reduction = false;
      const Summary full = summary_of(spec, tables, plain);
      EXPECT_EQ(keys(full.ends), enumerate_live(spec, tables.values(), MonitorOf<toy::Watch>{}, 1'000'000));
      plain.reduction = true;
      const Summary reduced = summary_of(spec, tables, plain);
      EXPECT_EQ(keys(reduced.ends), keys(full.ends));
      EXPECT_EQ(reduced.result.violated, full.result.violated);
      EXPECT_LE(reduced.result.states, full.result.states);
    }
  }
}

TEST(Explorer, SymmetryAndMinimisationKeepVerdicts) {
  for (const std::uint8_t only_mine : {std::uint8_t{0}, std::uint8_t{1}}) {
    const WorldSpec spec = toy::world(3, budget({{Fault::lose_response, 1}, {Fault::late_request, 1}}), 2,
                                      true, true, only_mine);
    StateTables raw(spec, Automaton::Mode::raw);
    StateTables compressed(spec, Automaton::Mode::compressed);
    StateTables minimal(spec, Automaton::Mode::compressed);
    ExploreOptions options;
    options.symmetry = false;
    const Summary oracle = summary_of(spec, raw, options);
    const Summary shorter = summary_of(spec, compressed, options);
    summary_of(spec, minimal, options);
    minimal.minimise(100'000);
    const Summary smallest = summary_of(spec, minimal, options);
    EXPECT_FALSE(minimal.outgrown());
    options.symmetry = true;
    const Summary symmetric = summary_of(spec, minimal, options);
    EXPECT_EQ(oracle.result.violated, shorter.result.violated);
    EXPECT_EQ(oracle.result.violated, smallest.result.violated);
    EXPECT_EQ(oracle.result.violated, symmetric.result.violated);
    EXPECT_GT(oracle.result.states, shorter.result.states);
    EXPECT_GE(shorter.result.states, smallest.result.states);
    EXPECT_GT(smallest.result.states, symmetric.result.states);
    EXPECT_EQ(oracle.ends.size(), shorter.ends.size());
    EXPECT_EQ(oracle.ends.size(), smallest.ends.size());
  }
}

TEST(Explorer, SchedulesReplayOnTheSimulator) {
  const WorldSpec spec = toy::world(3, budget({{Fault::late_request, 1}}), 3, true, true, 0);
  StateTables tables(spec, Automaton::Mode::compressed);
  const MonitorOf<toy::Watch> watch;
  ExploreOptions options;
  for (const bool reduction : {true, false}) {
    options.reduction = reduction;
    Explorer<2> explorer(tables, watch, {}, options);
    const ExploreResult result = explorer.run();
    ASSERT_TRUE(result.first[0].has_value());
    const Schedule schedule = explorer.schedule_to(*result.first[0]);
    ValuePool values;
    Simulator world(spec, values, watch);
    Violations seen = 0;
    for (const StepChoice& choice : schedule) {
      ASSERT_EQ(world.enabled().size(), choice.bound);
      seen = world.take(choice.index).violations;
    }
    EXPECT_EQ(seen & 1, 1);
  }
}

TEST(Explorer, WiderKeysSeeTheSameStates) {
  const WorldSpec spec = toy::world(2, budget({{Fault::crash, 1}}), 2);
  StateTables tables(spec, Automaton::Mode::compressed);
  EXPECT_EQ(summary_of<1>(spec, tables, {}).result.states, summary_of<4>(spec, tables, {}).result.states);
}

// Five clients do not fit into one word until it is known how little there is to tell apart.
TEST(Explorer, NarrowKeysDoOnceSizesAreKnown) {
  const WorldSpec spec = toy::world(5, budget({{Fault::crash, 1}}), 1);
  StateTables tables(spec, Automaton::Mode::compressed);
  EXPECT_THROW(summary_of<1>(spec, tables, {}), KeyTooNarrow);
  const Summary wide = summary_of<2>(spec, tables, {});
  tables.minimise(100'000);
  const Summary minimal = summary_of<2>(spec, tables, {});
  const Summary narrow = summary_of<1>(spec, tables, {});
  EXPECT_GE(wide.result.states, minimal.result.states);
  EXPECT_EQ(narrow.result.states, minimal.result.states);
  EXPECT_EQ(narrow.result.transitions, minimal.result.transitions);
  EXPECT_EQ(keys(narrow.ends), keys(minimal.ends));
  EXPECT_LT(narrow.result.memory_bytes, minimal.result.memory_bytes);
}

// A world that has grown since: said, so that wider keys are taken.
TEST(Explorer, AFieldThatIsOutgrownIsSaid) {
  const WorldSpec spec = toy::world(5, {}, 1);
  const StateLayout layout(spec, 0, 1, {.local_states = 20, .service_states = {3}});
  Key<1> key;
  layout.set_local(key, 4, 40);
  EXPECT_EQ(layout.local(key, 4), 40U) << "there is room for twice as many";
  EXPECT_THROW(layout.set_local(key, 4, 5000), KeyTooNarrow);
  EXPECT_THROW(layout.set_service(key, 0, 9), KeyTooNarrow);
}

// A process that spawns fibers as the very first thing a thread does: none is idle yet.
TEST(Explorer, ProcessesMaySpawnOnAFreshThread) {
  std::size_t states = 0;
  std::jthread([&] {
    WorldSpec spec = toy::world(1, {});
    spec.classes[0].body = [](Process& self) {
      const ServiceRef<toy::Server> server{0};
      bool done = false;
      self.spawn([&] {
        self.call(server, toy::Read{});
        done = true;
      });
      self.call(server, toy::Acquire{});
      self.wait_until([&] { return done; });
    };
    StateTables tables(spec, Automaton::Mode::compressed);
    ExploreOptions options;
    options.reduction = false;
    states = summary_of(spec, tables, options).result.states;
  }).join();
  // Two calls of three steps each make 16; a Read that came after the Acquire sees its holder, which makes 2
  // more: once the reading fiber has ended, what it saw makes no difference to where the other one goes.
  EXPECT_EQ(states, 18U);
}

// Everything that an exploration tells, the numbering of states included.
template <int W>
std::string told(StateTables& tables, ExploreOptions options) {
  const MonitorOf<toy::Watch> watch;
  std::string text;
  run_parallel(std::max(options.threads, 1U), 1, [&](std::size_t) {
    Explorer<W> explorer(tables, watch, {}, options);
    const ExploreResult result = explorer.run();
    text = fmt::format("{} {} {} {} {} {} {:x} {} {}", result.complete, result.why_incomplete, result.states,
                       result.transitions, result.end_states, result.depth, result.fingerprint,
                       result.memory_bytes, result.violated);
    for (const std::uint64_t fired : result.fired) text += fmt::format(" {}", fired);
    for (const auto& finding : result.first) {
      if (!finding) continue;
      text += fmt::format("; {} {} {}:", finding->state, finding->step, finding->at_end);
      for (const StepChoice& choice : explorer.schedule_to(*finding))
        text += fmt::format(" {}/{}", choice.index, choice.bound);
    }
    for (const auto& [end, violations] : explorer.end_states())
      text += fmt::format("; {} {}", end.services[0], violations);
  });
  return text;
}

// Tables that begin empty, so that much of what several threads meet is new; and tables that are full.
TEST(Explorer, ThreadsShareOneSpaceAndTellTheSame) {
  const auto faults = budget({{Fault::crash, 1}, {Fault::lose_response, 1}, {Fault::late_request, 1}});
  for (const std::uint8_t only_mine : {std::uint8_t{0}, std::uint8_t{1}}) {
    const WorldSpec spec = toy::world(3, faults, 3, true, true, only_mine);
    const auto same_with = [&](ExploreOptions options, Automaton::Mode mode) {
      std::array<std::vector<std::string>, 2> answers;
      for (const unsigned threads : {1U, 3U}) {
        options.threads = threads;
        StateTables tables(spec, mode);
        for (int turn = 0; turn < 2; ++turn) answers[threads / 2].push_back(told<2>(tables, options));
        tables.minimise(100'000);
        answers[threads / 2].push_back(told<2>(tables, options));
      }
      EXPECT_EQ(answers[0], answers[1]);
      return answers[0].back();
    };
    ExploreOptions options;
    options.fingerprint = true;
    options.hang_property = 2;
    EXPECT_NE(same_with(options, Automaton::Mode::compressed), "");
    options.reduction = false;
    same_with(options, Automaton::Mode::compressed);
    options.symmetry = false;
    options.max_states = 100'000;
    same_with(options, Automaton::Mode::raw);
    options.stop_at = 2;
    EXPECT_NE(same_with(options, Automaton::Mode::compressed).find("stopped"), std::string::npos);
    options.stop_at = 0;
    options.max_bytes = std::size_t{1} << 20U;
    EXPECT_NE(same_with(options, Automaton::Mode::compressed).find("memory bound"), std::string::npos);
  }
}

// Two writers that exclude nobody, and a process in front of them that only ever sleeps: were each of its
// steps taken alone, the writers would never have a turn.
TEST(Explorer, NobodyIsIgnoredForAProcessThatGoesRound) {
  WorldSpec spec = toy::world_of(
      [](Process& self) {
        const ServiceRef<toy::Server> server{0};
        self.set_flag(toy::kInside, true);
        const auto seen = self.call(server, toy::Read{});
        self.call(server, toy::Write{static_cast<std::uint8_t>(seen->counter + 1), seen->counter});
        self.set_flag(toy::kInside, false);
      },
      2);
  const auto sleep_for_ever = [](Process& self) {
    struct Nothing {
      std::uint8_t unused = 0;
    } nothing;
    for (;;) {
      self.forget(1, nothing);
      self.sleep(std::chrono::seconds(1));
    }
  };
  spec.classes.insert(spec.classes.begin(), ProcessClass{"sleeper", sleep_for_ever, 1, 0});
  StateTables tables(spec, Automaton::Mode::compressed);
  EXPECT_EQ(summary_of(spec, tables, {}).result.violated & 2, 2);
}

TEST(Explorer, TheReductionLeavesOutNoCrashAtWork) {
  WorldSpec spec = toy::world_of(
      [](Process& self) {
        const ServiceRef<toy::Server> server{0};
        if (self.call(server, toy::Acquire{})->ok != 1) return;
        self.work();
        self.call(server, toy::Release{1});
      },
      2);
  spec.budget = budget({{Fault::crash, 1}});
  spec.crashes_only_at_work = true;
  for (const bool two_step : {false, true}) {
    spec.two_step_calls = two_step;
    StateTables tables(spec, Automaton::Mode::compressed);
    ExploreOptions options;
    const Summary reduced = summary_of(spec, tables, options);
    options.reduction = false;
    const Summary full = summary_of(spec, tables, options);
    EXPECT_GT(reduced.result.fired[static_cast<std::size_t>(Fault::crash)], 0U);
    EXPECT_EQ(keys(reduced.ends), keys(full.ends));
  }
}

// Bounded time cuts off who waits for a timer, and only them: who waits for nothing hangs.
TEST(Explorer, BoundedTimeHidesNobodyWhoHangs) {
  for (const bool sleeps : {false, true}) {
    WorldSpec spec = toy::world_of(
        [sleeps](Process& self) {
          if (sleeps) self.sleep(std::chrono::seconds(9));
          self.wait_until([] { return false; });
        },
        1);
    spec.time.ticks = 2;
    StateTables tables(spec, Automaton::Mode::compressed);
    ExploreOptions options;
    options.hang_property = 2;
    const Summary summary = summary_of(spec, tables, options);
    ASSERT_EQ(summary.ends.size(), 1U);
    EXPECT_EQ(summary.ends.begin()->first.out_of_time(), sleeps);
    EXPECT_EQ(summary.result.cut_off, sleeps ? 1U : 0U);
  }
}

TEST(Explorer, SaysWhenMemoryIsNotEnough) {
  const WorldSpec spec = toy::world(3, budget({{Fault::crash, 1}, {Fault::lose_response, 1}}), 2);
  StateTables tables(spec, Automaton::Mode::compressed);
  ExploreOptions options;
  options.max_states = 100;
  const Summary summary = summary_of(spec, tables, options);
  EXPECT_FALSE(summary.result.complete);
  EXPECT_NE(summary.result.why_incomplete.find("memory bound"), std::string::npos);
}

}  // namespace
}  // namespace lockstorm::sim
