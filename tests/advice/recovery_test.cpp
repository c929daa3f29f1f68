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

  [[nodiscard]] const RecoveryTrial* of(Remedy remedy, bool others_apply, bool was_cut_off = false) const {
    const auto found = std::ranges::find_if(trials, [&](const RecoveryTrial& trial) {
      return trial.remedy == remedy && trial.others_apply == others_apply && trial.was_cut_off == was_cut_off;
    });
    return found == trials.end() ? nullptr : &*found;
  }
  [[nodiscard]] const RecoveryTrial* cut_off(Remedy remedy) const { return of(remedy, false, true); }
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

// Two objects that only the file has: the second import begins with all that the first may leave.
TEST(Recovery, ImportsSeveralObjectsOneAfterTheOther) {
  for (const std::string backend : {"s3+lockfile", "s3+dynamodb", "gcs"}) {
    const Tried tried = recovery_of(question_of(backend, Situation::lineage_refused));
    EXPECT_GT(tried.plan.several, 0U) << backend;
    const RecoveryTrial* import = tried.of(Remedy::import_missing, false);
    ASSERT_NE(import, nullptr) << backend;
    EXPECT_TRUE(import->is_proved()) << backend;
    const bool has_second = std::ranges::any_of(tried.plan.worlds, [](const RecoveryWorld& world) {
      const std::string& name = world.scenario.name;
      const std::size_t first = name.find("run=import,resources=2,inherits");
      return !world.was_cut_off && first != std::string::npos &&
             name.find("run=import,resources=3", first) != std::string::npos;
    });
    EXPECT_TRUE(has_second) << backend;
  }
}

TEST(Recovery, IsDoneAgainWhereItWasCutOff) {
  for (const std::string backend : {"s3+lockfile", "s3+dynamodb", "gcs", "oss+tablestore"}) {
    const Tried pushed = recovery_of(question_of(backend, Situation::errored_state));
    const RecoveryTrial* push = pushed.cut_off(Remedy::push);
    ASSERT_NE(push, nullptr) << backend;
    EXPECT_TRUE(push->is_proved()) << backend << ": " << push->succeeds << " of " << push->worlds;
    const Tried refused = recovery_of(question_of(backend, Situation::lineage_refused));
    for (const Remedy remedy : {Remedy::force_covered, Remedy::import_missing}) {
      const RecoveryTrial* trial = refused.cut_off(remedy);
      ASSERT_NE(trial, nullptr) << backend;
      EXPECT_TRUE(trial->is_proved()) << backend << ": " << trial->succeeds << " of " << trial->worlds;
    }
    EXPECT_EQ(refused.cut_off(Remedy::force_other), nullptr) << "nobody is told to do that";
  }
  const Tried tried = recovery_of(question_of("s3+dynamodb", Situation::digest_mismatch));
  const RecoveryTrial* digest = tried.cut_off(Remedy::set_digest);
  ASSERT_NE(digest, nullptr);
  EXPECT_TRUE(digest->is_proved());
}

// The worlds that begin there are of different kinds: nothing has come of it yet, a lock is left, the state
// is there already.
TEST(Recovery, IsCutOffAtDifferentMoments) {
  const auto plan = plan_recovery(question_of("s3+dynamodb", Situation::errored_state));
  ASSERT_TRUE(plan);
  const auto any = [&](auto is_so) {
    return std::ranges::any_of(plan->worlds,
                               [&](const RecoveryWorld& world) { return world.was_cut_off && is_so(world); });
  };
  const auto has_lock = [](const RecoveryWorld& world) {
    return world.scenario.force_unlock.force_unlock > 0;
  };
  EXPECT_TRUE(any([&](const RecoveryWorld& world) { return world.has_to_succeed && !has_lock(world); }));
  EXPECT_TRUE(any([&](const RecoveryWorld& world) { return world.has_to_succeed && has_lock(world); }));
  EXPECT_TRUE(any([&](const RecoveryWorld& world) { return !world.has_to_succeed && has_lock(world); }));
  EXPECT_TRUE(any([](const RecoveryWorld& world) {
    return world.scenario.name.find("repair_digest") != std::string::npos;
  })) << "state and digest differ where it died between them";
  EXPECT_TRUE(std::ranges::all_of(plan->worlds, [](const RecoveryWorld& world) {
    return !world.was_cut_off || world.scenario.begins->errored.is_file();
  })) << "who dies leaves the file where it is";
}

TEST(Recovery, IsNotProvedWhereItOughtToSucceedAndNeverDoes) {
  const Tried tried = recovery_of(question_of("s3+lockfile", Situation::errored_state));
  const auto cut = std::ranges::find_if(tried.plan.worlds, [](const RecoveryWorld& world) {
    return world.was_cut_off && world.has_to_succeed;
  });
  ASSERT_NE(cut, tried.plan.worlds.end());
  RecoveryPlan plan;
  plan.worlds = {*cut};
  std::vector<VerifyResult> results{tried.results[static_cast<std::size_t>(cut - tried.plan.worlds.begin())]};
  EXPECT_TRUE(judge_recovery(plan, results).front().is_proved());
  results.front().reached.clear();
  EXPECT_FALSE(judge_recovery(plan, results).front().is_proved());
  plan.worlds.front().has_to_succeed = false;
  EXPECT_TRUE(judge_recovery(plan, results).front().is_proved());
  results.front().properties[Property::no_drift] = Verdict::violated;
  EXPECT_FALSE(judge_recovery(plan, results).front().is_proved());
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
