// What is wrong with a lock in Redis, and what its repair is worth: found, and proved.
#include <gtest/gtest.h>

#include "redis_config.hpp"
#include "reports/text/text_report.hpp"
#include "scenarios/search/verify.hpp"

namespace mine {
namespace {

using lockstorm::checkers::Property;
using lockstorm::scenarios::Scenario;
using lockstorm::scenarios::Verdict;
using lockstorm::scenarios::VerifyResult;

// Two jobs apply at once; a response may be lost.
VerifyResult verified(const RedisConfig& redis) {
  Scenario scenario;
  scenario.name = "redis";
  scenario.backend = redis;
  scenario.client.count = 2;
  scenario.faults[lockstorm::sim::Fault::lose_response] = 1;
  return lockstorm::scenarios::verify(scenario, {});
}

TEST(Redis, AsEverybodyWritesItFirst) {
  const VerifyResult result = verified(RedisConfig{});
  EXPECT_EQ(result.properties.at(Property::own_lock_only), Verdict::violated);
  EXPECT_EQ(result.properties.at(Property::no_lost_update), Verdict::violated);
  for (const auto& counterexample : result.counterexamples) {
    if (counterexample.property == Property::own_lock_only)
      std::fputs(lockstorm::reports::text_counterexample(result, counterexample, {}).c_str(), stdout);
  }
}

TEST(Redis, AnUnlockThatComparesSparesOtherLocks) {
  RedisConfig redis;
  redis.protocol.compares_on_delete = true;
  const VerifyResult result = verified(redis);
  EXPECT_EQ(result.properties.at(Property::own_lock_only), Verdict::held);
  // The lock still expires under a job that works, and the job does not know.
  EXPECT_EQ(result.properties.at(Property::no_lost_update), Verdict::violated);
}

TEST(Redis, AFencedWriteLosesNoUpdate) {
  RedisConfig redis;
  redis.protocol = {.compares_on_delete = true, .fenced_put = true};
  const VerifyResult result = verified(redis);
  EXPECT_TRUE(result.explored.complete);
  EXPECT_EQ(result.properties.at(Property::no_lost_update), Verdict::held);
  EXPECT_EQ(result.properties.at(Property::state_integrity), Verdict::held);
  EXPECT_EQ(result.properties.at(Property::own_lock_only), Verdict::held);
  // A lease keeps nobody from working on: two jobs still change infrastructure at once.
  EXPECT_EQ(result.properties.at(Property::mutual_exclusion), Verdict::violated);
}

TEST(Redis, ALockThatNeverExpiresExcludes) {
  RedisConfig redis;
  redis.protocol.compares_on_delete = true;
  redis.locks_expire = false;
  const VerifyResult result = verified(redis);
  EXPECT_EQ(result.properties.at(Property::mutual_exclusion), Verdict::held);
  EXPECT_EQ(result.properties.at(Property::no_lost_update), Verdict::held);
  EXPECT_EQ(result.properties.at(Property::stale_lock_recovery), Verdict::held);  // by force-unlock
}

}  // namespace
}  // namespace mine
