// The shape of input errors and the nearest-name hint.
#include "scenarios/data/input_error.hpp"

#include <gtest/gtest.h>

#include <array>

namespace lockstorm::scenarios {
namespace {

TEST(InputError, RendersPlaceProblemExpectationAndHint) {
  const InputError error{
      {"a.yaml", 3, 7}, "unknown key 'bakend'", "one of: backend, client", "did you mean 'backend'?"};
  EXPECT_EQ(error.render(),
            "a.yaml:3:7: error: unknown key 'bakend'\n  expected: one of: backend, client\n"
            "  hint: did you mean 'backend'?");
}

TEST(InputError, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ((InputError{{"missing.yaml", 0, 0}, "cannot be read", "", ""}).render(),
            "missing.yaml: error: cannot be read");
}

TEST(NearestName, FindsTheTypoButNotTheStranger) {
  constexpr std::array<std::string_view, 3> valid{"backend", "client", "faults"};
  EXPECT_EQ(nearest_name("bakend", valid), "backend");
  EXPECT_EQ(nearest_name("zzzzzz", valid), "");
}

}  // namespace
}  // namespace lockstorm::scenarios
