// What an audit writes for other tools, as files that can be read: a tree with two set-ups and three states.
#include <gtest/gtest.h>

#include "test_paths.hpp"
#include "tests/cli/run_command.hpp"
#include "tests/golden.hpp"

namespace lockstorm::cli {
namespace {

namespace fs = std::filesystem;

std::string without_seconds(const std::string& text) {
  return std::regex_replace(without_times(text), std::regex("time=\"[0-9.]+\""), "time=\"0\"");
}

// The tree in a repository of its own, below which it does not matter where it lies.
class AuditOutputs : public testing::Test {
 protected:
  AuditOutputs() {
    fs::copy(LOCKSTORM_TEST_DATA "/golden/live", directory_.file("live"), fs::copy_options::recursive);
    fs::create_directory(directory_.file(".git"));
  }

  CommandResult audit(const std::string& options, const std::string& folder = "") const {
    return shell("cd " + directory_.file(folder) + " && NO_COLOR= " LOCKSTORM_BINARY " audit --faults none " +
                 options);
  }
  void expect_golden(const std::string& name) const {
    expect_as_on_file(without_seconds(file_text(directory_.file(name))),
                      LOCKSTORM_TEST_DATA "/golden/" + name);
  }

  const TemporaryDirectory directory_;
};

TEST_F(AuditOutputs, AreAsOnFile) {
  EXPECT_EQ(audit("live --sarif audit-live.sarif --junit audit-live.xml --markdown audit-live.md "
                  "--gitlab audit-live.gitlab.json --badge audit-live.badge.json --format github "
                  "> audit-live.github.txt")
                .status,
            1);
  for (const char* name : {"audit-live.sarif", "audit-live.xml", "audit-live.md", "audit-live.gitlab.json",
                           "audit-live.badge.json", "audit-live.github.txt"})
    expect_golden(name);
}

// Places are told from the root of the repository, wherever in it the command is run.
TEST_F(AuditOutputs, NameFilesFromTheRootOfTheRepository) {
  audit("live --sarif here --gitlab g-here > /dev/null");
  audit(". --sarif ../there --gitlab ../g-there > /dev/null", "live");
  audit(directory_.file("live") + " --sarif elsewhere --gitlab g-elsewhere > /dev/null", "live/net");
  const std::string here = file_text(directory_.file("g-here"));
  EXPECT_NE(here.find("\"live/app/main.tf\""), std::string::npos) << here;
  const auto fingerprints = [&](const std::string& name) {
    return std::regex_replace(file_text(directory_.file(name)), std::regex("\"description\": .*\n"), "");
  };
  EXPECT_EQ(fingerprints("g-there"), fingerprints("g-here"));
  EXPECT_EQ(fingerprints("live/net/g-elsewhere"), fingerprints("g-here"));
}

TEST_F(AuditOutputs, ToOneStandardOutputAreRefused) {
  EXPECT_EQ(audit("live --format github --json - 2>&1").status, 65);
  EXPECT_EQ(audit("live --format github --sarif /dev/stdout 2>&1").status, 65);
  EXPECT_EQ(audit("live --gitlab - 2>&1").status, 64);
  EXPECT_EQ(audit("live --gitlab live/app/main.tf 2>&1").status, 65);
}

// Beside what could be read, what could not has an annotation and a case of its own.
TEST_F(AuditOutputs, TellWhatCouldNotBeRead) {
  fs::create_directory(directory_.file("live/broken"));
  directory_.write("live/broken/main.tf", "terraform {\n  backend \"s3\" {\n");
  const CommandResult result = audit("live --format github --sarif s --junit j --markdown m 2>/dev/null");
  EXPECT_EQ(result.status, 65);
  EXPECT_TRUE(result.out.starts_with("::error file=live/broken/main.tf,line=")) << result.out.substr(0, 200);
  EXPECT_NE(file_text(directory_.file("j"))
                .find("<testsuite name=\"files\" tests=\"1\" failures=\"0\" errors=\"1\""),
            std::string::npos);
  EXPECT_NE(file_text(directory_.file("s")).find("\"executionSuccessful\": false"), std::string::npos);
  EXPECT_NE(file_text(directory_.file("m")).find("What could not be audited"), std::string::npos);
}

}  // namespace
}  // namespace lockstorm::cli
