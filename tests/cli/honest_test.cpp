// What must not read like a proof does not: searches, single runs, certificates that certify nothing, tests
// that leave things out, options that were not understood.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

using nlohmann::ordered_json;
using testing::HasSubstr;
using testing::Not;

class NumericOption : public testing::TestWithParam<const char*> {};

// `lockstorm OPTION=VALUE ...`, where the scenario does not exist: the option must be complained about first.
TEST_P(NumericOption, TakesOnlyNumbersInItsRange) {
  const std::string option = GetParam();
  for (const char* value : {"-1", "nan", "inf", "-inf", "1e3", "0x10", "+5", "' 5'", "5k", "''", "010",
                            "99999999999999999999999", "1,5", "-0"}) {
    const CommandResult result = lockstorm(option + "=" + value + " no-such");
    EXPECT_EQ(result.status, 64) << option << "=" << value << "\n" << result.out;
    if (option.starts_with("bench")) continue;  // it takes no word besides, and may say so first
    EXPECT_THAT(result.out, testing::AnyOf(HasSubstr(" is not a "), HasSubstr("has no value"))) << option;
    const CommandResult apart = lockstorm(option + " " + value + " no-such");
    EXPECT_EQ(apart.status, 64) << option << " " << value << "\n" << apart.out;
  }
}

INSTANTIATE_TEST_SUITE_P(Of, NumericOption,
                         testing::Values("judge --max-states", "hunt --runs", "hunt --depth",
                                         "hunt --confidence", "hunt --for", "verify --jobs",
                                         "bench --repetitions", "bench --threshold", "audit --jobs-in-ci"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase_if(name, [](char c) { return std::isalnum(c) == 0; });
                           return name;
                         });

TEST(Options, ThatWouldTestNothingAreRefused) {
  for (const char* arguments :
       {"judge --max-states 0 x", "hunt --confidence 0 x", "hunt --confidence 1 x", "hunt --for 0 x",
        "hunt --for 0s x", "hunt --runs 0 x", "hunt --depth 0 x", "hunt --shard '' x", "hunt --corpus '' x",
        "bench --baseline ''", "bench --against ''", "bench --label $'\\xff'", "merge --scenario '' x",
        "hunt --runs= x", "verify --certificate= x"}) {
    const CommandResult result =
        shell("bash -c \"NO_COLOR= " + std::string(LOCKSTORM_BINARY) + " " + arguments + " 2>&1\"");
    EXPECT_EQ(result.status, 64) << arguments << "\n" << result.out;
  }
}

// Making the whole campaign instead would look like a part that found nothing.
TEST(Options, ThatSayWhichPartToMakeAreUnderstoodOrRefused) {
  const auto hunted = [](const std::string& variables) {
    return shell(variables + " " + LOCKSTORM_BINARY +
                 " hunt --runs 16 scenarios/two-jobs-lockfile.yaml 2>&1");
  };
  for (const char* variables :
       {"GTEST_SHARD_INDEX=abc GTEST_TOTAL_SHARDS=3", "GTEST_SHARD_INDEX=-1 GTEST_TOTAL_SHARDS=3",
        "JOB_COMPLETION_INDEX=1 JOB_COMPLETIONS=many", "GTEST_SHARD_INDEX=3 GTEST_TOTAL_SHARDS=3",
        "SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=2"})
    EXPECT_EQ(hunted(variables).status, 64) << variables;
  EXPECT_THAT(hunted("GTEST_SHARD_INDEX=1 GTEST_TOTAL_SHARDS=3").out, HasSubstr("Shard:      2 of 3"));
  EXPECT_EQ(hunted("GTEST_SHARD_INDEX= GTEST_TOTAL_SHARDS=").status, 0);
}

TEST(Hunt, IsInvalidWhereVerifyIs) {
  const TemporaryDirectory directory;
  const auto both = [&](const std::string& yaml) {
    directory.write("s.yaml", yaml);
    EXPECT_EQ(lockstorm("verify " + directory.file("s.yaml")).status, 3) << yaml;
    const CommandResult hunted = lockstorm("hunt --runs 2000 " + directory.file("s.yaml"));
    EXPECT_EQ(hunted.status, 3) << yaml << hunted.out;
  };
  both(
      "backend: {type: s3, use_lockfile: true}\nclient: {command: plan, lock: false}\noperator: "
      "{force_unlock: 1}\n");
  both("backend: {type: s3, use_lockfile: true}\nclient: {count: 1}\nfaults: {clock_skew: 1}\n");
  both(
      "backend: {type: s3, use_lockfile: true}\nclient: {count: 1, command: state rm, resources: 1}\n"
      "initial_state: empty\n");
}

TEST(Hunt, ReadsLikeASearchInEveryForm) {
  const TemporaryDirectory directory;
  const auto file = [&](const char* name) { return directory.file(name); };
  const CommandResult hunted = lockstorm(
      "hunt --runs 1 scenarios/two-jobs-lockfile.yaml --markdown " + file("m") + " --badge " + file("b") +
      " --junit " + file("x") + " --sarif " + file("s") + " --html " + file("h") + " --json " + file("j"));
  EXPECT_EQ(hunted.status, 0) << hunted.out;
  EXPECT_THAT(hunted.out, HasSubstr("NOTHING FOUND"));
  EXPECT_THAT(hunted.out, HasSubstr("random search, no proof"));
  EXPECT_THAT(hunted.out, Not(HasSubstr("held")));
  for (const char* name : {"m", "x", "s", "j"}) {
    EXPECT_THAT(file_text(file(name)), HasSubstr("searched, no proof: 16 runs, nothing found; ")) << name;
    EXPECT_THAT(file_text(file(name)), HasSubstr("missed")) << name;
  }
  EXPECT_THAT(file_text(file("h")), HasSubstr("\"verdict\":\"nothing found\""));
  EXPECT_THAT(file_text(file("b")), HasSubstr("nothing found in 16 runs, no proof"));
  EXPECT_THAT(file_text(file("b")), Not(HasSubstr("green")));
}

TEST(Replay, OfARunThatViolatesNothingIsNoProof) {
  const TemporaryDirectory directory;
  const CommandResult simulated =
      lockstorm("simulate scenarios/two-jobs-lockfile.yaml --json " + directory.file("run.json"));
  ASSERT_EQ(simulated.status, 0) << simulated.out;
  EXPECT_EQ(ordered_json::parse(file_text(directory.file("run.json"))).at("proof"), false);
  const CommandResult replayed = lockstorm("replay " + directory.file("run.json") +
                                           " --scenario scenarios/two-jobs-lockfile.yaml --badge " +
                                           directory.file("b") + " --markdown " + directory.file("m"));
  EXPECT_EQ(replayed.status, 0) << replayed.out;
  EXPECT_THAT(file_text(directory.file("b")), Not(HasSubstr("green")));
  EXPECT_THAT(file_text(directory.file("m")), HasSubstr("searched, no proof: 1 run, nothing found"));
}

// A certificate of `verify`, with every verdict set to unknown and the figures of a search cut short.
TEST(Certify, ConfirmsNothingThatIsLeftOpen) {
  const TemporaryDirectory directory;
  const std::string file = directory.file("c.json");
  ASSERT_EQ(lockstorm("verify audit/terraform/gcs/jobs=5/no-faults --certificate " + file).status, 0);
  EXPECT_EQ(lockstorm("certify " + file).status, 0);
  const CommandResult small = lockstorm("certify --memory 1M " + file);
  EXPECT_EQ(small.status, 2) << small.out;
  EXPECT_THAT(small.out, HasSubstr("could not be explored completely"));
  EXPECT_THAT(small.out, HasSubstr("NOT CONFIRMED"));

  // What a search with that little memory would have written.
  const CommandResult cut =
      lockstorm("verify --memory 1M audit/terraform/gcs/jobs=5/no-faults --json " +
                directory.file("cut.json") + " --certificate " + directory.file("no.json"));
  EXPECT_FALSE(std::filesystem::exists(directory.file("no.json"))) << cut.out;
  const auto found = ordered_json::parse(file_text(directory.file("cut.json")));
  ASSERT_EQ(found.at("explored").at("complete"), false);
  auto forged = ordered_json::parse(file_text(file));
  auto& part = forged.at("scenarios").at(0);
  for (const char* name : {"states", "transitions", "end_states", "depth"})
    part[name] = found.at("explored").at(name);
  for (auto& [name, verdict] : part["properties"].items()) verdict = "unknown";
  directory.write("forged.json", forged.dump());
  const CommandResult again = lockstorm("certify --memory 1M " + directory.file("forged.json"));
  EXPECT_EQ(again.status, 2) << again.out;
  EXPECT_THAT(again.out, Not(HasSubstr("\nconfirmed")));
  EXPECT_EQ(lockstorm("certify " + directory.file("forged.json")).status, 1);
}

TEST(Certify, RefusesWhatIsNoCertificate) {
  const TemporaryDirectory directory;
  ASSERT_EQ(
      lockstorm("verify scenarios/two-jobs-lockfile.yaml --certificate " + directory.file("c.json")).status,
      0);
  const auto good = ordered_json::parse(file_text(directory.file("c.json")));
  for (const auto& [path, value] :
       std::vector<std::pair<std::string, ordered_json>>{{"/lockstorm", 5},
                                                         {"/certificate", "1"},
                                                         {"/scenarios", "all"},
                                                         {"/scenarios", ordered_json::array()},
                                                         {"/scenarios/0", 5},
                                                         {"/scenarios/0/states", -1},
                                                         {"/scenarios/0/states", 2.5},
                                                         {"/scenarios/0/depth", true},
                                                         {"/scenarios/0/properties", ordered_json::array()},
                                                         {"/scenarios/0/properties/progress", 1},
                                                         {"/scenarios/0/scenario", nullptr}}) {
    auto bad = good;
    bad[ordered_json::json_pointer(path)] = value;
    directory.write("bad.json", bad.dump());
    const CommandResult result = lockstorm("certify " + directory.file("bad.json"));
    EXPECT_EQ(result.status, 65) << path << "\n" << result.out;
  }
}

TEST(Expect, TellsWhatItLeavesOut) {
  const TemporaryDirectory directory;
  directory.write("s.yaml", "backend: {type: s3}\nclient: {count: 2}\nexpect: {progress: held}\n");
  const CommandResult verified = lockstorm("verify --expect " + directory.file("s.yaml"));
  EXPECT_EQ(verified.status, 0);
  EXPECT_THAT(verified.out,
              HasSubstr("s: not tested, as `expect` leaves it out: mutual-exclusion (violated), "
                        "no-lost-update (violated)"));
  const CommandResult hunted = lockstorm("hunt --runs 2000 --expect " + directory.file("s.yaml"));
  EXPECT_THAT(hunted.out, HasSubstr("not tested, as `expect` leaves it out: mutual-exclusion (violated)"));
  const CommandResult all = lockstorm("verify --expect s3/unlocked");
  EXPECT_THAT(all.out, Not(HasSubstr("leaves it out")));
}

}  // namespace
}  // namespace lockstorm::cli
