// `lockstorm --version`: the first line is for programs, the rest says what was built from what.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Version, SaysWhatItWasBuiltFrom) {
  const CommandResult result = lockstorm("--version");
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.out, StartsWith("lockstorm 0.1.0\n"));
  EXPECT_THAT(result.out, HasSubstr("\nlicence: Apache-2.0\n"));
  EXPECT_THAT(result.out,
              ContainsRegex("\nbuilt from: (commit [0-9a-f]+|a checkout; which commit is not known)\n"));
  EXPECT_THAT(result.out, ContainsRegex("\ncompiler: (GNU|Clang) [0-9.]+, "));
  // A version that CMake does not find out would be empty.
  EXPECT_THAT(result.out, HasSubstr("  Boost 1."));
  for (const char* library : {"CLI11", "fmt", "JSON for Modern C\\+\\+", "oneTBB", "OpenSSL", "PEGTL",
                              "simdjson", "SQLite", "xxHash", "yaml-cpp", "glibc"})
    EXPECT_THAT(result.out, ContainsRegex(std::string("\n  ") + library + " [0-9]+\\.[0-9.]+ \\([A-Za-z]"));
}

}  // namespace
}  // namespace lockstorm::cli
