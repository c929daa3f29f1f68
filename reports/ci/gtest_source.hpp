// A counterexample as a GoogleTest that fails until the bug is fixed.
#pragma once

#include <string>
#include <string_view>

#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

struct GtestSource {
  std::string file_name;  ///< "s3_unlocked_no_lost_update_test.cpp"
  std::string text;       ///< compiles against the installed library
};

/// `reference`: what the test finds the scenario by, a name of the library or the path of its file. `number`:
/// of tests whose names would be the same, which one; 1 is not shown.
GtestSource gtest_source(const scenarios::VerifyResult& result,
                         const scenarios::Counterexample& counterexample, const std::string& reference,
                         unsigned number = 1);

/// Whether that is the whole text of a test that gtest_source made of the scenario that `reference` finds,
/// and nobody has added to it: then a new one may take its place.
bool is_gtest_of(std::string_view text, const std::string& reference);

}  // namespace lockstorm::reports
