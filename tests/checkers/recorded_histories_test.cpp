// Histories of real systems that others recorded, each with its listed verdict. They are not part of the
// project: the folder is ../shared/data/histories or what LOCKSTORM_HISTORIES names, and without it this test
// is skipped.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "checkers/formats/format.hpp"
#include "checkers/judge.hpp"
#include "test_paths.hpp"
#include "tests/file_text.hpp"

namespace lockstorm::checkers {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  const char* named = std::getenv("LOCKSTORM_HISTORIES");
  return named != nullptr ? fs::path(named) : fs::path(LOCKSTORM_SOURCE) / "../shared/data/histories";
}

Judgement judgement_of(const fs::path& file, Model expected_model) {
  const auto history = read_history(file_text(file));
  if (!history) throw std::runtime_error(to_text(history.error(), file.string()));
  EXPECT_EQ(recognise_model(*history), expected_model) << file;
  const auto verdicts = judge(*history, expected_model, {});
  if (!verdicts) throw std::runtime_error(to_text(verdicts.error(), file.string()));
  return worst(*verdicts);
}

TEST(RecordedHistories, EachHasItsListedVerdict) {
  if (!fs::exists(folder()))
    GTEST_SKIP() << folder() << " is absent: LOCKSTORM_HISTORIES can name another folder";
  std::ifstream table(folder() / "etcd-register" / "verdicts.tsv");
  std::map<std::string, unsigned> judged;
  std::string file, verdict;
  std::getline(table, file);
  while (table >> file >> verdict) {
    const Judgement expected = verdict == "linearizable" ? Judgement::holds : Judgement::violated;
    // A few runs have no cas at all.
    const auto history = read_history(file_text(folder() / "etcd-register" / file));
    ASSERT_TRUE(history) << file;
    EXPECT_EQ(judgement_of(folder() / "etcd-register" / file, *recognise_model(*history)), expected) << file;
    ++judged[verdict];
  }
  EXPECT_EQ(judged, (std::map<std::string, unsigned>{{"linearizable", 11}, {"violated", 41}}));
  EXPECT_EQ(judgement_of(folder() / "kv" / "c10-ok.txt", Model::key_value), Judgement::holds);
  EXPECT_EQ(judgement_of(folder() / "kv" / "c10-bad.txt", Model::key_value), Judgement::violated);
}

}  // namespace
}  // namespace lockstorm::checkers
