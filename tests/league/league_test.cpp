// The mutant league as a test: the explorer kills every mutant, random search nearly all of them within what
// one CI run can spend, what is left of them is small, and no control is ever accused.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "bench/league/table.hpp"
#include "scenarios/hunt/hunt.hpp"

namespace lockstorm::league {
namespace {

constexpr std::uint64_t kRunsOfOneCiRun = 20'000;

std::string test_name(std::string_view name) {
  std::string text(name);
  std::ranges::replace_if(text, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return text;
}

std::vector<std::string> mutant_names() {
  std::vector<std::string> names;
  for (const Mutant& mutant : all_mutants()) names.emplace_back(mutant.name);
  return names;
}

Mutant mutant_named(const std::string& name) {
  for (Mutant& mutant : all_mutants()) {
    if (mutant.name == name) return std::move(mutant);
  }
  throw std::invalid_argument(name);
}

// What counts as hard is said in bench/league/table.hpp; fewer trials tell roughly.
bool is_hard_for_uniform(const Mutant& mutant) {
  const scenarios::Scenario control = scenario_of(mutant.control);
  if (control.clients() < kHardClients) return false;
  Contest contest(control, proved(control), mutant.mutation);
  constexpr unsigned kTrials = 5;
  unsigned quick = 0;
  for (unsigned trial = 1; trial <= kTrials; ++trial)
    quick += contest.search({"uniform"}, trial, static_cast<std::uint64_t>(kHardRuns)).killed ? 1 : 0;
  return quick <= kTrials / 2;
}

// Worlds with more jobs than the library's take longer to shrink in.
std::vector<std::string> mutant_names(bool with_jobs_of_its_own) {
  std::vector<std::string> names;
  for (const Mutant& mutant : all_mutants()) {
    if ((mutant.control.jobs != 0) == with_jobs_of_its_own) names.emplace_back(mutant.name);
  }
  return names;
}

class LeagueMutant : public testing::TestWithParam<std::string> {};
class LeagueShrinks : public testing::TestWithParam<std::string> {};

TEST_P(LeagueMutant, IsKilledByTheExplorer) {
  const Mutant mutant = mutant_named(GetParam());
  const scenarios::Scenario control = scenario_of(mutant.control);
  const Exploration found = Contest(control, proved(control), mutant.mutation).explore();
  EXPECT_TRUE(found.killed) << mutant.what;
}

TEST_P(LeagueShrinks, ToWhatIsProvedSmallest) {
  const Mutant mutant = mutant_named(GetParam());
  scenarios::Scenario control = scenario_of(mutant.control);
  control.check = proved(control);
  scenarios::HuntOptions options;
  options.runs = kRunsOfOneCiRun;
  options.build = [&](const scenarios::Scenario& scenario) { return mutant.mutation.build(scenario); };
  scenarios::HuntResult hunted = scenarios::hunt(control, options);
  // What is not found in one CI run (PortfolioKillsNineteenOfTwenty counts it) is found by looking longer.
  for (options.seed = 2; hunted.examples.empty() && options.seed < 40; ++options.seed) {
    options.runs = 10 * kRunsOfOneCiRun;
    options.strategies = {"feedback"};
    hunted = scenarios::hunt(control, options);
  }
  ASSERT_FALSE(hunted.examples.empty()) << mutant.what;
  for (const scenarios::HuntedExample& example : hunted.examples) {
    EXPECT_TRUE(example.proved_smallest) << mutant.what;
    EXPECT_LE(example.steps, example.steps_found);
  }
}

INSTANTIATE_TEST_SUITE_P(League, LeagueMutant, testing::ValuesIn(mutant_names()),
                         [](const auto& info) { return test_name(info.param); });
INSTANTIATE_TEST_SUITE_P(League, LeagueShrinks, testing::ValuesIn(mutant_names(false)),
                         [](const auto& info) { return test_name(info.param); });
INSTANTIATE_TEST_SUITE_P(NightlyLeague, LeagueShrinks, testing::ValuesIn(mutant_names(true)),
                         [](const auto& info) { return test_name(info.param); });

class LeagueControl : public testing::TestWithParam<Control> {};

TEST_P(LeagueControl, IsNeverAccused) {
  const scenarios::Scenario control = scenario_of(GetParam());
  const checkers::PropertySet held = proved(control);
  ASSERT_FALSE(held.empty());
  Contest contest(control, held, {});
  EXPECT_FALSE(contest.explore().killed);
  EXPECT_FALSE(contest.search(scenarios::strategy_names(), 1, kRunsOfOneCiRun).killed);
}

std::set<Control> controls() {
  std::set<Control> all;
  for (const Mutant& mutant : all_mutants()) all.insert(mutant.control);
  return all;
}

INSTANTIATE_TEST_SUITE_P(League, LeagueControl, testing::ValuesIn(controls()),
                         [](const auto& info) { return test_name(info.param.name()); });

TEST(League, HasAHundredAndThirtyMutantsOfDifferentNames) {
  const std::vector<std::string> names = mutant_names();
  EXPECT_GE(names.size(), 130U);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

TEST(League, HasTwentyMutantsThatUniformSearchNeedsLongFor) {
  std::size_t hard = 0;
  for (const Mutant& mutant : all_mutants()) hard += is_hard_for_uniform(mutant) ? 1 : 0;
  EXPECT_GE(hard, 20U);
}

TEST(League, PortfolioKillsNineteenOfTwenty) {
  std::size_t killed = 0;
  const std::vector<Mutant> mutants = all_mutants();
  for (const Mutant& mutant : mutants) {
    const scenarios::Scenario control = scenario_of(mutant.control);
    Contest contest(control, proved(control), mutant.mutation);
    const Trial trial = contest.search(scenarios::strategy_names(), 7, kRunsOfOneCiRun);
    killed += trial.killed ? 1 : 0;
    if (!trial.killed) RecordProperty(test_name(mutant.name), "not killed");
  }
  EXPECT_GE(killed * 20, mutants.size() * 19) << killed << " of " << mutants.size();
}

TEST(NightlyLeague, PortfolioKillsNinetyEightOfAHundredTrials) {
  constexpr unsigned kTrials = 15;
  std::size_t killed = 0;
  std::size_t trials = 0;
  for (const Mutant& mutant : all_mutants()) {
    const scenarios::Scenario control = scenario_of(mutant.control);
    Contest contest(control, proved(control), mutant.mutation);
    for (unsigned trial = 1; trial <= kTrials; ++trial, ++trials)
      killed += contest.search(scenarios::strategy_names(), trial, kRunsOfOneCiRun).killed ? 1 : 0;
  }
  EXPECT_GE(killed * 100, trials * 98) << killed << " of " << trials;
}

}  // namespace
}  // namespace lockstorm::league
