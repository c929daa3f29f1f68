// What a campaign has found is not lost when it is killed, when the disk is full, or when the corpus is
// read-only.
#include <gtest/gtest.h>

#include "test_paths.hpp"
#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

namespace fs = std::filesystem;

std::size_t replays_in(const fs::path& directory) {
  std::size_t count = 0;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error))
    count += entry->path().extension() == ".replay" ? 1 : 0;
  return count;
}

TEST(HuntSurvives, AKillInTheMiddle) {
  const TemporaryDirectory directory;
  const fs::path corpus = directory.file("corpus");
  const std::string arguments = "hunt --all s3/unlocked --corpus " + corpus.string();
  shell(std::string("timeout -s KILL 2 ") + LOCKSTORM_BINARY + " " + arguments + " --runs 900000000 2>&1");
  ASSERT_GT(replays_in(corpus), 0U);
  const CommandResult again = lockstorm(arguments + " --runs 16");
  EXPECT_EQ(again.status, 1) << again.out;
  EXPECT_NE(again.out.find("kept from before"), std::string::npos) << again.out;
}

TEST(HuntSurvives, AFullDisk) {
  const TemporaryDirectory directory;
  const fs::path corpus = directory.file("corpus");
  // No file may take a single byte; what is printed goes through a pipe.
  const CommandResult full = shell(std::string("trap '' XFSZ; ulimit -f 0; ") + LOCKSTORM_BINARY +
                                   " hunt s3/unlocked --runs 2000 --corpus " + corpus.string() + " 2>&1");
  EXPECT_EQ(full.status, 1) << full.out;
  EXPECT_NE(full.out.find("lockstorm replay LS1-"), std::string::npos) << full.out;
  EXPECT_NE(full.out.find("cannot write to it: what is found is printed, not kept"), std::string::npos)
      << full.out;
  EXPECT_EQ(replays_in(corpus), 0U);
}

}  // namespace
}  // namespace lockstorm::cli
