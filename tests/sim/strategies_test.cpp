// Every strategy does what its paper promises, as far as counting can tell. Seeds are fixed, so that a test
// that passes once passes always; limits are four standard deviations wide.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "sim/run/run_shape.hpp"
#include "sim/strategies/chain_pct.hpp"
#include "sim/strategies/feedback.hpp"
#include "sim/strategies/few_switches.hpp"
#include "sim/strategies/one_fault_sweep.hpp"
#include "sim/strategies/pos.hpp"
#include "sim/strategies/swarm.hpp"
#include "sim/strategies/uniform.hpp"
#include "tests/sim/toy_world.hpp"

namespace lockstorm::sim {
namespace {

// Process i makes calls[i] calls, each two steps: it takes effect, its answer arrives.
WorldSpec world_of_calls(const std::vector<unsigned>& calls, const FaultBudget& budget = {}) {
  WorldSpec spec;
  spec.services.push_back(make_service(toy::Server{}));
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const unsigned count = calls[i];
    const auto body = [count](Process& self) {
      const ServiceRef<toy::Server> server{0};
      for (unsigned call = 0; call < count; ++call) self.call(server, toy::Server::Request{toy::Read{}});
    };
    spec.classes.push_back({"process-" + std::to_string(i + 1), body, 1, 0xFFFF});
  }
  spec.budget = budget;
  spec.two_step_calls = true;
  return spec;
}

struct Sample {
  std::string slots;    ///< who moved at each step
  std::string effects;  ///< whose requests took effect, in order
  std::string faults;   ///< one letter each
  std::string drawn;
};

class Bench {
 public:
  explicit Bench(WorldSpec spec)
      : spec_(std::move(spec)), tables_(spec_, Automaton::Mode::compressed), run_(tables_, none_) {
    shape = measure_shape(run_, 64, {});
  }

  Sample once(Strategy& strategy, std::uint64_t number, std::uint64_t seed) {
    Random random(seed);
    strategy.begin(shape, number, random);
    FaultPlan plan = strategy.faults(spec_.budget, shape, random);
    const RunResult result = run_.run(strategy, plan, random, {}, stream);
    EXPECT_TRUE(result.ended);
    Sample sample;
    sample.drawn = strategy.drawn();
    run_.restart();
    RunResult ignored;
    for (const Decision& decision : stream) {
      const Move move = tables_.move(run_.local(decision.slot()), decision.move()).move;
      const auto letter = static_cast<char>('A' + decision.slot());
      sample.slots += letter;
      if (move.is_effect()) sample.effects += letter;
      if (move.fault != kNoFault) sample.faults += fault_name(static_cast<Fault>(move.fault)).substr(0, 1);
      EXPECT_TRUE(run_.take(decision, ignored));
    }
    return sample;
  }

  std::map<std::string, std::size_t> count(Strategy& strategy, std::size_t runs,
                                           const std::function<std::string(const Sample&)>& what) {
    std::map<std::string, std::size_t> counts;
    for (std::size_t i = 0; i < runs; ++i) ++counts[what(once(strategy, i, i * 7919 + 1))];
    return counts;
  }

  RunShape shape;
  ChoiceStream stream;

 private:
  WorldSpec spec_;
  MonitorOf<NoMonitor> none_;
  StateTables tables_;
  TableRun run_;
};

std::string slots_of(const Sample& sample) { return sample.slots; }
std::string effects_of(const Sample& sample) { return sample.effects; }

// Four standard deviations around what is expected of each kind.
void expect_each(const std::map<std::string, std::size_t>& counts, std::size_t kinds, std::size_t runs) {
  ASSERT_EQ(counts.size(), kinds);
  const double mean = static_cast<double>(runs) / static_cast<double>(kinds);
  for (const auto& [kind, count] : counts)
    EXPECT_NEAR(static_cast<double>(count), mean, 4 * std::sqrt(mean)) << kind;
}
void expect_at_least(double probability, std::size_t count, std::size_t runs) {
  const double mean = probability * static_cast<double>(runs);
  EXPECT_GE(static_cast<double>(count), mean - 4 * std::sqrt(mean));
}

TEST(Uniform, PicksEverybodyWhoCanMoveEquallyOften) {
  Bench bench(world_of_calls({2, 2, 2}));
  Uniform strategy;
  constexpr std::size_t kRuns = 9'000;
  expect_each(bench.count(strategy, kRuns, [](const Sample& sample) { return sample.slots.substr(0, 2); }), 9,
              kRuns);
}

// Every interleaving of 2 + 4 steps is as likely: 15 of them. A plain walk prefers some.
TEST(Urw, DrawsEveryInterleavingEquallyOften) {
  Bench bench(world_of_calls({1, 2}));
  Urw strategy;
  constexpr std::size_t kRuns = 15'000;
  expect_each(bench.count(strategy, kRuns, slots_of), 15, kRuns);
  Uniform uniform;
  const auto walked = bench.count(uniform, kRuns, slots_of);
  EXPECT_GT(walked.at("AABBBB"), 2 * walked.at("ABBBBA")) << "the test would see a difference";
}

// Uniform over the ten orders of 2 + 3 effects.
TEST(SelectiveUrw, DrawsEveryOrderOfEffectsEquallyOften) {
  Bench bench(world_of_calls({2, 3}));
  SelectiveUrw strategy;
  constexpr std::size_t kRuns = 10'000;
  expect_each(bench.count(strategy, kRuns, effects_of), 10, kRuns);
}

TEST(PartialOrder, DrawsEveryOrderOfThreeRacingEventsEquallyOften) {
  Bench bench(world_of_calls({1, 1, 1}));
  PartialOrder strategy;
  constexpr std::size_t kRuns = 6'000;
  expect_each(bench.count(strategy, kRuns, effects_of), 6, kRuns);
}

// CAV 2018, section 4: with its reassignments POS reaches every order of racing events, each with a
// probability that does not depend on events that do not race: answers that arrive in between do not count.
TEST(PartialOrder, ReachesEveryOrderOfEffects) {
  Bench bench(world_of_calls({2, 3}));
  PartialOrder strategy;
  EXPECT_EQ(bench.count(strategy, 5'000, effects_of).size(), 10U);
}

// ASPLOS 2010, theorem 1: 1 / (n k^(d-1)).
class PctBound : public testing::TestWithParam<bool> {
 protected:
  static std::unique_ptr<Strategy> make(unsigned depth) {
    if (GetParam()) return std::make_unique<ChainPct>(depth);
    return std::make_unique<Pct>(depth);
  }
};

TEST_P(PctBound, HoldsForDepthOne) {
  Bench bench(world_of_calls({3, 3, 3}));
  constexpr std::size_t kRuns = 6'000;
  const auto counts = bench.count(*make(1), kRuns, slots_of);
  EXPECT_EQ(counts.size(), 6U) << "one process after the other, in every order";
  expect_at_least(1.0 / 6, counts.at("CCCCCCAAAAAABBBBBB"), kRuns);
}

TEST_P(PctBound, HoldsForDepthTwo) {
  Bench bench(world_of_calls({4, 4}));
  constexpr std::size_t kRuns = 20'000;
  std::size_t found = 0;
  const auto strategy = make(2);
  // All of B happens between A's second and third effect.
  for (std::size_t i = 0; i < kRuns; ++i) found += bench.once(*strategy, i, i).effects == "AABBBBAA" ? 1 : 0;
  expect_at_least(1.0 / (2 * bench.shape.steps), found, kRuns);
  const auto shallow = make(1);
  for (std::size_t i = 0; i < 2'000; ++i) EXPECT_NE(bench.once(*shallow, i, i).effects, "AABBBBAA");
}

TEST_P(PctBound, HoldsForDepthThree) {
  Bench bench(world_of_calls({3, 3}));
  constexpr std::size_t kRuns = 60'000;
  std::size_t found = 0;
  const auto strategy = make(3);
  for (std::size_t i = 0; i < kRuns; ++i) found += bench.once(*strategy, i, i).effects == "AABBAB" ? 1 : 0;
  expect_at_least(1.0 / (2 * std::pow(bench.shape.steps, 2)), found, kRuns);
  EXPECT_GT(found, 10U);
}

INSTANTIATE_TEST_SUITE_P(ProcessesAndChains, PctBound, testing::Bool(),
                         [](const auto& info) { return info.param ? "Chains" : "Processes"; });

// A request that nobody waits for is a chain of its own: it can come long after its process has ended, or
// before.
TEST(ChainPct, MovesRequestsApartFromTheirSenders) {
  FaultBudget budget;
  budget[Fault::late_request] = 1;
  WorldSpec spec = world_of_calls({2, 2}, budget);
  spec.two_step_calls = false;
  Bench bench(spec);
  ChainPct strategy(1);
  std::set<std::string> seen;
  for (std::size_t i = 0; i < 2'000; ++i) {
    const Sample sample = bench.once(strategy, i, i);
    if (!sample.faults.empty()) seen.insert(sample.effects);
  }
  EXPECT_TRUE(seen.contains("ABBA")) << "A's late first request after everything else";
  EXPECT_TRUE(seen.contains("AABB"));
}

// POPL 2011: without delays one schedule for each first process; a bug that one delay shows is hit with 1 /
// (n k).
TEST(DelayBounded, IsSequentialButForItsDelays) {
  Bench bench(world_of_calls({3, 3}));
  DelayBounded none(0);
  EXPECT_EQ(bench.count(none, 500, slots_of).size(), 2U);
  DelayBounded one(1);
  constexpr std::size_t kRuns = 10'000;
  const auto counts = bench.count(one, kRuns, effects_of);
  expect_at_least(1.0 / (2 * bench.shape.steps), counts.at("AABBBA"), kRuns);
  EXPECT_FALSE(counts.contains("ABABAB"));
}

// PLDI 2007, sampled. Of A's and B's two calls each, one preemption behind the first call of each and A back
// before C begins: under PCT, who was preempted comes after everybody who was not.
TEST(FewSwitches, LetsThePreemptedComeBackBeforeOthersBegin) {
  Bench bench(world_of_calls({2, 2, 2}));
  constexpr std::size_t kRuns = 20'000;
  FewSwitches few(2);
  const auto counts = bench.count(few, kRuns, effects_of);
  // Two preemptions (1/2), at one of 2 x 2 pairs of 12 steps in either order, and four times the right one of
  // those who can go on.
  ASSERT_TRUE(counts.contains("ABABCC"));
  expect_at_least(1.0 / 2 * 8 / 144 / (3 * 2 * 2 * 2), counts.at("ABABCC"), kRuns);
  Pct pct(3);
  EXPECT_FALSE(bench.count(pct, kRuns, effects_of).contains("ABABCC"));
  FewSwitches one(1);
  EXPECT_FALSE(bench.count(one, kRuns, effects_of).contains("ABABCC")) << "takes two";
}

TEST(OneFaultSweep, StrikesEveryStepWithEveryFaultOnce) {
  FaultBudget budget;
  budget[Fault::crash] = 2;
  budget[Fault::lose_response] = 1;
  Bench bench(world_of_calls({2, 2}, budget));
  OneFaultSweep strategy;
  const std::uint64_t runs = OneFaultSweep::runs(budget, bench.shape);
  EXPECT_EQ(runs, 2U * bench.shape.steps * 2);
  std::set<std::pair<std::string, std::size_t>> struck;
  for (std::uint64_t number = 0; number < runs; ++number) {
    const Sample sample = bench.once(strategy, number, 1);
    EXPECT_LE(sample.faults.size(), 1U);
    struck.insert({sample.faults + sample.slots, sample.slots.size()});
  }
  const Sample again = bench.once(strategy, 3, 1);
  EXPECT_EQ(again.slots, bench.once(strategy, 3, 99).slots) << "nothing is drawn";
  EXPECT_GE(struck.size(), 12U) << "crashes at each of the steps, either process first";
}

TEST(Swarm, LeavesOutEveryFaultHalfOfTheTime) {
  FaultBudget budget;
  budget[Fault::crash] = 1;
  budget[Fault::lose_response] = 1;
  Bench bench(world_of_calls({3, 3}, budget));
  Swarm strategy;
  constexpr std::size_t kRuns = 4'000;
  expect_each(bench.count(strategy, kRuns,
                          [](const Sample& sample) {
                            const bool crash = sample.drawn.find("crash") != std::string::npos;
                            const bool lose = sample.drawn.find("lose_response") != std::string::npos;
                            return std::string(crash ? "c" : "-") + (lose ? "l" : "-");
                          }),
              4, kRuns);
}

// A quarter of the runs are plain PCT; the others begin like a run of the pool.
TEST(Feedback, GoesOnFromThePool) {
  Bench bench(world_of_calls({4, 4}));
  StreamPool pool;
  Feedback strategy(1, pool);
  Uniform rare;
  for (std::uint64_t i = 0; pool.empty(); ++i) {
    if (bench.once(rare, i, i).effects == "AABABBAB") pool.push_back(bench.stream);
    ASSERT_LT(i, 200'000U);
  }
  std::size_t alike = 0;
  constexpr std::size_t kRuns = 4'000;
  for (std::size_t i = 0; i < kRuns; ++i) {
    const std::string effects = bench.once(strategy, i, i).effects;
    if (effects.starts_with("AABA")) ++alike;
  }
  // Three runs of four, and a cut behind the fourth effect: PCT of depth 1 alone never begins so.
  expect_at_least(0.75 * 0.4, alike, kRuns);
}

// Where it is known which step was new, half of the prefixes end just behind it.
TEST(Feedback, GoesOnBehindWhatWasNew) {
  Bench bench(world_of_calls({4, 4}));
  StreamPool pool;
  Feedback strategy(1, pool);
  Uniform rare;
  std::string beginning;
  for (std::uint64_t i = 0; pool.empty(); ++i) {
    const Sample sample = bench.once(rare, i, i);
    beginning = sample.slots.substr(0, sample.slots.size() - 1);
    if (sample.effects == "AABABBAB") pool.push_back(bench.stream);
    ASSERT_LT(i, 200'000U);
  }
  constexpr std::size_t kRuns = 4'000;
  const auto as_long = [&](const Sample& sample) {
    return std::string(sample.slots.starts_with(beginning) ? "as long" : "shorter");
  };
  EXPECT_LT(bench.count(strategy, kRuns, as_long)["as long"], kRuns / 5);
  pool[0].news = {static_cast<std::uint32_t>(beginning.size() - 1)};
  expect_at_least(0.75 * 0.5, bench.count(strategy, kRuns, as_long)["as long"], kRuns);
}

}  // namespace
}  // namespace lockstorm::sim
