// Certificates: written, read back, confirmed, and refused as soon as anything differs.
#include "reports/ci/certificate.hpp"

#include <gtest/gtest.h>

#include "reports/ci/gtest_source.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::reports {
namespace {

scenarios::VerifyResult verified(const std::string& name, std::size_t max_bytes = std::size_t{4} << 30U) {
  return scenarios::verify(scenarios::find_scenario(name).value(),
                           {.max_bytes = max_bytes, .explain = false, .fingerprint = true});
}

const scenarios::VerifyResult& crash() {
  static const scenarios::VerifyResult result = verified("s3/lockfile/terraform/crash");
  return result;
}

TEST(Certificate, IsReadBackAndConfirmed) {
  const auto text = certificate_text({&crash(), 1});
  ASSERT_TRUE(text.has_value()) << text.error();
  const auto claims = read_certificate(*text);
  ASSERT_TRUE(claims.has_value()) << claims.error();
  ASSERT_EQ(claims->size(), 1U);
  EXPECT_EQ(claims->front(), certified(crash()));
  EXPECT_TRUE(differences(claims->front(), certified(verified("s3/lockfile/terraform/crash"))).empty());
}

TEST(Certificate, AnyDifferenceIsTold) {
  const Certified found = certified(crash());
  const auto told = [&found](void (*change)(Certified&)) {
    Certified claimed = found;
    change(claimed);
    return differences(claimed, found).size();
  };
  EXPECT_EQ(told([](Certified&) {}), 0U);
  EXPECT_EQ(told([](Certified& one) { ++one.states; }), 1U);
  EXPECT_EQ(
      told([](Certified& one) { one.reachable_set.back() = one.reachable_set.back() == '0' ? '1' : '0'; }),
      1U);
  EXPECT_EQ(told([](Certified& one) { one.properties.front().second = "violated"; }), 1U);
  EXPECT_EQ(told([](Certified& one) { one.properties.pop_back(); }), 1U);
  EXPECT_EQ(told([](Certified& one) { one.scenario = "0"; }), 1U);
}

// Worlds of equally many states are told apart by what is in them.
TEST(Certificate, TheReachableSetIsNotItsSize) {
  const scenarios::VerifyResult other = verified("oci/crash");
  ASSERT_EQ(crash().explored.states, other.explored.states);
  EXPECT_NE(certified(crash()).scenario, certified(other).scenario);
}

TEST(Certificate, OnlyOfWhatWasExploredCompletely) {
  const scenarios::VerifyResult cut = verified("lock-table/corrected", 1U << 20U);
  ASSERT_FALSE(cut.explored.complete);
  const auto text = certificate_text({&cut, 1});
  ASSERT_FALSE(text.has_value());
  EXPECT_NE(text.error().find("was not explored completely"), std::string::npos);
}

TEST(Certificate, WhatIsNoneIsRefused) {
  for (const char* text :
       {"", "{}", "[1]", "{\"certificate\": 1, \"lockstorm\": \"0.0.0\", \"scenarios\": []}",
        "{\"certificate\": 1, \"lockstorm\": \"0.1.0\", \"scenarios\": [{}]}"})
    EXPECT_FALSE(read_certificate(text).has_value()) << text;
}

TEST(GtestSource, IsATestThatFindsItsScenario) {
  const scenarios::VerifyResult result = verified("s3/unlocked");
  ASSERT_FALSE(result.counterexamples.empty());
  for (const scenarios::Counterexample& counterexample : result.counterexamples) {
    const GtestSource source = gtest_source(result, counterexample, "s3/unlocked");
    EXPECT_TRUE(source.file_name.starts_with("s3_unlocked_"));
    EXPECT_TRUE(source.file_name.ends_with("_test.cpp"));
    EXPECT_NE(source.text.find("\"s3/unlocked\",\n"), std::string::npos);
    EXPECT_NE(source.text.find(counterexample.replay + "\""), std::string::npos);
  }
}

}  // namespace
}  // namespace lockstorm::reports
