// How the command ends when it cannot go on: interrupted, or with nowhere to print.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "cli/interrupt.hpp"
#include "test_paths.hpp"
#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

TEST(Interrupted, TellsWhatWasStoppedAndDiesOfTheSignal) {
  const TemporaryDirectory directory;
  for (const auto& [name, status] : {std::pair<std::string, int>{"INT", 130}, {"TERM", 143}}) {
    const CommandResult result =
        shell("timeout --preserve-status -s " + name + " 0.5 " + LOCKSTORM_BINARY + kLongWork + " --json " +
              directory.file("f") + " 2>&1; echo status $?");
    EXPECT_NE(result.out.find("lockstorm: interrupted by SIG" + name + ": `verify` was stopped"),
              std::string::npos)
        << result.out;
    EXPECT_NE(result.out.find("no result was written\n"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find("status " + std::to_string(status)), std::string::npos) << result.out;
  }
}

// What a child prints on standard error, and how it ends: it is interrupted while InterruptsWait lives.
TEST(Interrupted, WaitsForAFileThatIsBeingWritten) {
  std::array<int, 2> pipe_ends{};
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(pipe_ends[1], STDERR_FILENO);
    tell_of_interrupts("verify");
    note_progress(3, 8);
    {
      const InterruptsWait outer;
      const InterruptsWait inner;
      raise(SIGTERM);
      (void)!write(STDERR_FILENO, "still here\n", 11);
      note_written_file();
    }
    _exit(0);
  }
  close(pipe_ends[1]);
  std::string said;
  std::array<char, 256> buffer{};
  for (ssize_t n = 0; (n = read(pipe_ends[0], buffer.data(), buffer.size())) > 0;)
    said.append(buffer.data(), static_cast<std::size_t>(n));
  close(pipe_ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
  EXPECT_EQ(said,
            "still here\nlockstorm: interrupted by SIGTERM: `verify` was stopped with 3 of 8 done; 1 result "
            "file is "
            "whole, no other was written\n");
}

// Where a client's fiber runs there is no room for a handler (FiberPool.HandlesSignalsOnAStackOfTheirOwn).
TEST(Interrupted, IsHandledOnTheStackForSignals) {
  const pid_t child = fork();
  if (child == 0) {
    tell_of_interrupts("verify");
    bool all = true;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      struct sigaction told{};
      ::sigaction(signal, nullptr, &told);
      all = all && (told.sa_handler == SIG_IGN || (told.sa_flags & SA_ONSTACK) != 0);
    }
    _exit(all ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

class NowhereToPrint : public testing::TestWithParam<const char*> {};

TEST_P(NowhereToPrint, IsTold) {
  const CommandResult result = shell(std::string(LOCKSTORM_BINARY) + " " + GetParam() + " 2>&1 > /dev/full");
  EXPECT_EQ(result.status, 65) << result.out;
  EXPECT_EQ(result.out.find("internal error"), std::string::npos) << result.out;
}

INSTANTIATE_TEST_SUITE_P(Every, NowhereToPrint,
                         testing::Values("list", "manual", "completions bash", "--help", "--version",
                                         "describe crash", "simulate s3/unlocked", "verify s3/unlocked",
                                         "audit --faults none golden/lockfile"));

TEST(StandardOutput, IsNamedWithTheCause) {
  EXPECT_NE(shell(std::string(LOCKSTORM_BINARY) + " list 2>&1 > /dev/full")
                .out.find("standard output: error: cannot be written: No space left on device"),
            std::string::npos);
}

}  // namespace
}  // namespace lockstorm::cli
