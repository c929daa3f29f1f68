// Whether locks may be removed by force: what the worlds say for each backend and each thing that is known.
#include "scenarios/advice/unlock_advice.hpp"

#include <gtest/gtest.h>

#include "scenarios/data/backend_type.hpp"
#include "scenarios/files/name_parts.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using std::chrono::minutes;
using std::chrono::seconds;

UnlockJudgement judged(const std::string& backend, JobState job) {
  UnlockQuestion question;
  EXPECT_TRUE(read_backend_part(backend, question.backend)) << backend;
  question.job = job;
  const auto plan = plan_unlock(question);
  EXPECT_TRUE(plan) << (plan ? "" : plan.error());
  if (!plan) return {};
  std::vector<VerifyResult> results;
  for (const Scenario& scenario : unlock_scenarios(*plan))
    results.push_back(verify(scenario, {.explain = false}));
  return judge_unlock(*plan, question, results);
}

TEST(UnlockAdvice, OfARunningJobIsDangerous) {
  for (const std::string backend : {"s3+lockfile", "s3+dynamodb", "gcs", "kubernetes"}) {
    const UnlockJudgement judgement = judged(backend, JobState::alive);
    EXPECT_EQ(judgement.risk, UnlockRisk::damage) << backend;
    EXPECT_TRUE(judgement.damage.contains(Property::no_lost_update)) << backend;
    EXPECT_TRUE(judgement.shown) << backend;
  }
}

// A lease on the state fences its saves; that two work at once is left.
TEST(UnlockAdvice, OfAFencedStoreIsDangerousToo) {
  const UnlockJudgement judgement = judged("azurerm", JobState::unknown);
  EXPECT_EQ(judgement.risk, UnlockRisk::damage);
  EXPECT_FALSE(judgement.damage.contains(Property::no_lost_update));
  EXPECT_TRUE(judgement.damage.contains(Property::mutual_exclusion));
}

TEST(UnlockAdvice, OfADeadJobIsToWaitForWhatIsOnItsWay) {
  const UnlockJudgement judgement = judged("s3+lockfile", JobState::dead);
  EXPECT_EQ(judgement.risk, UnlockRisk::late_only);
  EXPECT_TRUE(judgement.damage_later.empty());
}

TEST(UnlockAdvice, OfASessionIsNothingToDo) {
  EXPECT_TRUE(judged("pg", JobState::dead).ends_by_itself);
  EXPECT_TRUE(judged("local", JobState::dead).ends_by_itself);
  EXPECT_TRUE(judged("local", JobState::unknown).ends_by_itself) << "force-unlock removes no such lock";
}

TEST(UnlockAdvice, WithoutALockHasNoWorld) {
  UnlockQuestion question;
  ASSERT_TRUE(read_backend_part("s3", question.backend));
  EXPECT_FALSE(plan_unlock(question));
}

TEST(UnlockDecision, CountsFromTheEndOfTheJob) {
  UnlockJudgement judgement;
  judgement.risk = UnlockRisk::late_only;
  const RequestBound bound{minutes(15), "", "", true};
  EXPECT_EQ(decide_unlock(judgement, bound, std::nullopt).wait, minutes(15));
  EXPECT_EQ(decide_unlock(judgement, bound, minutes(14)).verdict, UnlockVerdict::wait);
  EXPECT_EQ(decide_unlock(judgement, bound, minutes(14)).wait, minutes(1));
  EXPECT_EQ(decide_unlock(judgement, bound, minutes(15)).verdict, UnlockVerdict::safe);
  judgement.risk = UnlockRisk::damage;
  EXPECT_EQ(decide_unlock(judgement, bound, minutes(600)).verdict, UnlockVerdict::dangerous);
  judgement.risk = UnlockRisk::unknown;
  EXPECT_EQ(decide_unlock(judgement, bound, minutes(600)).verdict, UnlockVerdict::unknown);
}

// In a world in which nobody could remove anything, that nothing came of it says nothing.
TEST(UnlockJudgement, IsNotMadeOfRemovalsThatNeverHappen) {
  UnlockQuestion question;
  ASSERT_TRUE(read_backend_part("s3+lockfile", question.backend));
  question.job = JobState::alive;
  UnlockPlan plan;
  plan.now.emplace_back();
  std::vector<VerifyResult> results(2);
  EXPECT_EQ(judge_unlock(plan, question, results).risk, UnlockRisk::unknown);
  results[0].reached.push_back(
      {"operator", true, std::nullopt, std::nullopt, {{models::Ending::force_unlocked, true}}, {}});
  EXPECT_EQ(judge_unlock(plan, question, results).risk, UnlockRisk::none);
}

}  // namespace
}  // namespace lockstorm::scenarios
