// Standard output and error that are closed, full or no longer read; signals that end the command; threads
// and memory that the system does not give.
#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "test_paths.hpp"
#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

const std::string kCommand = LOCKSTORM_BINARY;
// Takes more than the second after which progress is shown.
constexpr const char* kSeconds =
    " verify --jobs 2 audit/terraform/s3+lockfile/jobs=3/crash,late_request,operator=dead";

bool is_json(const std::string& file) { return nlohmann::json::accept(file_text(file)); }

struct Stream {
  std::string name;
  std::string redirection;
};

void PrintTo(const Stream& stream, std::ostream* out) { *out << stream.name; }

class StandardError : public testing::TestWithParam<Stream> {};

TEST_P(StandardError, IsNotNeeded) {
  const std::string nowhere = " " + GetParam().redirection;
  const TemporaryDirectory directory;
  EXPECT_EQ(shell(kCommand + " verify nowhere.yaml" + nowhere).status, 65);
  EXPECT_EQ(shell(kCommand + " verfy" + nowhere).status, 64);
  EXPECT_EQ(
      shell(kCommand + " verify --expect scenarios/two-jobs-unlocked.yaml > /dev/null" + nowhere).status, 0);
  EXPECT_EQ(shell(kCommand + " hunt --runs 2000 s3/unlocked > /dev/null" + nowhere).status, 1);
  const CommandResult result = shell(kCommand + kSeconds + " --json " + directory.file("f") + nowhere);
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.out.find("lockstorm replay LS1-"), std::string::npos) << result.out;
  EXPECT_TRUE(is_json(directory.file("f")));
  // No file may get the descriptor, and with it what is said.
  EXPECT_EQ(file_text(directory.file("f")).find("lockstorm:"), std::string::npos);
}

TEST_P(StandardError, IsNotNeededByAnInterrupt) {
  const CommandResult result = shell("timeout --preserve-status -s INT 0.5 " + kCommand + kLongWork + " " +
                                     GetParam().redirection + "; echo status $?");
  EXPECT_NE(result.out.find("status 130"), std::string::npos) << result.out;
}

INSTANTIATE_TEST_SUITE_P(Is, StandardError,
                         testing::Values(Stream{"Closed", "2>&-"}, Stream{"Full", "2>/dev/full"}),
                         [](const auto& test) { return test.param.name; });

class StandardOutput : public testing::TestWithParam<Stream> {};

TEST_P(StandardOutput, TakesNoFileWithIt) {
  const TemporaryDirectory directory;
  for (const std::string& command :
       {"verify s3/unlocked --junit " + directory.file("junit"),
        "hunt s3/unlocked --html " + directory.file("html"),
        std::string("audit --faults none golden/lockfile"), std::string("simulate s3/unlocked"),
        std::string("list"), std::string("describe crash"),
        std::string("matrix --backend http --tool terraform")}) {
    std::filesystem::remove(directory.file("f"));
    const CommandResult result = shell(kCommand + " " + command + " --json " + directory.file("f") +
                                       " 2>&1 " + GetParam().redirection);
    EXPECT_EQ(result.status, 65) << command << result.out;
    EXPECT_NE(result.out.find("standard output: error: cannot be written"), std::string::npos) << result.out;
    EXPECT_TRUE(is_json(directory.file("f"))) << command;
  }
  EXPECT_NE(file_text(directory.file("junit")).find("</testsuites>"), std::string::npos);
  EXPECT_NE(file_text(directory.file("html")).find("</html>"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Is, StandardOutput,
                         testing::Values(Stream{"Closed", ">&-"}, Stream{"Full", ">/dev/full"}),
                         [](const auto& test) { return test.param.name; });

TEST(BrokenPipe, EndsTheCommandWhenFilesAreWritten) {
  const TemporaryDirectory directory;
  for (const std::string command :
       {"verify s3/unlocked", "list", "simulate s3/unlocked", "hunt s3/unlocked"}) {
    std::filesystem::remove(directory.file("f"));
    // `true` closes its end at once.
    const CommandResult result =
        shell("bash -c '(sleep 0.2; exec " + kCommand + " " + command + " --json " + directory.file("f") +
              ") | true; echo \"status ${PIPESTATUS[0]}\"' 2>&1");
    EXPECT_EQ(result.out, "status 141\n") << command;
    EXPECT_TRUE(is_json(directory.file("f"))) << command;
  }
  EXPECT_EQ(
      shell("bash -c '(sleep 0.2; exec " + kCommand + " manual) | true; echo \"${PIPESTATUS[0]}\"' 2>&1").out,
      "141\n");
}

TEST(BrokenPipe, IsAnErrorWhereTheSignalIsIgnored) {
  const TemporaryDirectory directory;
  const CommandResult result =
      shell("bash -c 'trap \"\" PIPE; (sleep 0.2; exec " + kCommand + " verify s3/unlocked --json " +
            directory.file("f") + ") | true; echo \"status ${PIPESTATUS[0]}\"' 2>&1");
  EXPECT_NE(result.out.find("standard output: error: cannot be written: Broken pipe"), std::string::npos)
      << result.out;
  EXPECT_NE(result.out.find("status 65\n"), std::string::npos) << result.out;
  EXPECT_TRUE(is_json(directory.file("f")));
}

TEST(OneFileThatCannotBeWritten, DoesNotKeepTheOthers) {
  const TemporaryDirectory directory;
  const CommandResult result = lockstorm("verify s3/unlocked --json /dev/full --junit " +
                                         directory.file("j") + " --sarif " + directory.file("s"));
  EXPECT_EQ(result.status, 65);
  EXPECT_NE(result.out.find("/dev/full: error: cannot be written"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("lockstorm replay LS1-"), std::string::npos) << result.out;
  EXPECT_NE(file_text(directory.file("j")).find("</testsuites>"), std::string::npos);
  EXPECT_TRUE(is_json(directory.file("s")));
}

TEST(FileSizeLimit, IsAnErrorOfTheFileAndNoSignal) {
  const TemporaryDirectory directory;
  const CommandResult result =
      shell("bash -c 'ulimit -f 8; exec " + kCommand + " verify s3/unlocked --html " +
            directory.file("html") + " --junit " + directory.file("j") + "' 2>&1 | cat");
  EXPECT_NE(result.out.find("html: error: cannot be written: File too large"), std::string::npos)
      << result.out;
  EXPECT_NE(result.out.find("lockstorm replay LS1-"), std::string::npos) << result.out;
  EXPECT_FALSE(std::filesystem::exists(directory.file("html")));
  EXPECT_NE(file_text(directory.file("j")).find("</testsuites>"), std::string::npos);
}

TEST(HangUp, IsToldAndEndsTheCommand) {
  const CommandResult result =
      shell("timeout --preserve-status -s HUP 0.5 " + kCommand + kLongWork + " 2>&1; echo status $?");
  EXPECT_NE(result.out.find("lockstorm: interrupted by SIGHUP: `verify` was stopped"), std::string::npos)
      << result.out;
  EXPECT_NE(result.out.find("status 129"), std::string::npos) << result.out;
}

TEST(HangUp, IsIgnoredUnderNohup) {
  const CommandResult result =
      shell("nohup sh -c '" + kCommand + kSeconds +
            " > /dev/null & sleep 0.3; kill -HUP $!; wait $!; echo status $?' 2>/dev/null");
  EXPECT_NE(result.out.find("status 1\n"), std::string::npos) << result.out;
}

// As a user who may have few processes; root may always have more.
std::string as_nobody(const std::string& limit, const std::string& command) {
  const std::string shell_line = "ulimit " + limit + "; exec " + command;
  return geteuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups bash -c '" + shell_line + "'"
                        : "bash -c '" + shell_line + "'";
}

TEST(Threads, ThatCannotBeStartedAreDoneWithout) {
  if (geteuid() == 0 && shell("command -v setpriv > /dev/null && setpriv --reuid=65534 --clear-groups " +
                              kCommand + " --version > /dev/null 2>&1")
                                .status != 0)
    GTEST_SKIP() << "no other user can run the command";
  for (const std::string& command :
       {std::string(" verify audit/terraform/s3+lockfile/jobs=3/crash,late_request,operator=dead"),
        std::string(" hunt --runs 2000 s3/unlocked"), std::string(" verify s3/unlocked"),
        std::string(" matrix --backend http --tool terraform")}) {
    const CommandResult result = shell(as_nobody("-u 1", kCommand + command + " --jobs 4") + " 2>&1");
    EXPECT_EQ(result.status, 1) << command << result.out;
    EXPECT_EQ(result.out.find(
                  "lockstorm: only 1 of 4 threads can be started here (ulimit -u): it goes on with 1\n"),
              0U)
        << command << result.out;
  }
  const CommandResult alone = shell(as_nobody("-u 1", kCommand + " verify s3/unlocked --jobs 1") + " 2>&1");
  EXPECT_EQ(alone.status, 1);
  EXPECT_EQ(alone.out.find("threads"), std::string::npos) << alone.out;
  EXPECT_EQ(shell(as_nobody("-u 1", kCommand + " list --json /dev/null") + " 2>&1 >/dev/null").out, "");
}

TEST(AddressSpace, IsTakenAsItIsNeeded) {
  const CommandResult result = shell("bash -c 'ulimit -v 2097152; exec " + kCommand + kSeconds + "' 2>&1");
  EXPECT_EQ(result.status, 1) << result.out;
  EXPECT_NE(result.out.find("lockstorm replay LS1-"), std::string::npos) << result.out;
  EXPECT_EQ(
      shell("bash -c 'ulimit -v 2097152; exec " + kCommand + " hunt --runs 2000 --jobs 2 s3/unlocked' 2>&1")
          .status,
      1);
}

}  // namespace
}  // namespace lockstorm::cli
