// Real processes in groups of their own.
#include "wire/confirm/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "tests/repository/file_tree.hpp"

namespace lockstorm::wire::confirm {
namespace {

using testing::HasSubstr;

ToolProcess started(const scenarios::FileTree& tree, const std::string& script) {
  auto process = ToolProcess::start({{"/bin/sh", "-c", script},
                                     tree.root(),
                                     {{"PATH", "/usr/bin:/bin"}, {"NAME", "value"}},
                                     tree.root() / "out"});
  EXPECT_TRUE(process.has_value());
  return *std::move(process);
}

int status_of(ToolProcess& process) {
  for (int i = 0; i < 1000; ++i) {
    if (const auto status = process.ended()) return *status;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return -1000;
}

bool is_alive(pid_t pid) { return kill(pid, 0) == 0; }

TEST(ToolProcess, HasItsDirectoryEnvironmentAndOutput) {
  const scenarios::FileTree tree{};
  ToolProcess process = started(tree, "echo \"$NAME\"; echo wrong >&2; touch here; exit 3");
  EXPECT_EQ(status_of(process), 3);
  EXPECT_EQ(process.printed(), "value\nwrong\n");
  EXPECT_TRUE(std::filesystem::exists(tree.root() / "here"));
}

TEST(ToolProcess, TellsTheSignalThatEndedIt) {
  const scenarios::FileTree tree{};
  ToolProcess process = started(tree, "sleep 30");
  process.signal_group(SIGKILL);
  EXPECT_EQ(status_of(process), -SIGKILL);
}

TEST(ToolProcess, TakesItsChildrenAlong) {
  const scenarios::FileTree tree{};
  pid_t child = 0;
  {
    ToolProcess process = started(tree, "sleep 30 & echo $!; wait");
    while (process.printed().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    child = static_cast<pid_t>(std::stol(process.printed()));
    EXPECT_TRUE(is_alive(child));
  }
  for (int i = 0; i < 400 && is_alive(child); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_FALSE(is_alive(child));
}

// A connection that it had inherited would stay open when we close it.
TEST(ToolProcess, InheritsNoDescriptor) {
  const scenarios::FileTree tree{};
  const int open_here = dup(0);
  ToolProcess process = started(tree, "ls /proc/self/fd | tr '\\n' ' '");
  EXPECT_EQ(status_of(process), 0);
  close(open_here);
  EXPECT_EQ(process.printed(), "0 1 2 3 ");  // the last one is ls's own
}

TEST(ToolProcess, SaysWhyItCannotStart) {
  const scenarios::FileTree tree{};
  const auto process = ToolProcess::start({{"/nowhere/tool"}, tree.root(), {}, tree.root() / "out"});
  ASSERT_FALSE(process.has_value());
  EXPECT_THAT(process.error(), HasSubstr("/nowhere/tool: No such file"));
}

TEST(ProgramOnPath, FindsWhatCanBeRun) {
  EXPECT_TRUE(program_on_path("sh").is_absolute());
  EXPECT_TRUE(program_on_path("no-such-program-anywhere").empty());
}

}  // namespace
}  // namespace lockstorm::wire::confirm
