// The worlds of recoveries: which situations there are, and what is proved of the ways out.
#include "scenarios/advice/recovery.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/backends/s3.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/files/name_parts.hpp"
#include "scenarios/files/world_name.hpp"
#include "scenarios/search/verify.hpp"
#include "scenarios/world/endings.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;

RecoveryQuestion question_of(const std::string& backend, Situation situation,
                             models::Dialect tool = models::Dialect::terraform) {
  RecoveryQuestion question{{}, tool, situation};
  EXPECT_TRUE(read_backend_part(backend, question.backend)) << backend;
  return question;
}

struct Tried {
  RecoveryPlan plan;
  std::vector<VerifyResult> results;
  std::vector<RecoveryTrial> trials;

  [[nodiscard]] const RecoveryTrial* of(Remedy remedy, bool others_apply) const {
    const auto found = std::ranges::find_if(trials, [&](const RecoveryTrial& trial) {
      return trial.remedy == remedy && trial.others_apply == others_apply;
    });
    return found == trials.end() ? nullptr : &*found;
  }
};

Tried recovery_of(const RecoveryQuestion& question) {
  Tried tried;
  auto plan = plan_recovery(question);
  EXPECT_TRUE(plan) << (plan ? "" : plan.error());
  if (!plan) return tried;
  tried.plan = *std::move(plan);
  for (const Scenario& scenario : recovery_scenarios(tried.plan))
    tried.results.push_back(verify(scenario, {.explain = false}));
  tried.trials = judge_recovery(tried.plan, tried.results);
  return tried;
}

TEST(Recovery, PushesAnErroredStateWhereNobodyElseApplies) {
  const Tried tried = recovery_of(question_of("s3+lockfile", Situation::errored_state));
  EXPECT_GE(tried.plan.places, 3U) << "an update, a first apply, and an addition";
  const RecoveryTrial* alone = tried.of(Remedy::push, false);
  ASSERT_NE(alone, nullptr);
  EXPECT_TRUE(alone->is_proved());
  const RecoveryTrial* beside = tried.of(Remedy::push, true);
  ASSERT_NE(beside, nullptr);
  EXPECT_TRUE(beside->violated.contains(Property::no_drift)) << "whoever applies first creates it again";
  const RecoveryTrial* forced = tried.of(Remedy::force_other, true);
  ASSERT_NE(forced, nullptr);
  EXPECT_TRUE(forced->violated.contains(Property::no_lost_update));
}

// commands/push-errored-state-opentofu: the file's serial is one too high.
TEST(Recovery, KnowsThatASerialProtectsFromNothingInOpenTofu) {
  const Tried tried =
      recovery_of(question_of("s3+lockfile", Situation::errored_state, models::Dialect::opentofu));
  const RecoveryTrial* beside = tried.of(Remedy::push, true);
  ASSERT_NE(beside, nullptr);
  EXPECT_TRUE(beside->violated.contains(Property::no_lost_update));
}

TEST(Recovery, ImportsWhatOnlyTheRefusedFileHas) {
  const Tried tried = recovery_of(question_of("s3+lockfile", Situation::lineage_refused));
  const RecoveryTrial* import = tried.of(Remedy::import_missing, false);
  ASSERT_NE(import, nullptr);
  EXPECT_TRUE(import->is_proved());
  const RecoveryTrial* forced = tried.of(Remedy::force_covered, false);
  ASSERT_NE(forced, nullptr);
  EXPECT_TRUE(forced->is_proved());
  const RecoveryTrial* meanwhile = tried.of(Remedy::force_covered, true);
  ASSERT_NE(meanwhile, nullptr);
  EXPECT_TRUE(meanwhile->violated.contains(Property::no_lost_update));
}

TEST(Recovery, SetsTheDigestWhileOthersApply) {
  for (const std::string backend : {"s3+dynamodb", "oss+tablestore"}) {
    const Tried tried = recovery_of(question_of(backend, Situation::digest_mismatch));
    for (const bool others_apply : {false, true}) {
      const RecoveryTrial* trial = tried.of(Remedy::set_digest, others_apply);
      ASSERT_NE(trial, nullptr) << backend;
      EXPECT_TRUE(trial->is_proved()) << backend << (others_apply ? " beside an apply" : " alone");
    }
  }
}

TEST(Recovery, KnowsSituationsThatCannotBe) {
  EXPECT_FALSE(plan_recovery(question_of("s3+lockfile", Situation::digest_mismatch)));
  EXPECT_FALSE(plan_recovery(question_of("gcs", Situation::digest_mismatch)));
}

// The worlds have names from which anybody finds them again.
TEST(Recovery, HasWorldsWithNames) {
  for (const Situation situation : {Situation::errored_state, Situation::lineage_refused}) {
    const auto plan = plan_recovery(question_of("s3+dynamodb", situation));
    ASSERT_TRUE(plan);
    for (const RecoveryWorld& world : plan->worlds) {
      const auto again = scenario_of_world_name(world.scenario.name);
      ASSERT_TRUE(again) << world.scenario.name << ": " << again.error().render();
      EXPECT_EQ(fingerprint(*again), fingerprint(world.scenario)) << world.scenario.name;
    }
  }
}

// Two writers of an earlier world are two to a later one: what the one has saved is not what the other has.
TEST(Beginnings, TellEarlierWritersApart) {
  const auto world = scenario_of_world_name("audit/terraform/s3/jobs=2,first-apply/no-faults");
  ASSERT_TRUE(world);
  const auto endings = endings_of(*world);
  ASSERT_TRUE(endings);
  EXPECT_FALSE(endings->empty());
  sim::EarlierNames names;
  EXPECT_EQ(names(sim::Who::process(1)), sim::Who::predecessor(0));
  EXPECT_EQ(names(sim::Who::predecessor()), sim::Who::predecessor(1));
  EXPECT_EQ(names(sim::Who::process(1)), sim::Who::predecessor(0));
  EXPECT_EQ(names(sim::Who::nobody()), sim::Who::nobody());
  EXPECT_TRUE(names(sim::Who::process(7)).is_predecessor());
  EXPECT_FALSE(sim::Who::process(126).is_predecessor());
}

}  // namespace
}  // namespace lockstorm::scenarios
