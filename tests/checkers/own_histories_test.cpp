// Histories of our own making, in each format: each has its listed verdict, and a naive judge agrees.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "checkers/formats/format.hpp"
#include "checkers/judge.hpp"
#include "test_paths.hpp"
#include "tests/checkers/naive.hpp"
#include "tests/file_text.hpp"

namespace lockstorm::checkers {
namespace {

const std::string kFolder = LOCKSTORM_TEST_DATA "/histories/";

TEST(OwnHistories, EachHasItsListedVerdictAndANaiveJudgeAgrees) {
  std::ifstream table(kFolder + "verdicts.tsv");
  std::string file, model, verdict;
  std::getline(table, file);
  std::set<Format> formats;
  unsigned judged = 0;
  while (table >> file >> model >> verdict) {
    const std::string text = file_text(kFolder + file);
    const auto history = read_history(text);
    ASSERT_TRUE(history) << to_text(history.error(), file);
    const auto recognised = recognise_model(*history);
    ASSERT_TRUE(recognised) << file;
    EXPECT_EQ(name_of(*recognised), model) << file;
    const auto verdicts = judge(*history, *recognised, {});
    ASSERT_TRUE(verdicts) << to_text(verdicts.error(), file);
    EXPECT_EQ(worst(*verdicts), verdict == "held" ? Judgement::holds : Judgement::violated) << file;
    EXPECT_EQ(Naive(*history).is_explained(), verdict == "held") << file;
    formats.insert(*recognise(text));
    ++judged;
  }
  EXPECT_EQ(formats.size(), 3U);
  EXPECT_GE(judged, 13U);
}

}  // namespace
}  // namespace lockstorm::checkers
