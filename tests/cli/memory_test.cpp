// --memory bounds the process, and what was found when it is used up is told.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "test_paths.hpp"
#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

struct Measured {
  int status = -1;
  long peak_mib = 0;
};

// Sanitizers and debug builds take more than what is promised.
bool is_measured_build() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(NDEBUG)
  return false;
#else
  return true;
#endif
}

Measured measure(const std::string& arguments) {
  const std::string line = std::string("cd ") + LOCKSTORM_TEST_DATA + " && exec " + LOCKSTORM_BINARY + " " +
                           arguments + " > /dev/null 2>&1";
  const pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128, usage.ru_maxrss / 1024};
}

TEST(Memory, BoundsTheProcessThatVerifies) {
  if (!is_measured_build()) GTEST_SKIP() << "not the build that is measured";
  const Measured measured = measure("verify --memory 64M --jobs 2 robust/four-jobs-too-small.yaml");
  EXPECT_EQ(measured.status, 1);
  EXPECT_LE(measured.peak_mib, 64);
}

TEST(Memory, BoundsTheProcessThatHunts) {
  if (!is_measured_build()) GTEST_SKIP() << "not the build that is measured";
  const Measured measured =
      measure("hunt --memory 64M --jobs 2 --runs 4000 --all crowds/twenty-jobs-s3-lockfile");
  EXPECT_EQ(measured.status, 1);
  EXPECT_LE(measured.peak_mib, 64);
}

TEST(Memory, ThatRunsOutWhileAViolationIsToldLeavesAStory) {
  const TemporaryDirectory directory;
  const std::string sarif = directory.file("sarif");
  const CommandResult result = lockstorm("verify --memory 3M robust/four-jobs-too-small.yaml --sarif " +
                                         sarif + " --json " + directory.file("json"));
  ASSERT_EQ(result.status, 1) << result.out;
  const auto json = nlohmann::json::parse(file_text(directory.file("json")));
  std::size_t violated = 0;
  for (const auto& [name, property] : json.at("properties").items()) {
    if (property.at("verdict") != "violated") continue;
    ++violated;
    ASSERT_TRUE(property.contains("counterexample")) << name;
    const auto& told = json.at("counterexamples").at(property.at("counterexample").get<std::size_t>());
    EXPECT_FALSE(told.at("steps").empty()) << name;
    // It is a run of this scenario, and it violates the property.
    const CommandResult replayed = lockstorm("replay --scenario robust/four-jobs-too-small.yaml " +
                                             told.at("replay").get<std::string>());
    EXPECT_EQ(replayed.status, 1) << name << replayed.out;
    EXPECT_NE(replayed.out.find(name + " is violated"), std::string::npos) << replayed.out;
  }
  EXPECT_GT(violated, 0U);
  EXPECT_NE(json.at("why").get<std::string>().find("for the shortest there was not enough memory"),
            std::string::npos)
      << json.at("why");
  EXPECT_EQ(nlohmann::json::parse(file_text(sarif)).at("runs").at(0).at("results").size(), violated);
}

}  // namespace
}  // namespace lockstorm::cli
