// What an audit prints by itself: one screen, whatever the configuration.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "test_paths.hpp"
#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

const std::string kLockfile = "golden/lockfile";

auto lines_of(const std::string& text) { return std::ranges::count(text, '\n'); }

std::string audit(const std::string& arguments) { return lockstorm("audit " + arguments, false).out; }

TEST(AuditScreen, HasTwentyFiveLinesAtMost) {
  for (const auto& directory : fs::directory_iterator(LOCKSTORM_SOURCE "/examples")) {
    if (!directory.is_directory() || !fs::exists(directory.path() / "main.tf")) continue;
    const std::string text = audit(directory.path().string());
    EXPECT_LE(lines_of(text), 25) << text;
    EXPECT_THAT(text, HasSubstr("What to change")) << directory;
  }
  EXPECT_LE(lines_of(audit(LOCKSTORM_SOURCE "/examples")), 25) << "many set-ups";
}

TEST(AuditScreen, TellsTheWorstAndWhereTheRestIs) {
  const std::string text = audit(kLockfile);
  EXPECT_THAT(text, HasSubstr("golden/lockfile: violated, 10 medium, 9 low, 1 inherent\n"));
  EXPECT_THAT(text, HasSubstr("medium   LS-S3-310 no-lost-update"));
  EXPECT_THAT(text, HasSubstr("LS-S3-803")) << "what is inherent";
  EXPECT_THAT(text, HasSubstr("`--details`"));
}

TEST(AuditScreen, IsALineWhenItShallBeQuiet) {
  EXPECT_EQ(
      audit("--quiet " + kLockfile),
      "golden/lockfile: violated, 10 medium, 9 low, 1 inherent. Passes: nothing new at or above high (19 "
      "below, 1 inherent).\n");
}

TEST(AuditScreen, ExplainsARule) {
  const std::string text = audit("--explain ls-s3-506 " + kLockfile);
  EXPECT_THAT(text, HasSubstr("LS-S3-506  own-lock-only on s3: lost answer\nmedium: "));
  EXPECT_THAT(text, HasSubstr("lockstorm replay LS1-"));
  EXPECT_THAT(audit("--explain LS-S3-100 " + kLockfile), HasSubstr("found nothing of the kind"));
  EXPECT_THAT(lockstorm("audit --explain LS-S3-399 .").out, HasSubstr("no rule has the number 399"));
}

// What was found by trying comes before what always helps.
TEST(AuditScreen, RanksWhatToChange) {
  const std::string text = audit(LOCKSTORM_SOURCE "/examples/s3-dynamodb");
  const std::size_t change = text.find("What to change");
  EXPECT_LT(change, text.find("`use_lockfile = true`", change));
  EXPECT_THAT(text, HasSubstr("turns "));
  EXPECT_THAT(text, Not(HasSubstr("no released client"))) << "nobody can do that today";
}

}  // namespace
}  // namespace lockstorm::cli
