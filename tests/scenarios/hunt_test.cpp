// Campaigns: what they find is there, what they make of it is smallest, and neither threads nor parts change
// anything.
#include "scenarios/hunt/hunt.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/hunt/corpus.hpp"
#include "scenarios/hunt/shrink.hpp"
#include "scenarios/search/verify.hpp"
#include "tests/scenarios/scenario_text.hpp"

namespace lockstorm::scenarios {
namespace {

namespace fs = std::filesystem;

HuntOptions runs(std::uint64_t count, unsigned threads = 1) {
  HuntOptions options;
  options.runs = count;
  options.all = true;
  options.threads = threads;
  return options;
}

class CorpusDirectory {
 public:
  CorpusDirectory()
      : path(fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(path);
  }
  ~CorpusDirectory() { fs::remove_all(path); }
  [[nodiscard]] std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(path)) count += entry.is_regular_file() ? 1 : 0;
    return count;
  }
  fs::path path;
};

class HuntedScenario : public testing::TestWithParam<const char*> {};

// The explorer knows what is there. In worlds as small as these a campaign finds all of it, and makes each
// counterexample no longer than the explorer's.
TEST_P(HuntedScenario, HasTheVerdictsAndTheSmallestCounterexamplesOfTheProof) {
  const Scenario scenario = named(GetParam());
  const VerifyResult proof = verify(scenario, {});
  const HuntResult hunted = hunt(scenario, runs(kDefaultRuns));
  EXPECT_EQ(hunted.result.properties, proof.properties);
  ASSERT_EQ(hunted.examples.size(), hunted.result.counterexamples.size());
  for (const HuntedExample& example : hunted.examples) {
    const Counterexample& found = hunted.result.counterexamples[example.counterexample];
    EXPECT_TRUE(example.proved_smallest);
    for (const Counterexample& shortest : proof.counterexamples) {
      if (shortest.property != found.property) continue;
      // Fewest clients come first, so that others may have to run to their end; what is needed is no longer
      // for it.
      if (found.faults != shortest.faults) continue;
      EXPECT_GE(found.steps.size(), shortest.steps.size());
      EXPECT_LE(example.steps, shortest.steps.size());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Small, HuntedScenario,
                         testing::Values("s3/lockfile/terraform/force-unlock-paused",
                                         "s3/dynamodb/terraform/crash", "s3/lockfile/terraform/lost-response",
                                         "gcs/terraform/crash", "azurerm/terraform/crash",
                                         "local/terraform/crash"),
                         [](const auto& test) {
                           std::string name = test.param;
                           for (char& letter : name) letter = letter == '/' || letter == '-' ? '_' : letter;
                           return name;
                         });

void expect_same(const HuntResult& a, const HuntResult& b) {
  EXPECT_EQ(a.result.properties, b.result.properties);
  EXPECT_EQ(a.counts.runs, b.counts.runs);
  EXPECT_EQ(a.counts.steps, b.counts.steps);
  EXPECT_EQ(a.counts.violating, b.counts.violating);
  EXPECT_EQ(a.counts.runs_of, b.counts.runs_of);
  EXPECT_EQ(a.counts.fired, b.counts.fired);
  EXPECT_EQ(a.counts.ends.smallest(), b.counts.ends.smallest());
  EXPECT_EQ(a.counts.states.smallest(), b.counts.states.smallest());
  ASSERT_EQ(a.result.counterexamples.size(), b.result.counterexamples.size());
  for (std::size_t i = 0; i < a.result.counterexamples.size(); ++i)
    EXPECT_EQ(a.result.counterexamples[i].replay, b.result.counterexamples[i].replay);
}

TEST(Hunt, IsTheSameOnAnyNumberOfThreads) {
  const Scenario scenario = named("s3/both/terraform/force-unlock-paused");
  const HuntResult one = hunt(scenario, runs(5'000, 1));
  expect_same(one, hunt(scenario, runs(5'000, 2)));
  expect_same(one, hunt(scenario, runs(5'000, 5)));
  HuntOptions other = runs(5'000);
  other.seed = 2;
  EXPECT_NE(one.counts.steps, hunt(scenario, other).counts.steps) << "the seed decides";
}

TEST(Hunt, MakesTheSameRunsInParts) {
  const Scenario scenario = named("s3/both/terraform/force-unlock-paused");
  const HuntResult whole = hunt(scenario, runs(3'200));
  HuntCounts joined;
  for (unsigned part = 0; part < 3; ++part) {
    HuntOptions options = runs(3'200);
    options.shard = {part, 3};
    joined.join(hunt(scenario, options).counts);
  }
  EXPECT_EQ(joined.runs, whole.counts.runs);
  EXPECT_EQ(joined.steps, whole.counts.steps);
  EXPECT_EQ(joined.ends.smallest(), whole.counts.ends.smallest());
  EXPECT_EQ(joined.states.smallest(), whole.counts.states.smallest());
}

TEST(Hunt, StopsAtTheFirstViolationUnlessItIsToFindAll) {
  HuntOptions options = runs(1'000'000);
  options.all = false;
  const HuntResult hunted = hunt(named("s3/lockfile/terraform/force-unlock-paused"), options);
  EXPECT_EQ(hunted.result.verdict, Verdict::violated);
  EXPECT_LT(hunted.counts.runs, 100'000U);
}

TEST(Hunt, IsInvalidWhenAFaultNeverStrikes) {
  HuntOptions options = runs(16);
  options.strategies = {"sweep"};
  Scenario scenario = named("s3/lockfile/terraform/no-faults");
  scenario.faults[sim::Fault::crash] = 1;
  scenario.faults[sim::Fault::throttle] = 1;
  // Sixteen runs of a sweep strike the first steps only; the local state file never throttles at all.
  Scenario local = named("local/terraform/no-faults");
  local.faults[sim::Fault::throttle] = 1;
  EXPECT_EQ(hunt(local, runs(2'000)).result.verdict, Verdict::invalid);
  EXPECT_EQ(hunt(scenario, runs(2'000)).counts.fired[static_cast<std::size_t>(sim::Fault::crash)] > 0, true);
}

TEST(Hunt, StopsWhenABugOfTheDepthWouldHaveBeenFound) {
  HuntOptions options;
  options.missed = 0.01;
  options.depth = 2;
  const HuntResult hunted = hunt(named("s3/lockfile/terraform/no-faults"), options);
  EXPECT_EQ(hunted.result.verdict, Verdict::held);
  EXPECT_LE(chance_missed(hunted.pct, 2), 0.01);
  EXPECT_GT(chance_missed(hunted.pct, 4), 0.01);
}

TEST(Hunt, ReplaysItsCorpusFirst) {
  const CorpusDirectory directory;
  const Scenario scenario = named("s3/lockfile/terraform/force-unlock-paused");
  HuntOptions options = runs(20'000);
  options.corpus = directory.path;
  const HuntResult first = hunt(scenario, options);
  const std::size_t kept = directory.files();
  EXPECT_GE(kept, first.result.counterexamples.size());
  options.all = false;
  const HuntResult again = hunt(scenario, options);
  EXPECT_EQ(again.counts.runs, 0U);
  EXPECT_EQ(again.replayed, kept);
  EXPECT_LE(directory.files(), kept) << "what others make superfluous goes";
  EXPECT_EQ(again.result.properties, first.result.properties);
  EXPECT_EQ(again.examples.at(0).found_by, "corpus");
}

TEST(Hunt, SetsAsideWhatIsNoneOfItsOwn) {
  const CorpusDirectory directory;
  fs::create_directories(directory.path);
  std::ofstream(directory.path / "broken.replay") << "LS1-nonsense\n";
  const Scenario scenario = named("s3/lockfile/terraform/no-faults");
  std::ofstream(directory.path / "older.replay")
      << sim::encode_replay({scenario.name, fingerprint(scenario) + 1, {{0, 3}}}) << "\n";
  std::ofstream(directory.path / "misfit.replay")
      << sim::encode_replay({scenario.name, fingerprint(scenario), {{0, 77}}}) << "\n";
  std::ofstream(directory.path / "foreign.replay")
      << sim::encode_replay({"gcs/terraform/crash", 5, {{0, 3}}}) << "\n";
  HuntOptions options = runs(160);
  options.corpus = directory.path;
  std::vector<std::string> told;
  options.tell = [&told](const std::string& line) { told.push_back(line); };
  EXPECT_EQ(hunt(scenario, options).result.verdict, Verdict::held);
  EXPECT_EQ(told.size(), 3U) << testing::PrintToString(told);
  EXPECT_TRUE(fs::exists(directory.path / "aside" / "broken.replay"));
  EXPECT_TRUE(fs::exists(directory.path / "aside" / "older.replay"));
  EXPECT_TRUE(fs::exists(directory.path / "foreign.replay")) << "another scenario's";
}

TEST(Hunt, GoesOnWhereTheCorpusCannotBeWritten) {
  const CorpusDirectory directory;
  std::ofstream(directory.path) << "a file where a directory should be";
  HuntOptions options = runs(1'600);
  options.corpus = directory.path;
  std::vector<std::string> told;
  options.tell = [&told](const std::string& line) { told.push_back(line); };
  const HuntResult hunted = hunt(named("s3/lockfile/terraform/force-unlock-paused"), options);
  EXPECT_EQ(hunted.result.verdict, Verdict::violated);
  EXPECT_FALSE(hunted.result.counterexamples.empty());
  EXPECT_FALSE(told.empty());
}

TEST(Chances, AreThoseOfThePaper) {
  // n = 3, k = 45: depth 1 is found by every third run, depth 2 by one in 135.
  const PctRuns search{3, 45, 0, {0, 0, 100, 0}};
  EXPECT_DOUBLE_EQ(chance_of_one_run(search, 1), 1.0 / 3);
  EXPECT_DOUBLE_EQ(chance_of_one_run(search, 2), 1.0 / 135);
  EXPECT_NEAR(chance_missed(search, 2), std::pow(1 - 1.0 / 135, 100), 1e-12);
  EXPECT_NEAR(chance_missed(search, 1), chance_missed(search, 2), 1e-12);
  EXPECT_EQ(chance_missed(search, 3), 1.0);
  const PctRuns with_faults{3, 45, 2, {0, 0, 100}};
  EXPECT_DOUBLE_EQ(chance_of_one_run(with_faults, 2), 1.0 / 4 / 3 / 90);
  EXPECT_DOUBLE_EQ(rule_of_three(3'000), 0.001);
}

TEST(Portfolio, PaysWhoBringsSomethingAndStarvesNobody) {
  std::vector<std::unique_ptr<sim::Strategy>> members;
  const sim::StreamPool pool;
  for (const char* name : {"uniform", "pct:2", "pos", "urw"}) members.push_back(make_strategy(name, pool));
  Portfolio portfolio(std::move(members));
  for (int i = 0; i < 10'000; ++i) {
    const std::size_t turn = portfolio.next();
    portfolio.gained(turn, turn == 2 ? 1 : 0);
  }
  // A floor of an eighth each, and the other half for the one that pays.
  EXPECT_NEAR(static_cast<double>(portfolio.runs(2)), 6'250, 60);
  EXPECT_NEAR(static_cast<double>(portfolio.runs(0)), 1'250, 60);
}

TEST(Portfolio, GoesOnFromWhatWasFoundWhenNothingIsNew) {
  std::vector<std::unique_ptr<sim::Strategy>> members;
  const sim::StreamPool pool;
  for (const char* name : {"uniform", "pct:2", "feedback", "urw"})
    members.push_back(make_strategy(name, pool));
  Portfolio portfolio(std::move(members));
  for (int i = 0; i < 10'000; ++i) {
    const std::size_t turn = portfolio.next();
    portfolio.gained(turn, i < 100 && turn == 0 ? 1 : 0);
  }
  // A floor of an eighth, and of the other half all but what the first hundred runs have earned.
  EXPECT_GE(portfolio.runs(2), 5'500U);
  EXPECT_NEAR(static_cast<double>(portfolio.runs(3)), 1'250, 60);
}

TEST(Strategies, AllHaveNamesAndWords) {
  const sim::StreamPool pool;
  for (const StrategyInfo& info : strategies()) {
    const auto strategy = make_strategy(info.name, pool);
    ASSERT_TRUE(strategy) << info.name;
    EXPECT_EQ(strategy->name(), info.name);
    EXPECT_FALSE(info.does.empty());
  }
  EXPECT_TRUE(make_strategy("pct:7", pool));
  EXPECT_TRUE(make_strategy("switches:2", pool));
  for (const char* wrong : {"", "pct", "pct:", "pct:0", "pct:x", "pct:3x", "pct:65", "best"})
    EXPECT_FALSE(make_strategy(wrong, pool)) << wrong;
}

}  // namespace
}  // namespace lockstorm::scenarios
