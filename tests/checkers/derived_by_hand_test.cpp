// Histories that set traps, each with the verdict that was derived by hand, in every format that can tell it.
#include <gtest/gtest.h>

#include <sstream>

#include "checkers/formats/format.hpp"
#include "checkers/judge.hpp"
#include "test_paths.hpp"
#include "tests/file_text.hpp"

namespace lockstorm::checkers {
namespace {

struct Block {
  std::string title, json_lines;
  Judgement expected{};
  Initial initial;
  std::optional<Model> model;
  bool has_key_or_time = false;
};

// "[@TIME] PROCESS TYPE FUNCTION [%KEY] [VALUE]".
void add_events(Block& block, const std::string& line) {
  std::istringstream words(line);
  std::string process, type, function, value, rest;
  words >> process;
  if (process.starts_with('@')) {
    rest += ",\"time_ns\":" + process.substr(1);
    words >> process;
  }
  words >> type >> function;
  std::getline(words >> std::ws, value);
  if (value.starts_with('%')) {
    const auto end = value.find(' ');
    rest += ",\"key\":\"" + value.substr(1, end - 1) + "\"";
    value = end == std::string::npos ? "" : value.substr(end + 1);
  }
  block.has_key_or_time = block.has_key_or_time || !rest.empty();
  for (const std::string& of : type == "op" ? std::vector<std::string>{"invoke", "ok"} : std::vector{type}) {
    block.json_lines += "{\"process\":" + process + ",\"type\":\"" + of + "\",\"f\":\"" + function +
                        "\",\"value\":" + (value.empty() ? "null" : value) + rest + "}\n";
  }
}

// "= VERDICT: TITLE | --initial VALUE | --model NAME".
Block begun(const std::string& line) {
  Block block;
  block.title = line;
  block.expected = line.starts_with("= held") ? Judgement::holds : Judgement::violated;
  if (const auto at = line.find("| --initial "); at != std::string::npos) {
    const auto initial = read_initial(line.substr(at + 12));
    if (!initial) throw std::runtime_error(line + ": " + initial.error());
    block.initial = *initial;
  }
  if (const auto at = line.find("| --model "); at != std::string::npos)
    block.model = model_named(line.substr(at + 10));
  return block;
}

std::vector<Block> blocks() {
  std::vector<Block> all;
  std::istringstream lines(file_text(LOCKSTORM_TEST_DATA "/histories/derived_by_hand.txt"));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with('=')) {
      all.push_back(begun(line));
    } else {
      add_events(all.back(), line);
    }
  }
  return all;
}

TEST(DerivedByHand, EachIsJudgedSo) {
  unsigned judged = 0;
  for (const Block& block : blocks()) {
    SCOPED_TRACE(block.title);
    const auto told = read_history(block.json_lines);
    ASSERT_TRUE(told) << told.error().message;
    for (const Format format : {Format::json_lines, Format::jepsen_edn, Format::jepsen_log}) {
      if (format == Format::jepsen_log && block.has_key_or_time) continue;
      SCOPED_TRACE(name_of(format));
      const auto history = read_history(write_history(*told, format));
      ASSERT_TRUE(history) << history.error().message;
      const auto model = block.model ? *block.model : *recognise_model(*history);
      const auto verdicts = judge(*history, model, {}, block.initial);
      ASSERT_TRUE(verdicts) << verdicts.error().message;
      EXPECT_EQ(worst(*verdicts), block.expected);
      ++judged;
    }
  }
  EXPECT_GT(judged, 450U);
}

}  // namespace
}  // namespace lockstorm::checkers
