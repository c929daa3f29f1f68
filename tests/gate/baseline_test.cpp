// Baselines: what is written is read again, and a broken file is never passed over.
#include "scenarios/gate/baseline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/repository/file_tree.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::HasSubstr;

const std::set<KnownFinding> kFindings{{{"live/app", ""}, "LS-S3-310"},
                                       {{"live/app", ""}, "LS-S3-300"},
                                       {{"live/\"odd\"", "config/prod.tfbackend"}, "LS-GCS-902"},
                                       {{".", ""}, "LS-S3-300"}};

TEST(Baseline, IsSortedALineForEachFinding) {
  EXPECT_EQ(baseline_text(kFindings),
            "{\n  \"format\": \"lockstorm-baseline\",\n  \"version\": 1,\n  \"findings\": [\n"
            "    {\"path\": \".\", \"rule\": \"LS-S3-300\"},\n"
            "    {\"path\": \"live/\\\"odd\\\"\", \"completed_by\": \"config/prod.tfbackend\", \"rule\": "
            "\"LS-GCS-902\"},\n"
            "    {\"path\": \"live/app\", \"rule\": \"LS-S3-300\"},\n"
            "    {\"path\": \"live/app\", \"rule\": \"LS-S3-310\"}\n  ]\n}\n");
  EXPECT_EQ(baseline_text({}),
            "{\n  \"format\": \"lockstorm-baseline\",\n  \"version\": 1,\n  \"findings\": []\n}\n");
}

TEST(Baseline, WhatIsWrittenIsReadAgain) {
  for (const std::set<KnownFinding>& findings : {kFindings, std::set<KnownFinding>{}}) {
    const FileTree tree{{"b.json", baseline_text(findings)}};
    const auto baseline = read_baseline(tree.root() / "b.json");
    ASSERT_TRUE(baseline) << baseline.error().render();
    std::set<KnownFinding> read;
    for (const auto& [finding, where] : baseline->findings) read.insert(finding);
    EXPECT_EQ(read, findings);
    EXPECT_EQ(baseline->directory(), tree.root());
  }
}

struct Damage {
  const char* name;
  const char* text;
  const char* says;
};
void PrintTo(const Damage& damage, std::ostream* out) { *out << damage.name; }

class DamagedBaseline : public testing::TestWithParam<Damage> {};

TEST_P(DamagedBaseline, IsToldWithItsPlaceAndWhatToDo) {
  const FileTree tree{{"b.json", GetParam().text}};
  const auto baseline = read_baseline(tree.root() / "b.json");
  ASSERT_FALSE(baseline);
  EXPECT_THAT(baseline.error().render(), HasSubstr(GetParam().says));
  EXPECT_THAT(baseline.error().hint, HasSubstr("--write-baseline"));
}

INSTANTIATE_TEST_SUITE_P(
    Files, DamagedBaseline,
    testing::Values(
        Damage{"Empty", "", "b.json:1:1: error"},
        Damage{"NoObject", "[]", "b.json:1:1: error: the file is no"},
        Damage{"CutOff", "{\"format\": \"lockstorm-baseline\", \"version\": 1, \"find", "b.json:1:"},
        Damage{"AnotherFormat", "{\"format\": \"sarif\", \"version\": 1, \"findings\": []}",
               "b.json:1:2: error: the file is no baseline"},
        Damage{"AnotherVersion", "{\"format\": \"lockstorm-baseline\",\n\"version\": 2, \"findings\": []}",
               "b.json:2:1: error: the baseline is of another version\n  expected: version 1"},
        Damage{"NoVersion", "{\"format\": \"lockstorm-baseline\", \"findings\": []}",
               "\"version\" is missing"},
        Damage{"NoFindings", "{\"format\": \"lockstorm-baseline\", \"version\": 1}",
               "\"findings\" is missing"},
        Damage{"UnknownKey",
               "{\"format\": \"lockstorm-baseline\", \"version\": 1, \"findings\": [], \"x\": 1}",
               "unknown key \"x\""},
        Damage{"KeyTwice",
               "{\"format\": \"lockstorm-baseline\", \"version\": 1, \"findings\": [], \"findings\": []}",
               "\"findings\" stands twice"},
        Damage{
            "UnknownRule",
            "{\"format\": \"lockstorm-baseline\", \"version\": 1, \"findings\": [{\"path\": \"a\", \"rule\": "
            "\"LS-S4-300\"}]}",
            "unknown rule 'LS-S4-300'"},
        Damage{
            "NoPath",
            "{\"format\": \"lockstorm-baseline\", \"version\": 1, \"findings\": [{\"rule\": \"LS-S3-300\"}]}",
            "\"path\" is missing"},
        Damage{
            "PathNoText",
            "{\"format\": \"lockstorm-baseline\", \"version\": 1, \"findings\": [{\"rule\": \"LS-S3-300\", "
            "\"path\": 3}]}",
            "\"path\" is no text"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Baseline, AFileThatIsNotThereIsTold) {
  const FileTree tree{{"x", ""}};
  const auto baseline = read_baseline(tree.root() / "b.json");
  ASSERT_FALSE(baseline);
  EXPECT_THAT(baseline.error().render(), HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace lockstorm::scenarios
