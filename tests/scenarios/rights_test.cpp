// Rights that jobs lack or lose, outages, stores without conditional puts.
#include "scenarios/world/rights.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/story/narrative.hpp"
#include "scenarios/search/verify.hpp"
#include "tests/scenarios/scenario_text.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using testing::ElementsAre;
using testing::HasSubstr;

InputError refused_rights(const std::string& yaml) {
  const auto read = parse_scenario(yaml, "test.yaml", "test");
  EXPECT_FALSE(read) << yaml;
  return read ? InputError{} : read.error();
}

const std::string kBucket = "backend: {type: s3, use_lockfile: true}\n";

TEST(Rights, AreNamedAsTheApiDoes) {
  const Scenario one = scenario_of(kBucket + "client: {lacks: DeleteObject}\n");
  EXPECT_THAT(one.client.lacks, ElementsAre("DeleteObject"));
  const Scenario some = scenario_of(kBucket + "client: {lacks: [PutObject .tflock, list]}\n");
  EXPECT_THAT(some.client.lacks, ElementsAre("PutObject .tflock", "list"));
  const InputError unknown = refused_rights(kBucket + "client: {lacks: DeleteItem}\n");
  EXPECT_THAT(unknown.problem, HasSubstr("no client sends 'DeleteItem' on s3 with use_lockfile"));
  EXPECT_THAT(unknown.expected, HasSubstr("DeleteObject"));
}

TEST(Rights, MeanNothingWhereNobodyAsks) {
  EXPECT_THAT(refused_rights("backend: {type: local}\nfaults: {credentials_end: 1}\n").problem,
              HasSubstr("nobody asks for credentials with every request on local"));
  EXPECT_THAT(refused_rights(kBucket + "client: {loses: delete}\n").expected,
              HasSubstr("credentials_end: 1"));
}

TEST(Rights, ThatAreLackedByOneFleetAreTheOthersStill) {
  const VerifyResult result = verify(named("rights/plan-cannot-lock"), {});
  EXPECT_EQ(result.verdict, Verdict::held) << result.why;
}

TEST(Rights, EndAsOneAdverseEvent) {
  const VerifyResult result = verify(named("rights/credentials-end"), {});
  ASSERT_FALSE(result.counterexamples.empty());
  for (const Counterexample& counterexample : result.counterexamples) {
    EXPECT_EQ(counterexample.adverse_events, 1U);
    EXPECT_THAT(reports::why(counterexample), HasSubstr("The credentials of client end"));
  }
}

// Both engines refuse the same requests: a run found on tables is one on live processes.
TEST(Rights, EndInBothEnginesAlike) {
  for (const char* name : {"rights/credentials-end", "rights/only-unlock-ends", "rights/outage"}) {
    SCOPED_TRACE(name);
    const VerifyResult result = verify(named(name), {});
    for (const Counterexample& counterexample : result.counterexamples)
      EXPECT_TRUE(counterexample.violated.contains(counterexample.property));
  }
}

// What cannot be said is refused by name, with what comes nearest.
TEST(Rights, WhatCannotBeSaidIsToldSo) {
  EXPECT_THAT(refused_rights(kBucket + "atlantis: {automerge: true}\n").problem,
              HasSubstr("a scenario cannot say 'atlantis'"));
  EXPECT_THAT(refused_rights(kBucket + "client: {parallelism: 10}\n").expected, HasSubstr("resources"));
  EXPECT_THAT(refused_rights(kBucket + "client: {read_only: true}\n").expected, HasSubstr("lacks"));
}

TEST(Rights, CountInTheFingerprintOnlyWhereTheyMatter) {
  EXPECT_EQ(fingerprint(scenario_of(kBucket)), fingerprint(scenario_of(kBucket + "client: {retries: 0}\n")));
  EXPECT_NE(fingerprint(scenario_of(kBucket)),
            fingerprint(scenario_of(kBucket + "client: {lacks: DeleteObject}\n")));
  EXPECT_NE(fingerprint(scenario_of(kBucket)),
            fingerprint(scenario_of(kBucket + "faults: {credentials_end: 1}\n")));
  EXPECT_NE(fingerprint(scenario_of(kBucket + "faults: {outage: 1}\n")),
            fingerprint(scenario_of(kBucket + "faults: {credentials_end: 1}\n")));
}

}  // namespace
}  // namespace lockstorm::scenarios
