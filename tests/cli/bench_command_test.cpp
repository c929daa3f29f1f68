// `lockstorm bench` as a user runs it: the real suite, one quick benchmark of it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "test_paths.hpp"
#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

std::filesystem::path programs() { return std::filesystem::path(LOCKSTORM_BINARY).parent_path(); }
bool has_suite() { return std::filesystem::exists(programs() / "judge_bench"); }

// Takes milliseconds and needs nothing beside it.
constexpr const char* kQuick = "--filter '^lock$' --repetitions 2 ";

TEST(Bench, MeasuresComparesAndKeeps) {
  if (!has_suite()) GTEST_SKIP() << "the benchmarks are not built";
  const TemporaryDirectory directory;
  const std::string history = "--history " + directory.file("history.jsonl");
  const CommandResult first = lockstorm(
      std::string("bench ") + kQuick + history + " --label one --json " + directory.file("one.json"), false);
  ASSERT_EQ(first.status, 0);
  EXPECT_TRUE(first.out.starts_with("judge_bench/lock/items_per_second  ")) << first.out;
  const auto one = nlohmann::json::parse(file_text(directory.file("one.json")));
  EXPECT_EQ(one["series"][0]["samples"].size(), 2U);

  const CommandResult second =
      lockstorm(std::string("bench ") + kQuick + history + " --baseline " + directory.file("one.json") +
                    " --html " + directory.file("page.html") + " --markdown " + directory.file("page.md"),
                false);
  // Two samples tell nothing, whatever the machine does.
  ASSERT_EQ(second.status, 0) << second.out;
  EXPECT_NE(second.out.find("unclear"), std::string::npos) << second.out;
  EXPECT_NE(file_text(directory.file("page.html")).find("Trend over 2 runs"), std::string::npos);
  EXPECT_NE(file_text(directory.file("page.md")).find("| one | this build |"), std::string::npos);
}

TEST(Bench, TakesTwoBuildsInTurn) {
  if (!has_suite()) GTEST_SKIP() << "the benchmarks are not built";
  const CommandResult result = lockstorm(
      std::string("bench ") + kQuick + "--against " + programs().string() + " --against-label before", false);
  ASSERT_EQ(result.status, 0) << result.out;
  EXPECT_NE(result.out.find("this build against before, measured in turn"), std::string::npos) << result.out;
}

// A comparison of nothing finds nothing slower, and must not say so.
TEST(Bench, NeedsAFigureInCommonWithWhatItIsComparedWith) {
  if (!has_suite()) GTEST_SKIP() << "the benchmarks are not built";
  const TemporaryDirectory directory;
  directory.write("other.json",
                  R"({"label": "other", "series": [{"name": "x/y", "better": "lower", "samples": [1, 2]}]})");
  const CommandResult other =
      lockstorm(std::string("bench ") + kQuick + "--baseline " + directory.file("other.json"));
  EXPECT_EQ(other.status, 65) << other.out;
  EXPECT_NE(other.out.find("other.json: error: has no figure in common with this run"), std::string::npos)
      << other.out;
  directory.write("empty.json", R"({"label": "other", "series": []})");
  EXPECT_EQ(lockstorm("bench --baseline " + directory.file("empty.json")).status, 65);
  for (const char* text :
       {R"({"label": 5, "series": []})", R"({"label": "a", "series": 5})",
        R"({"label": "a", "series": [{"name": "x", "better": "lower", "samples": [-1]}]})",
        R"({"label": "a", "series": [{"name": "x", "better": "up", "samples": [1]}]})",
        R"({"label": "a", "series": [{"name": "x", "better": "lower", "samples": []}]})"}) {
    directory.write("bad.json", text);
    EXPECT_EQ(lockstorm("bench --baseline " + directory.file("bad.json")).status, 65) << text;
  }
  EXPECT_EQ(lockstorm("bench --baseline /dev/zero").status, 65);
}

TEST(Bench, SaysWhatItMisses) {
  if (!has_suite()) GTEST_SKIP() << "the benchmarks are not built";
  const TemporaryDirectory directory;
  const CommandResult nothing = lockstorm("bench --filter '^no such$' --repetitions 1");
  EXPECT_EQ(nothing.status, 65);
  EXPECT_NE(nothing.out.find("no benchmark fits '^no such$'"), std::string::npos) << nothing.out;
  const CommandResult empty = lockstorm("bench --against " + directory.file(""));
  EXPECT_EQ(empty.status, 65);
  EXPECT_NE(empty.out.find("there are no benchmarks here"), std::string::npos) << empty.out;
  directory.write("broken.json", "{\"label\": 1}");
  EXPECT_EQ(lockstorm("bench --baseline " + directory.file("broken.json")).status, 65);
  directory.write("broken.jsonl", "{\"label\": \"a\", \"series\": []}\n{\n");
  const CommandResult history = lockstorm("bench --history " + directory.file("broken.jsonl"));
  EXPECT_EQ(history.status, 65);
  EXPECT_NE(history.out.find("line 2: "), std::string::npos) << history.out;
  EXPECT_EQ(lockstorm("bench --baseline a --against b").status, 64);
}

}  // namespace
}  // namespace lockstorm::cli
