// What time it is decides nothing but which acceptances have expired, and how long to wait for a dead job:
// one place asks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "tests/file_text.hpp"
#include "tests/house/source_tree.hpp"

namespace lockstorm::house {
namespace {

namespace fs = std::filesystem;

TEST(HouseClock, OnePlaceAsksWhatTimeItIs) {
  static const std::regex kAsks(
      R"(system_clock|utc_clock|std::time\(|gettimeofday|CLOCK_REALTIME|localtime|gmtime)");
  Names asking;
  for (const char* const folder : {"sim", "checkers", "models", "wire", "scenarios", "reports", "cli"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".cpp" && extension != ".hpp") continue;
      if (std::regex_search(file_text(entry.path()), kAsks))
        asking.insert(fs::relative(entry.path(), kRoot).string());
    }
  }
  EXPECT_EQ(asking, Names{"cli/clock.cpp"});
}

}  // namespace
}  // namespace lockstorm::house
