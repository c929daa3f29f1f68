// A league of planted anomalies: each is found, under its name, by the checker that the judge chooses from
// the history's content alone; and a naive judge finds no explanation for it, but does once the plant is
// pulled out.
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "checkers/formats/format.hpp"
#include "checkers/judge.hpp"
#include "tests/checkers/naive.hpp"

namespace lockstorm::checkers {
namespace {

struct Plant {
  std::string name;
  Model model;
  Anomaly anomaly;
  /// "PROCESS TYPE FUNCTION KEY VALUE", an event a line; a type "op" is an invocation and its
  /// acknowledgement.
  std::string sick;
  /// One line of it, and what it is in a healthy history.
  std::string plant, healthy;
};

void PrintTo(const Plant& plant, std::ostream* out) { *out << plant.name; }

// The shorthand as EDN.
std::string edn_of(const std::string& shorthand) {
  std::istringstream lines(shorthand);
  std::string line, edn;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string process, type, function, key, value;
    words >> process >> type >> function >> key;
    std::getline(words, value);
    const auto event = [&](const std::string& of_type) {
      edn += "{:process " + process + " :type :" + of_type + " :f :" + function + " :key " + key +
             " :value " + value + "}\n";
    };
    if (process.empty()) continue;
    if (type == "op") {
      event("invoke");
      event("ok");
    } else {
      event(type);
    }
  }
  return edn;
}

class League : public testing::TestWithParam<Plant> {};

TEST_P(League, TheCheckerThatShouldFindItDoes) {
  const Plant& plant = GetParam();
  const auto history = read_history(edn_of(plant.sick));
  ASSERT_TRUE(history) << to_text(history.error(), plant.name);
  ASSERT_EQ(recognise_model(*history), plant.model);
  const auto verdicts = judge(*history, plant.model, {});
  ASSERT_TRUE(verdicts) << to_text(verdicts.error(), plant.name);
  EXPECT_EQ(worst(*verdicts), Judgement::violated);
  bool is_found = false;
  for (const KeyVerdict& verdict : *verdicts) {
    for (const Finding& finding : verdict.findings) {
      is_found = is_found || finding.anomaly == plant.anomaly;
      EXPECT_FALSE(finding.proof.empty());
    }
  }
  EXPECT_TRUE(is_found);
  EXPECT_FALSE(Naive(*history).is_explained());
}

TEST_P(League, WithoutThePlantNothingIsFound) {
  const Plant& plant = GetParam();
  std::string healthy = plant.sick;
  const auto at = healthy.find(plant.plant);
  ASSERT_NE(at, std::string::npos);
  healthy.replace(at, plant.plant.size(), plant.healthy);
  const auto history = read_history(edn_of(healthy));
  ASSERT_TRUE(history) << to_text(history.error(), plant.name);
  const auto verdicts = judge(*history, plant.model, {});
  ASSERT_TRUE(verdicts) << to_text(verdicts.error(), plant.name);
  for (const KeyVerdict& verdict : *verdicts)
    EXPECT_EQ(verdict.judgement, Judgement::holds)
        << (verdict.findings.empty() ? "" : verdict.findings[0].proof);
  EXPECT_TRUE(Naive(*history).is_explained());
}

using enum Model;
using enum Anomaly;

INSTANTIATE_TEST_SUITE_P(
    Planted, League,
    testing::Values(
        Plant{"RegisterReadsOld", register_cell, not_linearizable,
              "0 op write nil 1\n0 op write nil 2\n1 op read nil 1\n", "read nil 1", "read nil 2"},
        Plant{"RegisterReadsNothing", register_cell, not_linearizable,
              "0 op write nil 1\n1 op read nil nil\n", "read nil nil", "read nil 1"},
        Plant{"RegisterGoesBack", register_cell, not_linearizable,
              "0 invoke write nil 1\n1 op read nil 1\n2 op read nil nil\n0 ok write nil 1\n", "read nil nil",
              "read nil 1"},
        Plant{"CasTwiceFromOneValue", cas_register, not_linearizable,
              "0 op write k 1\n0 invoke cas k [1 2]\n1 invoke cas k [1 3]\n0 ok cas k [1 2]\n1 ok cas k [1 "
              "3]\n",
              "1 ok cas", "1 fail cas"},
        Plant{"CasFailsOnEqual", cas_register, not_linearizable,
              "0 op write k 1\n1 invoke cas k [1 2]\n1 fail cas k [1 2]\n", "[1 2]\n1 fail cas k [1 2]",
              "[3 2]\n1 fail cas k [3 2]"},
        Plant{"StoreLosesAppend", key_value, not_linearizable,
              "0 op append a \"x\"\n1 op append a \"y\"\n2 op get a \"y\"\n", "get a \"y\"", "get a \"xy\""},
        Plant{"StoreReordersAppends", key_value, not_linearizable,
              "0 op append a \"x\"\n1 op append a \"y\"\n2 op get a \"yx\"\n", "\"yx\"", "\"xy\""},
        Plant{"StoreAppendsTwice", key_value, not_linearizable, "0 op append a \"x\"\n2 op get a \"xx\"\n",
              "\"xx\"", "\"x\""},
        Plant{"StateGoesBack", terraform_state, not_linearizable,
              "0 op write s {:lineage a :serial 3}\n1 op write s {:lineage a :serial 4}\n2 op read s "
              "{:lineage a :serial 3}\n",
              "read s {:lineage a :serial 3}", "read s {:lineage a :serial 4}"},
        Plant{"TwoHolders", lock, overlapping_holders,
              "0 op acquire l nil\n1 op acquire l nil\n0 op release l nil\n1 op release l nil\n",
              "1 op acquire l nil\n0 op release l nil", "0 op release l nil\n1 op acquire l nil"},
        Plant{"HolderThoughReleaseFailed", lock, overlapping_holders,
              "0 op acquire l nil\n0 invoke release l nil\n0 fail release l nil\n1 op acquire l nil\n",
              "0 fail release", "0 ok release"},
        Plant{"ReleasesAnothers", lock, release_of_anothers_lock, "0 op acquire l nil\n1 op release l nil\n",
              "1 op release", "0 op release"},
        Plant{"ReleasesTwice", lock, release_of_free_lock,
              "0 op acquire l nil\n0 op release l nil\n0 op release l nil\n",
              "0 op release l nil\n0 op release l nil", "0 op release l nil"},
        Plant{"TokenStaysTheSame", lock, token_order,
              "0 op acquire l 7\n0 op release l nil\n1 op acquire l 7\n", "1 op acquire l 7",
              "1 op acquire l 8"},
        Plant{"TokenFalls", lock, token_order, "0 op acquire l 7\n0 op release l nil\n1 op acquire l 6\n",
              "1 op acquire l 6", "1 op acquire l 9"},
        Plant{"LostUpdate", states, lost_update,
              "0 op write s {:writer a :serial 1 :base nil}\n1 op write s {:writer b :serial 2 :base nil}\n2 "
              "op read s {:writer b :serial 2}\n",
              ":serial 2 :base nil", ":serial 2 :base {:writer a :serial 1}"},
        Plant{"LostUpdateOfAList", states, lost_update,
              "0 op write s [1]\n1 op write s [1 2]\n2 op write s [1 3]\n0 op read s [1 3]\n",
              "write s [1 3]\n0 op read s [1 3]", "write s [1 2 3]\n0 op read s [1 2 3]"},
        Plant{"AppendNeverSeen", states, lost_update, "0 op append s 1\n1 op append s 2\n2 op read s [2]\n",
              "read s [2]", "read s [1 2]"},
        Plant{"Fork", states, fork,
              "0 op write s [1]\n1 op write s [2]\n0 op write s [1 3]\n1 op read s [2]\n",
              "1 op write s [2]\n0 op write s [1 3]\n1 op read s [2]",
              "1 op write s [1 2]\n0 op write s [1 2 3]\n1 op read s [1 2 3]"},
        Plant{"StaleRead", states, stale_read,
              "0 op append s 1\n0 op append s 2\n1 op read s [1]\n2 op read s [1 2]\n", "read s [1]\n",
              "read s [1 2]\n"},
        Plant{"WriteSkew", states, write_skew,
              "0 invoke txn nil []\n1 invoke txn nil []\n0 ok txn nil [[:r x []] [:append y 1]]\n1 ok txn "
              "nil [[:r y []] [:append x 2]]\n2 op txn nil [[:r x [2]] [:r y [1]]]\n",
              "[:r y []]", "[:r y [1]]"},
        Plant{"EachReadsTheOther", states, dependency_cycle,
              "0 invoke txn nil []\n1 invoke txn nil []\n0 ok txn nil [[:append x 1] [:r y [2]]]\n1 ok txn "
              "nil [[:append y 2] [:r x [1]]]\n",
              "[:r x [1]]", "[:r x []]"},
        Plant{"AgainstTheClock", states, dependency_cycle,
              "0 op append s 1\n0 op append s 2\n1 op read s [2 1]\n", "[2 1]", "[1 2]"},
        Plant{"ReadsWhatFailed", states, aborted_read,
              "0 invoke append s 1\n0 fail append s 1\n1 op read s [1]\n", "read s [1]", "read s []"},
        Plant{"ReadsWhatNobodyWrote", states, unwritten_read, "0 op append s 1\n1 op read s [1 9]\n", "[1 9]",
              "[1]"},
        Plant{"SerialFalls", states, serial_order,
              "0 op write s {:writer a :serial 4 :base nil}\n1 op write s {:writer b :serial 3 :base "
              "{:writer a :serial 4}}\n",
              ":writer b :serial 3", ":writer b :serial 5"},
        Plant{"OneNameTwoContents", states, two_contents,
              "0 op append s 1\n1 op append s 1\n2 op read s [1]\n", "1 op append s 1\n", ""}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace lockstorm::checkers
