// What the commands do when all is well: verdicts as exit status, files, replays, equal bytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "test_paths.hpp"
#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

using nlohmann::json;

TEST(Verify, ExitStatusFollowsTheVerdict) {
  EXPECT_EQ(lockstorm("verify scenarios/two-jobs-lockfile.yaml").status, 0);
  EXPECT_EQ(lockstorm("verify scenarios/two-jobs-unlocked.yaml").status, 1);
  EXPECT_EQ(
      lockstorm("verify --expect scenarios/two-jobs-unlocked.yaml scenarios/two-jobs-lockfile.yaml").status,
      0);
}

TEST(Verify, TellsWhatIsNotAsExpected) {
  const TemporaryDirectory directory;
  directory.write("s.yaml", "backend: {type: s3}\nexpect: {mutual-exclusion: held}\n");
  const CommandResult result = lockstorm("verify --expect " + directory.file("s.yaml"));
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.out.find("s: not as expected: mutual-exclusion: expected held, got violated"),
            std::string::npos);
  directory.write("t.yaml",
                  "backend: {type: s3, use_lockfile: true}\nexpect: {mutual-exclusion: violated}\n");
  EXPECT_EQ(lockstorm("verify --expect " + directory.file("t.yaml")).status, 1);
  EXPECT_EQ(lockstorm("verify " + directory.file("t.yaml")).status, 0)
      << "without --expect the verdict decides";
}

TEST(Verify, AFaultThatNeverFiresIsAnInvalidRun) {
  const TemporaryDirectory directory;
  directory.write("s.yaml",
                  "backend: {type: s3, use_lockfile: true}\nclient: {count: 1}\nfaults: {clock_skew: 1}\n");
  EXPECT_EQ(lockstorm("verify " + directory.file("s.yaml")).status, 3);
}

TEST(Verify, AnOperatorWhoNeverFindsALockIsAnInvalidRun) {
  const TemporaryDirectory directory;
  directory.write("s.yaml",
                  "backend: {type: s3}\noperator: {force_unlock: 1, target: any}\ncheck: [progress]\n");
  const CommandResult result = lockstorm("verify " + directory.file("s.yaml"));
  EXPECT_EQ(result.status, 3) << result.out;
  EXPECT_NE(result.out.find("never found a lock to remove"), std::string::npos) << result.out;
}

TEST(Verify, WhatCannotBeCheckedIsNotHeld) {
  const TemporaryDirectory directory;
  directory.write("nothing.yaml", "backend: {type: s3}\ncheck: []\n");
  directory.write("meaningless.yaml",
                  "backend: {type: s3}\nclient: {count: 1}\ncheck: [own-lock-only, progress]\n");
  EXPECT_EQ(lockstorm("verify " + directory.file("nothing.yaml")).status, 65);
  const CommandResult result = lockstorm("verify " + directory.file("meaningless.yaml"));
  EXPECT_EQ(result.status, 65) << result.out;
  EXPECT_NE(result.out.find("meaningless.yaml:3:9: error: own-lock-only means nothing here"),
            std::string::npos)
      << result.out;
}

TEST(Verify, RunningOutOfMemoryIsUnknown) {
  const CommandResult result = lockstorm("verify audit/terraform/s3+lockfile/jobs=5/crash --memory 1M");
  EXPECT_EQ(result.status, 2) << result.out;
  EXPECT_NE(result.out.find("not complete"), std::string::npos) << result.out;
}

TEST(Verify, ThreadsDoNotChangeWhatFitsIntoMemory) {
  const std::string scenarios =
      "verify audit/terraform/s3+lockfile/jobs=3/crash audit/terraform/s3+lockfile/jobs=4/crash s3/unlocked";
  const CommandResult one = lockstorm(scenarios + " --memory 1M --jobs 1 --json -", false);
  const CommandResult three = lockstorm(scenarios + " --memory 1M --jobs 3 --json -", false);
  EXPECT_EQ(one.out.find("\"complete\": false"), std::string::npos) << one.out;
  EXPECT_EQ(without_times(one.out), without_times(three.out));
}

TEST(Verify, WritesJsonBesideTheReport) {
  const TemporaryDirectory directory;
  const std::string file = directory.file("result.json");
  EXPECT_EQ(lockstorm("--json " + file + " verify 'scenarios/two-jobs-unlocked.yaml'").status, 1);
  const json result = json::parse(file_text(file));
  EXPECT_EQ(result.at("verdict"), "violated");
  EXPECT_EQ(result.at("explored").at("complete"), true);
  EXPECT_EQ(result.at("properties").at("mutual-exclusion").at("counterexample"), 0);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.file(".")), {}), 1)
      << "nothing is left beside it";
}

TEST(Verify, JsonOnStandardOutputStandsAlone) {
  const CommandResult result = lockstorm("verify s3/unlocked s3/unlocked --json -");
  EXPECT_EQ(json::parse(result.out).at("results").size(), 2U);
}

TEST(Verify, KeepsTheOldFileWhenItFails) {
  const TemporaryDirectory directory;
  directory.write("result.json", "old");
  EXPECT_EQ(lockstorm("verify nowhere.yaml --json " + directory.file("result.json")).status, 65);
  EXPECT_EQ(file_text(directory.file("result.json")), "old");
}

TEST(Verify, KeepsTheOldFileWhenItIsInterrupted) {
  const TemporaryDirectory directory;
  directory.write("result.json", "old");
  const std::string long_work = "verify audit/terraform/s3+lockfile/jobs=4/crash,late_request,operator=dead";
  const CommandResult result = lockstorm(long_work + " --json " + directory.file("result.json") +
                                         " & pid=$!; sleep 0.3; kill -INT $pid; kill $pid; wait $pid");
  EXPECT_NE(result.status, 0);
  EXPECT_EQ(file_text(directory.file("result.json")), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.file(".")), {}), 1);
}

TEST(Verify, ThreadsDoNotChangeTheOutput) {
  // Without standard error: a slow build shows progress there.
  const std::string one = without_times(lockstorm("verify 's3/lockfile/*' --jobs 1", false).out);
  EXPECT_EQ(one, without_times(lockstorm("verify 's3/lockfile/*' --jobs 2", false).out));
}

TEST(Simulate, TheSeedDecidesEverything) {
  const CommandResult first = lockstorm("simulate s3/unlocked --seed 7");
  EXPECT_EQ(first.out, lockstorm("simulate s3/unlocked --seed 7").out);
  EXPECT_NE(first.out, lockstorm("simulate s3/unlocked --seed 8").out);
  EXPECT_NE(first.out.find("Trace: "), std::string::npos);
}

TEST(Replay, RepeatsEveryCounterexampleOfALibraryScenario) {
  const json result = json::parse(lockstorm("verify s3/unlocked --json -").out);
  for (const json& counterexample : result.at("counterexamples")) {
    const CommandResult replay = lockstorm("replay " + counterexample.at("replay").get<std::string>());
    EXPECT_EQ(replay.status, 1) << replay.out;
    EXPECT_NE(replay.out.find(counterexample.at("property").get<std::string>() + " is violated"),
              std::string::npos)
        << replay.out;
  }
}

TEST(Replay, OfAHangEndsWhereNobodyCanFinishAnyMore) {
  const json result = json::parse(lockstorm("verify lock-table/l0-3-crash --json -").out);
  for (const json& counterexample : result.at("counterexamples")) {
    if (counterexample.at("property") != "progress") continue;
    const CommandResult replay = lockstorm("replay " + counterexample.at("replay").get<std::string>());
    EXPECT_EQ(replay.status, 1) << replay.out;
    EXPECT_NE(replay.out.find("progress is violated here: no run without further faults finishes any more"),
              std::string::npos)
        << replay.out;
    return;
  }
  ADD_FAILURE() << "no counterexample to progress";
}

TEST(Replay, ReadsAFileAndChecksTheScenario) {
  const TemporaryDirectory directory;
  const std::string file = directory.file("result.json");
  lockstorm("verify scenarios/two-jobs-unlocked.yaml --json " + file);
  const CommandResult unnamed = lockstorm("replay " + file);
  EXPECT_EQ(unnamed.status, 65);
  EXPECT_NE(unnamed.out.find("add --scenario FILE"), std::string::npos) << unnamed.out;
  EXPECT_NE(unnamed.out.find("replay strings; this is the first"), std::string::npos) << unnamed.out;
  EXPECT_EQ(lockstorm("replay " + file + " --scenario scenarios/two-jobs-unlocked.yaml").status, 1);
  const CommandResult other = lockstorm("replay " + file + " --scenario scenarios/two-jobs-lockfile.yaml");
  EXPECT_EQ(other.status, 65);
  EXPECT_NE(other.out.find("was recorded with 'two-jobs-unlocked'"), std::string::npos) << other.out;
  EXPECT_NE(other.out.find("this scenario is 'two-jobs-lockfile'"), std::string::npos) << other.out;
}

TEST(Replay, WorksAsTheReportPrintsItForAFile) {
  const TemporaryDirectory directory;
  std::filesystem::copy(LOCKSTORM_TEST_DATA "/scenarios/two-jobs-unlocked.yaml",
                        directory.file("it's one.yaml"));
  for (const std::string command : {"verify ", "simulate "}) {
    const std::string text = lockstorm(command + "\"" + directory.file("it's one.yaml") + "\"").out;
    const std::size_t at = text.find("lockstorm replay ");
    ASSERT_NE(at, std::string::npos) << text;
    const std::string line = text.substr(at + 10, text.find('\n', at) - at - 10);
    const CommandResult replayed = lockstorm(line);
    EXPECT_LE(replayed.status, 1) << line << replayed.out;
  }
}

TEST(Verify, TellsFilesOfOneNameApart) {
  const TemporaryDirectory directory;
  for (const std::string folder : {"p1", "p2"}) {
    std::filesystem::create_directory(directory.file(folder));
    std::filesystem::copy(LOCKSTORM_TEST_DATA "/scenarios/two-jobs-unlocked.yaml",
                          directory.file(folder + "/x.yaml"));
  }
  const CommandResult result = shell("cd " + directory.file(".") + " && " + LOCKSTORM_BINARY +
                                     " verify --gtest tests p1/x.yaml p2/x.yaml 2>&1");
  EXPECT_NE(result.out.find("p1/x: VIOLATED"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("p2/x: VIOLATED"), std::string::npos) << result.out;
  std::size_t of_first = 0;
  std::size_t of_second = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory.file("tests"))) {
    of_first += entry.path().filename().string().starts_with("p1") ? 1 : 0;
    of_second += entry.path().filename().string().starts_with("p2") ? 1 : 0;
  }
  EXPECT_GT(of_first, 0U);
  EXPECT_EQ(of_first, of_second);
}

TEST(Replay, RefusesADamagedString) {
  const json result = json::parse(lockstorm("verify s3/unlocked --json -").out);
  std::string replay = result.at("counterexamples").at(0).at("replay");
  replay[replay.size() / 2] = replay[replay.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(lockstorm("replay " + replay).status, 65);
  EXPECT_EQ(lockstorm("replay " + replay.substr(0, replay.size() / 2)).status, 65);
}

TEST(Audit, FindsWhatIsWrongAndItsReplaysNeedNoFile) {
  const CommandResult result = lockstorm("audit " LOCKSTORM_SOURCE "/examples/s3-dynamodb --json -", false);
  EXPECT_EQ(result.status, 1);
  const json answer = json::parse(result.out);
  EXPECT_EQ(answer.at("audit").at("tool"), "terraform");
  EXPECT_EQ(answer.at("audit").at("properties").at("state-integrity").at("verdict"), "violated");
  const std::string replay = answer.at("results").at(0).at("counterexamples").at(0).at("replay");
  EXPECT_EQ(lockstorm("replay " + replay).status, 1);
}

TEST(Audit, CanExpectLessOfTheWorld) {
  EXPECT_EQ(lockstorm("audit " LOCKSTORM_SOURCE "/examples/s3-dynamodb --faults none").status, 0);
}

TEST(ListAndDescribe, KnowEveryScenario) {
  const json names = json::parse(lockstorm("list --json -").out);
  EXPECT_EQ(names.at("properties").size(), 10U);
  for (const json& scenario : names.at("scenarios")) {
    EXPECT_EQ(lockstorm("describe " + scenario.at("name").get<std::string>()).status, 0);
  }
  EXPECT_EQ(lockstorm("describe no-lost-update").status, 0);
}

TEST(Commands, DashesEndTheOptions) {
  EXPECT_EQ(lockstorm("describe -- s3").out, lockstorm("describe s3").out);
  const CommandResult file = lockstorm("verify -- --no-such-scenario 2>&1");
  EXPECT_EQ(file.status, 65);
  EXPECT_THAT(file.out, testing::HasSubstr("--no-such-scenario: error: no such scenario"));
}

}  // namespace
}  // namespace lockstorm::cli
