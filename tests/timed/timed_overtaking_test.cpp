// That nothing bounds how often a waiting job is overtaken is proved, and where something does that is, too.
#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/contend/overtaking.hpp"
#include "tests/timed/timed_case.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::size_t kEnoughStates = 1'000'000;

Scenario on_backend(const std::string& backend, const std::string& client, const std::string& time = "") {
  auto scenario =
      parse_scenario("backend: " + backend + "\nclient: " + client + "\ntime: {model: timed" + time + "}\n",
                     "case.yaml", "case");
  EXPECT_TRUE(scenario) << (scenario ? "" : scenario.error().render());
  return scenario ? *scenario : Scenario{};
}

TEST(OvertakingProof, NothingBoundsItWhereTheLockIsPolled) {
  for (const char* backend :
       {"{type: s3, use_lockfile: true}", "{type: s3, dynamodb_table: true}",
        "{type: http, lock_address: https://state.example/lock, unlock_address: https://state.example/lock}",
        "{type: pg}", "{type: local}"}) {
    const auto proof = prove_overtaking(on_backend(backend, "{count: 9, lock_timeout: 5m}"), kEnoughStates);
    ASSERT_TRUE(proof) << backend;
    EXPECT_EQ(proof->for_ever, sim::Overtaking::Answer::unbounded) << backend << " " << proof->states;
    const auto times = [&](CircleStep::What what) {
      return std::ranges::count(proof->circle, what, &CircleStep::what);
    };
    EXPECT_GE(times(CircleStep::What::waiter_in_vain), 1) << backend;
    EXPECT_EQ(times(CircleStep::What::other_granted), 1) << backend;
    EXPECT_GE(times(CircleStep::What::other_released), 1) << backend;
    ASSERT_EQ(proof->counted.size(), kMostCountedJobs - 1) << backend;
    for (const auto& one : proof->counted) EXPECT_EQ(one.most, one.jobs - 1) << backend;
  }
}

// Google numbers the generations of a lock, without end: no circle closes. What a few jobs can do is known.
TEST(OvertakingProof, IsCountedWhereNoCircleCloses) {
  const auto proof = prove_overtaking(on_backend("{type: gcs}", "{count: 2, lock_timeout: 5m}"), 200'000);
  ASSERT_TRUE(proof);
  EXPECT_EQ(proof->for_ever, sim::Overtaking::Answer::unknown);
  ASSERT_FALSE(proof->counted.empty());
  for (const auto& one : proof->counted) EXPECT_EQ(one.most, one.jobs - 1);
}

TEST(OvertakingProof, IsNotAskedForWhereNobodyWaits) {
  const std::string s3 = "{type: s3, use_lockfile: true}";
  EXPECT_FALSE(prove_overtaking(on_backend(s3, "{count: 2}"), kEnoughStates));
  EXPECT_FALSE(prove_overtaking(on_backend("{type: http}", "{count: 2, lock_timeout: 5m}"), kEnoughStates));
  EXPECT_FALSE(prove_overtaking(on_backend(s3, "{count: 2, lock: false, lock_timeout: 5m}"), kEnoughStates));
  EXPECT_FALSE(
      prove_overtaking(on_backend(s3, "{count: 2, lock_timeout: 5m}", ", group: queue"), kEnoughStates));
}

TEST(OvertakingProof, IsUnknownWhereThereAreTooManyStates) {
  const auto proof =
      prove_overtaking(on_backend("{type: s3, use_lockfile: true}", "{count: 2, lock_timeout: 5m}"), 50);
  ASSERT_TRUE(proof);
  EXPECT_EQ(proof->for_ever, sim::Overtaking::Answer::unknown);
  EXPECT_TRUE(proof->counted.empty());
}

}  // namespace
}  // namespace lockstorm::scenarios
