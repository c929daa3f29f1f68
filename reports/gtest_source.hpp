// A counterexample as a GoogleTest that fails until the bug is fixed.
#pragma once

#include <string>

#include "scenarios/verify.hpp"

namespace lockstorm::reports {

struct GtestSource {
  std::string file_name;  ///< "s3_unlocked_no_lost_update_test.cpp"
  std::string text;       ///< compiles against the installed library
};

/// `reference`: what the test finds the scenario by, a name of the library or the path of its file.
GtestSource gtest_source(const scenarios::VerifyResult& result,
                         const scenarios::Counterexample& counterexample, const std::string& reference);

}  // namespace lockstorm::reports
