// Result files that would take the place of something: an input, another result, somebody's own test, a file
// that is only appended to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kScenario = "backend: {type: s3}\ncheck: [mutual-exclusion]\n";

// The command is refused, and the file stays as it was.
void expect_kept(const std::string& arguments, const std::string& file) {
  const std::string before = file_text(file);
  const CommandResult result = lockstorm(arguments);
  EXPECT_EQ(result.status, 65) << arguments << result.out;
  EXPECT_THAT(result.out, HasSubstr("would take the place of what is read")) << arguments;
  EXPECT_EQ(file_text(file), before) << arguments;
}

TEST(Output, TakesNoInputsPlace) {
  const TemporaryDirectory directory;
  directory.write("in.yaml", kScenario);
  const std::string in = directory.file("in.yaml");
  fs::create_symlink("in.yaml", directory.file("link"));
  for (const std::string option : {"--json ", "--html ", "--junit ", "--certificate "}) {
    expect_kept("verify " + in + " " + option + in, in);
    expect_kept("verify " + in + " " + option + directory.file("link"), in);
  }
  expect_kept("hunt --runs 16 " + in + " --json " + in, in);
  expect_kept("simulate " + in + " --json " + in, in);
  fs::copy_file(std::string(LOCKSTORM_TEST_DATA) + "/histories/lock.jsonl", directory.file("h.jsonl"));
  expect_kept("judge " + directory.file("h.jsonl") + " --json " + directory.file("h.jsonl"),
              directory.file("h.jsonl"));
  fs::create_directory(directory.file("tf"));
  directory.write("tf/main.tf",
                  "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n  }\n}\n");
  expect_kept("audit " + directory.file("tf") + " --json " + directory.file("tf/main.tf"),
              directory.file("tf/main.tf"));
  const std::string part = directory.file("part");
  EXPECT_LT(lockstorm("hunt --runs 16 --shard 1/2 s3/unlocked --json " + part).status, 3);
  expect_kept("merge " + part + " --json " + part, part);
}

TEST(Output, ToOneFileThroughALinkThatLeadsNowhereYetIsRefused) {
  const TemporaryDirectory directory;
  fs::create_symlink("new", directory.file("link"));
  const CommandResult result =
      lockstorm("verify s3/unlocked --json " + directory.file("link") + " --junit " + directory.file("new"));
  EXPECT_EQ(result.status, 65) << result.out;
  EXPECT_THAT(result.out, HasSubstr("two results would be written to the same file"));
}

TEST(Output, ToAnOpenDescriptorGoesBehindWhatIsThere) {
  const TemporaryDirectory directory;
  fs::create_symlink("/dev/stdout", directory.file("link"));
  const std::string command = std::string(LOCKSTORM_BINARY) + " verify s3/unlocked --markdown ";
  for (const std::string& arguments :
       {std::string("/dev/stdout >> "), directory.file("link") + " >> ", std::string("/dev/stderr 2>> "),
        std::string("/dev/fd/3 3>> "), std::string("/proc/self/fd/3 3>> ")}) {
    directory.write("log", "earlier\n");
    EXPECT_EQ(shell("{ " + command + arguments + directory.file("log") + "; } > /dev/null").status, 1);
    EXPECT_THAT(file_text(directory.file("log")), StartsWith("earlier\n")) << arguments;
    EXPECT_THAT(file_text(directory.file("log")), HasSubstr("no-lost-update")) << arguments;
  }
  EXPECT_EQ(lockstorm("list --json /dev/fd/9").status, 65);
}

TEST(Output, BesidesTheReportNeedsAName) {
  for (const std::string arguments : {"verify s3/unlocked --html -", "verify s3/unlocked --certificate -",
                                      "judge histories/lock.jsonl --html -"}) {
    const CommandResult result = lockstorm(arguments);
    EXPECT_EQ(result.status, 64) << arguments;
    EXPECT_THAT(result.out, HasSubstr("standard output has the report; name a file"));
  }
}

TEST(Output, ThatNobodyReadsAnyMoreIsTold) {
  // `true` closes its end at once.
  const CommandResult result = shell("bash -c 'exec 3> >(true); sleep 0.3; " + std::string(LOCKSTORM_BINARY) +
                                     " list --json /dev/fd/3 2>&1 > /dev/null; echo status $?'");
  EXPECT_THAT(result.out, HasSubstr("cannot be written: Broken pipe"));
  EXPECT_THAT(result.out, EndsWith("status 65\n"));
}

TEST(Output, ThatSomethingIsMountedOnIsWrittenInPlace) {
  if (shell("unshare -m true 2> /dev/null").status != 0) GTEST_SKIP() << "nothing can be mounted here";
  const TemporaryDirectory directory;
  directory.write("source", "old");
  directory.write("target", "");
  const CommandResult result =
      shell("unshare -m sh -c 'mount --bind " + directory.file("source") + " " + directory.file("target") +
            " && " + LOCKSTORM_BINARY + " list --json " + directory.file("target") + "' 2>&1 > /dev/null");
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_THAT(file_text(directory.file("source")), StartsWith("{"));
}

TEST(GtestFiles, TakeNobodysPlace) {
  const TemporaryDirectory directory;
  const std::string test = directory.file("s3_unlocked_mutual_exclusion_test.cpp");
  const std::string verify = "verify s3/unlocked --gtest " + directory.file("");
  ASSERT_EQ(lockstorm(verify).status, 1);
  const std::string made = file_text(test);
  ASSERT_NE(made, "");
  for (const std::string& edited : {made + "TEST(My, Own) {}\n", "#include <vector>\n" + made,
                                    std::string("TEST(My, Own) { use(\"s3/unlocked\"); }\n")}) {
    directory.write("s3_unlocked_mutual_exclusion_test.cpp", edited);
    EXPECT_EQ(lockstorm(verify).status, 1);
    EXPECT_EQ(file_text(test), edited);
  }
  directory.write("s3_unlocked_mutual_exclusion_test.cpp", "// older\n" + made);
  EXPECT_EQ(lockstorm(verify).status, 1);
  EXPECT_EQ(file_text(test), made) << "what was generated is generated anew";
  const CommandResult result = lockstorm(verify + " --json " + test);
  EXPECT_EQ(result.status, 65);
  EXPECT_THAT(result.out, HasSubstr("could be the name of a test that --gtest writes"));
  EXPECT_EQ(file_text(test), made);
}

TEST(Corpus, RemovesOnlyDraftsOfItsOwn) {
  const TemporaryDirectory directory;
  for (const char* name : {"film.part", "0123-4567.replay.part"}) {
    directory.write(name, "half");
    fs::last_write_time(directory.file(name), fs::file_time_type::clock::now() - std::chrono::hours(1));
  }
  EXPECT_EQ(
      lockstorm("hunt --runs 16 scenarios/two-jobs-lockfile.yaml --corpus " + directory.file("")).status, 0);
  EXPECT_TRUE(fs::exists(directory.file("film.part")));
  EXPECT_FALSE(fs::exists(directory.file("0123-4567.replay.part")));
}

TEST(Credentials, AreHiddenBeforeALongTextIsAbridged) {
  const std::string url = "https://user:s3cr3t" + std::string(3000, 'p') + "@host/" + std::string(200, 'x');
  EXPECT_THAT(lockstorm("'" + url + "'").out, Not(HasSubstr("s3cr3t")));
  EXPECT_THAT(lockstorm("replay 'LS1-https://user:s3cr3t" + std::string(100, 'p') + "@host/'").out,
              Not(HasSubstr("s3cr3t")));
}

TEST(Usage, ExplainsAnOptionThatIsNotReadAsOne) {
  const CommandResult result = lockstorm("-- --version");
  EXPECT_EQ(result.status, 64);
  EXPECT_THAT(result.out, HasSubstr("'--version' is not read as an option here"));
}

TEST(Shards, NeedBothVariables) {
  for (const auto& [set, missing] : {std::pair("JOB_COMPLETION_INDEX", "JOB_COMPLETIONS"),
                                     std::pair("GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS"),
                                     std::pair("GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX")}) {
    const std::string hunt = " hunt --runs 16 scenarios/two-jobs-lockfile.yaml 2>&1";
    const CommandResult result = shell(std::string(set) + "=1 " + LOCKSTORM_BINARY + hunt);
    EXPECT_EQ(result.status, 64) << set;
    EXPECT_THAT(result.out, HasSubstr(std::string(set) + " is set, but " + missing + " is not"));
    EXPECT_EQ(shell(std::string(set) + "=1 " + LOCKSTORM_BINARY + hunt + " --shard 1/1").status, 0) << set;
  }
}

}  // namespace
}  // namespace lockstorm::cli
