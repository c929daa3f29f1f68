// What shells are told of the command line: the manual page, completions, lists of names.
#include <gtest/gtest.h>

#include <sstream>

#include "test_paths.hpp"
#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

bool has_program(const std::string& name) { return shell("command -v " + name + " > /dev/null").status == 0; }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// What the built command completes the words to, in the shell itself.
std::string completed(const std::string& words, int position) {
  const TemporaryDirectory directory;
  directory.write("try.bash", std::string("PATH=$(dirname ") + LOCKSTORM_BINARY + "):$PATH\n" +
                                  "source <(lockstorm completions bash)\nCOMP_WORDS=(" + words +
                                  ")\nCOMP_CWORD=" + std::to_string(position) +
                                  "\n_lockstorm\necho \"${COMPREPLY[*]}\"\n");
  return shell("bash " + directory.file("try.bash") + " 2>&1").out;
}

TEST(Bash, CompletesCommandsOptionsAndNames) {
  EXPECT_EQ(completed("lockstorm ver", 1), "verify\n");
  EXPECT_EQ(completed("lockstorm verify --cert", 2), "--certificate\n");
  EXPECT_EQ(completed("lockstorm verify --perf", 2), "--perfetto\n") << "everybody's options too";
  EXPECT_EQ(completed("lockstorm --js", 1), "--json\n");
  EXPECT_EQ(completed("lockstorm matrix --backend co", 3), "cos consul\n");
  EXPECT_EQ(completed("lockstorm hunt crowds/twenty-jobs-s3-l", 2), "crowds/twenty-jobs-s3-lockfile\n");
  EXPECT_EQ(completed("lockstorm --json x judge --model fenc", 5), "fencing-lock\n");
  EXPECT_EQ(completed("lockstorm completions f", 2), "fish\n");
  EXPECT_EQ(completed("lockstorm audit --jobs-in-ci ''", 3), "\n") << "nobody can guess a number";
  EXPECT_EQ(completed("lockstorm verify scenarios/two-jobs-l", 2), "scenarios/two-jobs-lockfile.yaml\n");
}

TEST(Zsh, ReadsItsCompletion) {
  if (!has_program("zsh")) GTEST_SKIP() << "zsh is not installed";
  const TemporaryDirectory directory;
  directory.write("_lockstorm", lockstorm("completions zsh").out);
  EXPECT_EQ(shell("zsh -n " + directory.file("_lockstorm") + " 2>&1").out, "");
}

TEST(Fish, CompletesCommandsOptionsAndNames) {
  if (!has_program("fish")) GTEST_SKIP() << "fish is not installed";
  const TemporaryDirectory directory;
  const auto in_fish = [&](const std::string& line) {
    directory.write("try.fish", std::string("set -p PATH (dirname ") + LOCKSTORM_BINARY +
                                    ")\nlockstorm completions fish | source\ncomplete -C '" + line + "'\n");
    return shell("HOME=" + directory.file("") + " fish " + directory.file("try.fish") + " 2>&1").out;
  };
  EXPECT_TRUE(in_fish("lockstorm ver").starts_with("verify\t"));
  EXPECT_TRUE(in_fish("lockstorm verify --cert").starts_with("--certificate\t"));
  EXPECT_TRUE(in_fish("lockstorm matrix --backend consu").starts_with("consul\t"));
}

TEST(Manual, HasEveryOptionOfEveryCommand) {
  const std::string manual = lockstorm("manual").out;
  std::size_t options = 0;
  for (const std::string& command : lines_of(lockstorm("--help").out)) {
    const std::size_t end = command.find(' ', 2);
    if (!command.starts_with("  ") || command[2] == '-' || end == std::string::npos) continue;
    const std::string name = command.substr(2, end - 2);
    EXPECT_NE(manual.find(".SS " + name + "\n"), std::string::npos) << name;
    for (std::string line : lines_of(lockstorm(name + " --help").out)) {
      if (line == "Of every command:") break;  // the manual has those once
      if (!line.starts_with("  --")) continue;
      ++options;
      line = std::regex_replace(line.substr(2, line.find(' ', 3) - 2), std::regex("-"), "\\-");
      EXPECT_NE(manual.find("\\fB" + line + "\\fR"), std::string::npos) << name << " " << line;
    }
  }
  EXPECT_GT(options, 20U);
}

TEST(Manual, IsWhatManUnderstands) {
  if (!has_program("groff")) GTEST_SKIP() << "groff is not installed";
  EXPECT_EQ(shell(std::string(LOCKSTORM_BINARY) + " manual | groff -man -ww -z 2>&1").out, "");
}

TEST(List, KeepsNamesAndMeaningsApart) {
  EXPECT_NE(lockstorm("list commands").out.find("  workspace delete -force  "), std::string::npos);
}

TEST(Describe, KnowsAStrategyOfAnyDepth) {
  const CommandResult result = lockstorm("describe pct:7");
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(result.out.starts_with("pct:7 (strategy)\nas pct:2 with another number")) << result.out;
  EXPECT_EQ(lockstorm("describe pct:x").status, 65);
}

TEST(List, NamesOfAKind) {
  EXPECT_EQ(lines_of(lockstorm("list --names strategies").out).size(), 15U);
  EXPECT_NE(lockstorm("list --names").out.find("\nmutual-exclusion\n"), std::string::npos);
  EXPECT_TRUE(lockstorm("list faults").out.starts_with("faults\n  crash "));
  const CommandResult wrong = lockstorm("list fault");
  EXPECT_EQ(wrong.status, 64);
  EXPECT_NE(wrong.out.find("there is no kind 'fault'; one of"), std::string::npos) << wrong.out;
}

}  // namespace
}  // namespace lockstorm::cli
