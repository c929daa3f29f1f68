// What an earlier version wrote: replay strings are read, fields of the JSON are all still there, and what is
// of another version is refused as such. The files of tests/data/outputs/0.1 are the goldens of commit
// 0fad45a, and the replay string of its tutorial.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "test_paths.hpp"
#include "tests/cli/run_command.hpp"
#include "tests/file_text.hpp"

namespace lockstorm::cli {
namespace {

using testing::HasSubstr;

const std::string kOutputs = LOCKSTORM_TEST_DATA "/outputs/0.1/";

std::set<std::string> replay_strings(const std::string& text) {
  static const std::regex kReplay("LS1-[A-Za-z0-9_-]{12,}");
  return {std::sregex_token_iterator(text.begin(), text.end(), kReplay), std::sregex_token_iterator()};
}

// "counterexamples[]/replay": every field, wherever it stands in a list.
void add_fields(const nlohmann::json& json, const std::string& path, std::set<std::string>& fields) {
  for (const auto& [key, value] : json.items()) {
    const std::string inner = json.is_array() ? path + "[]" : path + "/" + key;
    if (json.is_object()) fields.insert(inner);
    if (value.is_structured()) add_fields(value, inner, fields);
  }
}

TEST(Upgrades, ReplayStringsOfTheLibraryAreRead) {
  std::set<std::string> strings = replay_strings(file_text(kOutputs + "matrix-local.txt"));
  strings.merge(replay_strings(file_text(kOutputs + "tutorial-replay.txt")));
  ASSERT_EQ(strings.size(), 13U);
  for (const std::string& replay : strings) {
    const CommandResult result = lockstorm("replay " + replay);
    EXPECT_EQ(result.status, 1) << replay << "\n" << result.out;
  }
}

TEST(Upgrades, ReplayStringsOfFilesAreRead) {
  for (const char* name : {"verify-unlocked.json", "verify-unlocked.txt", "simulate-unlocked.txt"}) {
    const std::set<std::string> strings = replay_strings(file_text(kOutputs + name));
    ASSERT_FALSE(strings.empty()) << name;
    for (const std::string& replay : strings) {
      const CommandResult result = lockstorm("replay --scenario scenarios/two-jobs-unlocked.yaml " + replay);
      EXPECT_EQ(result.status, 1) << replay << "\n" << result.out;
    }
  }
}

TEST(Upgrades, NoFieldOfTheJsonIsGone) {
  std::set<std::string> before;
  std::set<std::string> now;
  add_fields(nlohmann::json::parse(file_text(kOutputs + "verify-unlocked.json")), "", before);
  add_fields(nlohmann::json::parse(lockstorm("verify scenarios/two-jobs-unlocked.yaml --json -", false).out),
             "", now);
  EXPECT_GT(before.size(), 40U);
  for (const std::string& field : before) EXPECT_TRUE(now.contains(field)) << field;
}

TEST(Upgrades, WhatAnotherVersionWroteIsRefusedAsSuch) {
  const CommandResult later = lockstorm("replay LS2-u7_QaBF0d28tam9icy11bmxvY2tlZAYgISAhICF8VRt_");
  EXPECT_EQ(later.status, 65);
  EXPECT_THAT(later.out, HasSubstr("written by another version of lockstorm ('LS2'); this one reads 'LS1'"));
  // The scenario has changed since: a run of it would be of something else.
  const CommandResult changed = lockstorm(
      "replay --scenario scenarios/two-jobs-lockfile.yaml LS1-u7_QaBF0d28tam9icy11bmxvY2tlZAYgISAhICF8VRt_");
  EXPECT_EQ(changed.status, 65);
  EXPECT_THAT(changed.out, HasSubstr("was recorded with"));

  const TemporaryDirectory directory;
  directory.write("baseline.json",
                  "{\"format\": \"lockstorm-baseline\", \"version\": 2, \"findings\": []}\n");
  const CommandResult baseline =
      lockstorm("audit golden/lockfile --baseline " + directory.file("baseline.json"));
  EXPECT_EQ(baseline.status, 65);
  EXPECT_THAT(baseline.out, HasSubstr("the baseline is of another version"));

  ASSERT_EQ(
      lockstorm("verify --certificate " + directory.file("proof.json") + " scenarios/two-jobs-lockfile.yaml")
          .status,
      0);
  std::string proof = file_text(directory.file("proof.json"));
  const std::size_t version = proof.find("\"0.1.0\"");
  ASSERT_NE(version, std::string::npos);
  directory.write("proof.json", proof.replace(version, 7, "\"0.0.9\""));
  const CommandResult certificate = lockstorm("certify " + directory.file("proof.json"));
  EXPECT_EQ(certificate.status, 65);
  EXPECT_THAT(certificate.out, HasSubstr("is a certificate of another version (0.0.9; this is 0.1.0)"));
}

}  // namespace
}  // namespace lockstorm::cli
