// Which versions a required_version lets in, by the rules of hashicorp/go-version.
#include "scenarios/data/version_constraint.hpp"

#include <gtest/gtest.h>

namespace lockstorm::scenarios {
namespace {

struct Case {
  std::string_view constraint;
  bool before;  ///< lets in versions before 1.10
  bool from;    ///< lets in 1.10 or later
};

TEST(VersionConstraint, SaysWhatItLetsIn) {
  for (const Case& one : std::initializer_list<Case>{{">= 1.5.0", true, true},
                                                     {">= 1.10", false, true},
                                                     {">=\t1.10.0", false, true},
                                                     {" >= 1.5 ,\n< 1.9\r\n", true, false},
                                                     {"1.10.0+build.7", false, true},
                                                     {"> 1.5", true, true},
                                                     {"> 1.9.99", true, true},
                                                     {"> 1.10.0", false, true},
                                                     {"< 1.10", true, false},
                                                     {"<= 1.9", true, false},
                                                     {"<= 1.10.0", true, true},
                                                     {"~> 1.5.0", true, false},
                                                     {"~> 1.5", true, true},
                                                     {"~> 1.10.2", false, true},
                                                     {"~> 1", true, true},
                                                     {"= 1.9.0", true, false},
                                                     {"1.9.0", true, false},
                                                     {"v1.11.4", false, true},
                                                     {"!= 1.9.0", true, true},
                                                     {">= 1.5, < 1.9", true, false},
                                                     {">= 1.9.5, != 1.9.5, < 1.10", true, false},
                                                     {">= 1.5, >= 1.10", false, true},
                                                     {">= 2.0, < 1.0", false, false}}) {
    EXPECT_TRUE(is_version_constraint(one.constraint)) << one.constraint;
    EXPECT_EQ(allows_before(one.constraint, 1, 10), one.before) << one.constraint;
    EXPECT_EQ(allows_from(one.constraint, 1, 10), one.from) << one.constraint;
  }
}

TEST(VersionConstraint, IsOnlyWhatTheToolsUnderstand) {
  for (const std::string_view text : {"foo", "", ">=", "1.x", "=> 1.5", ">= 1.5,", "1.5 1.6", "1..2", "-1",
                                      ">= 1.10.0-beta1", "~> 1.9, != 1.9.1-rc1", "1.0+"}) {
    EXPECT_FALSE(is_version_constraint(text)) << text;
    EXPECT_FALSE(allows_before(text, 1, 10)) << text;
  }
}

}  // namespace
}  // namespace lockstorm::scenarios
