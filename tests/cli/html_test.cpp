// `--html FILE` as a user asks for it, of every command that has it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

const std::string kLostResponse = "audit/terraform/s3+lockfile/jobs=2/lose_response";

std::string replay_line() {
  const CommandResult found = lockstorm("verify " + kLostResponse + " --json -", false);
  return nlohmann::json::parse(found.out)["counterexamples"][0]["replay"];
}

TEST(Html, EveryCommandWritesOnePageAndTwiceTheSame) {
  const TemporaryDirectory directory;
  const std::string page = directory.file("page.html");
  // An audit passes that finds nothing grave, and so does a change that brings nothing grave.
  for (const auto& [command, status] : {std::pair("verify " + kLostResponse, 1),
                                        {std::string("audit golden/lockfile"), 0},
                                        {std::string("compare golden/lockfile --unset use_lockfile"), 1},
                                        {std::string("compare golden/lockfile golden/lockfile"), 0},
                                        {"replay " + replay_line(), 1},
                                        {std::string("matrix --backend inmem --tool terraform"), 1},
                                        {"hunt --runs 300 --jobs 1 " + kLostResponse, 1}}) {
    EXPECT_EQ(lockstorm(command + " --html " + page).status, status) << command;
    const std::string first = file_text(page);
    EXPECT_TRUE(first.starts_with("<!doctype html>")) << command;
    EXPECT_LT(first.size(), 400'000U) << command;
    lockstorm(command + " --html " + page);
    EXPECT_EQ(file_text(page), first) << command;
  }
}

TEST(Html, ARunThatViolatesNothingHasAPageToo) {
  const TemporaryDirectory directory;
  const CommandResult run = lockstorm("simulate s3/lockfile/terraform/no-faults --json -", false);
  const std::string replay = nlohmann::json::parse(run.out)["replay"];
  const std::string page = directory.file("page.html");
  EXPECT_EQ(lockstorm("replay " + replay + " --html " + page).status, 0);
  EXPECT_NE(file_text(page).find("This run violates nothing"), std::string::npos);
}

TEST(Html, APlaceThatCannotBeWrittenIsRefusedBeforeTheWork) {
  for (const std::string& command : {"verify " + kLostResponse, std::string("audit golden/lockfile"),
                                     std::string("matrix"), "hunt " + kLostResponse}) {
    const CommandResult refused = lockstorm(command + " --html /nowhere/page.html");
    EXPECT_EQ(refused.status, 65) << command;
    EXPECT_NE(refused.out.find("/nowhere/page.html"), std::string::npos) << refused.out;
  }
}

}  // namespace
}  // namespace lockstorm::cli
