// Acceptances name rules exactly, or all that begin alike.
#include "scenarios/gate/rule_pattern.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lockstorm::scenarios {
namespace {

using testing::HasSubstr;

TEST(RulePattern, AnIdIsThatRuleAlone) {
  const auto pattern = RulePattern::parse("ls-s3-310");
  ASSERT_TRUE(pattern) << pattern.error();
  EXPECT_EQ(pattern->text(), "LS-S3-310");
  EXPECT_TRUE(pattern->matches("LS-S3-310"));
  EXPECT_FALSE(pattern->matches("LS-S3-312"));
  EXPECT_FALSE(pattern->matches("LS-GCS-310"));
}

TEST(RulePattern, AStarIsAllThatBeginSo) {
  const auto all = RulePattern::parse("LS-S3-*");
  ASSERT_TRUE(all) << all.error();
  EXPECT_TRUE(all->matches("LS-S3-310"));
  EXPECT_FALSE(all->matches("LS-GCS-310"));
  const auto of_a_property = RulePattern::parse("LS-S3-9*");
  ASSERT_TRUE(of_a_property) << of_a_property.error();
  EXPECT_TRUE(of_a_property->matches("LS-S3-902"));
  EXPECT_FALSE(of_a_property->matches("LS-S3-310"));
}

TEST(RulePattern, HazardsOfPipelinesAreRules) {
  ASSERT_TRUE(RulePattern::parse("ls-ci-p07"));
  EXPECT_TRUE(RulePattern::parse("LS-CI-P0*")->matches("LS-CI-P07"));
  EXPECT_FALSE(RulePattern::parse("LS-CI-P0*")->matches("LS-CI-P11"));
}

TEST(RulePattern, WhatIsAboutNoRuleIsRefused) {
  for (const char* const text :
       {"", "*", "LS-*", "LS-S4-*", "LS-S3-399", "LS-CI-P29", "LS-S3", "S3-310", "LS-S3-310 "})
    EXPECT_FALSE(RulePattern::parse(text)) << text;
  EXPECT_THAT(RulePattern::parse("LS-S4-310").error(), HasSubstr("did you mean 'LS-S3-310'?"));
}

}  // namespace
}  // namespace lockstorm::scenarios
