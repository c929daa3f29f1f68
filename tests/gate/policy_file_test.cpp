// `.lockstorm.yaml`: what it says, where it is found, and what is refused with its place.
#include "scenarios/gate/policy_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "scenarios/data/date.hpp"
#include "tests/repository/file_tree.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

std::expected<Policy, InputError> policy_of(const std::string& text) {
  return parse_policy(text, "somewhere/.lockstorm.yaml");
}

TEST(Policy, SaysWhatToExpectAndWhatFails) {
  const auto policy = policy_of(
      "faults: [none, crash]\njobs: 1\nrunner: persistent\nlock_timeout: 5m\ntool: opentofu\n"
      "store: {honours_if_none_match: true}\nexclude: [sandbox, live/legacy]\nfail_on: medium\n"
      "baseline: known.json\naccept:\n  - rule: LS-S3-310\n    reason: moved in March\n"
      "    expires: 2027-03-01\n    paths: [live/old, 'team-*']\n");
  ASSERT_TRUE(policy) << policy.error().render();
  EXPECT_EQ(policy->directory, "somewhere");
  EXPECT_EQ(policy->faults, adversity_bit(Adversity::crash));
  EXPECT_EQ(policy->jobs, 1);
  EXPECT_EQ(policy->runner, Runner::persistent);
  EXPECT_EQ(policy->lock_timeout, std::chrono::minutes(5));
  EXPECT_EQ(policy->tool, models::Dialect::opentofu);
  EXPECT_THAT(policy->store, ElementsAre(Pair("honours_if_none_match", "true")));
  EXPECT_EQ(policy->store_where.line, 6U);
  EXPECT_THAT(policy->exclude, ElementsAre("sandbox", "live/legacy"));
  EXPECT_EQ(policy->fail_on, FailOn{Grade::medium});
  EXPECT_EQ(policy->baseline, "known.json");
  ASSERT_EQ(policy->accept.size(), 1U);
  const Acceptance& accepted = policy->accept.front();
  EXPECT_EQ(accepted.rule.text(), "LS-S3-310");
  EXPECT_EQ(accepted.reason, "moved in March");
  EXPECT_EQ(accepted.expires, *parse_date("2027-03-01"));
  EXPECT_THAT(accepted.paths, ElementsAre("live/old", "team-*"));
  EXPECT_EQ(accepted.where, (SourceLocation{"somewhere/.lockstorm.yaml", 11, 5}));
}

TEST(Policy, LeavesUnsetWhatItDoesNotSay) {
  const auto policy = policy_of("# nothing is decided yet\n");
  ASSERT_TRUE(policy) << policy.error().render();
  EXPECT_FALSE(policy->faults || policy->jobs || policy->runner || policy->lock_timeout || policy->tool ||
               policy->fail_on);
  EXPECT_THAT(policy->accept, IsEmpty());
  EXPECT_EQ(policy_of("fail_on: never\n")->fail_on, FailOn{std::nullopt});
}

struct Refusal {
  const char* name;
  const char* text;
  const char* says;  ///< the beginning of the message
};
void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.name; }

class RefusedPolicy : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedPolicy, IsToldWithItsPlace) {
  const auto policy = policy_of(GetParam().text);
  ASSERT_FALSE(policy);
  EXPECT_THAT(policy.error().render(),
              HasSubstr(std::string("somewhere/.lockstorm.yaml:") + GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Policies, RefusedPolicy,
    testing::Values(
        Refusal{
            "UnknownKey", "jobs: 1\nfail-on: high\n",
            "2:1: error: unknown key 'fail-on'\n  expected: one of faults, jobs, runner, lock_timeout, tool, "
            "store, exclude, fail_on, baseline, accept\n  hint: did you mean 'fail_on'?"},
        Refusal{"KeyTwice", "jobs: 1\njobs: 2\n", "2:1: error: key 'jobs' stands twice"},
        Refusal{"NoMapping", "- jobs\n", "1:1: error: a policy is a mapping"},
        Refusal{"TwoDocuments", "jobs: 1\n---\njobs: 2\n",
                "2:1: error: a second document begins here\n  expected: one policy in a file"},
        Refusal{"TooManyJobs", "jobs: 7\n",
                "1:7: error: jobs is '7'\n  expected: a whole number from 1 to 6"},
        Refusal{"UnknownFault", "faults: [crash, netwrk]\n", "1:17: error: unknown kind of fault 'netwrk'"},
        Refusal{"FaultsAsText", "faults: crash\n", "1:9: error: faults is not a list"},
        Refusal{
            "UnknownGrade", "fail_on: hihg\n",
            "1:10: error: fail_on is 'hihg'\n  expected: one of never, info, low, medium, high, critical; "
            "did you mean 'high'?"},
        Refusal{"UnknownTool", "tool: terrafrom\n", "1:7: error: unknown tool 'terrafrom'"},
        Refusal{"UnknownRunner", "runner: big\n", "1:9: error: unknown runner 'big'"},
        Refusal{"NoDuration", "lock_timeout: 5\n", "1:15: error: lock_timeout is '5'"},
        Refusal{"UnknownPromise", "store: {honours_if_none_mach: true}\n",
                "1:9: error: unknown key 'honours_if_none_mach'"},
        Refusal{"WrongPromise", "store:\n  honours_if_none_match: perhaps\n",
                "2:26: error: honours_if_none_match is 'perhaps'\n  expected: true or false"},
        Refusal{"ExcludeAsText", "exclude: legacy\n", "1:10: error: exclude is not a list of paths"},
        Refusal{"EmptyBaseline", "baseline: ''\n", "1:11: error: baseline is empty"},
        Refusal{"AcceptAsMapping", "accept: {rule: LS-S3-310}\n", "1:9: error: accept is not a list"},
        Refusal{"UnknownRule", "accept:\n  - rule: LS-S3-399\n    reason: x\n",
                "2:11: error: unknown rule 'LS-S3-399'"},
        Refusal{"NoRule", "accept:\n  - reason: x\n", "2:5: error: the acceptance has no rule"},
        Refusal{"NoReason", "accept:\n  - rule: LS-S3-310\n",
                "2:5: error: the acceptance has no reason\n  expected: reason: why it can stay as it is"},
        Refusal{"EmptyReason", "accept:\n  - rule: LS-S3-310\n    reason: '  '\n",
                "3:13: error: the acceptance has no reason"},
        Refusal{"UnknownKeyOfAnAcceptance",
                "accept:\n  - rule: LS-S3-310\n    reason: x\n    until: 2027-03-01\n",
                "4:5: error: unknown key 'until'"},
        Refusal{"NoSuchDay", "accept:\n  - rule: LS-S3-310\n    reason: x\n    expires: 2027-02-29\n",
                "4:14: error: expires is '2027-02-29'\n  expected: a day that the calendar has"},
        Refusal{"NoDay", "accept:\n  - rule: LS-S3-310\n    reason: x\n    expires: next spring\n",
                "4:14: error: expires is 'next spring'\n  expected: a day such as 2027-03-01"},
        Refusal{"EmptyPath", "accept:\n  - rule: LS-S3-310\n    reason: x\n    paths: ['']\n",
                "4:13: error: an empty path"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(PolicyFile, IsTheNearestUpToTheRootOfTheRepository) {
  const FileTree tree{{"repo/.git/HEAD", ""},        {"repo/.lockstorm.yaml", "jobs: 1\n"},
                      {"repo/live/app/main.tf", ""}, {"repo/team/.lockstorm.yaml", "jobs: 3\n"},
                      {"repo/team/db/main.tf", ""},  {".lockstorm.yaml", "jobs: 6\n"},
                      {"other/main.tf", ""},         {"misnamed/.lockstorm.yml", "jobs: 6\n"}};
  const auto jobs_for = [&](const char* path) -> int {
    const auto file = find_policy(tree.root() / path);
    return file && *file ? read_policy(**file)->jobs.value_or(0) : 0;
  };
  EXPECT_EQ(jobs_for("repo"), 1);
  EXPECT_EQ(jobs_for("repo/live/app"), 1);
  EXPECT_EQ(jobs_for("repo/live/app/main.tf"), 1);
  EXPECT_EQ(jobs_for("repo/team/db"), 3);
  EXPECT_EQ(jobs_for("other"), 0) << "outside of a repository nothing above is known to belong to it";
  const auto misnamed = find_policy(tree.root() / "misnamed");
  ASSERT_FALSE(misnamed);
  EXPECT_THAT(misnamed.error().where.file, EndsWith("misnamed/.lockstorm.yml"));
}

// The published schema and the reader know the same keys.
TEST(PolicySchema, HasTheKeysOfTheReader) {
  std::ifstream file(LOCKSTORM_SOURCE "/docs/schema/lockstorm-policy.schema.json");
  const auto schema = nlohmann::json::parse(file);
  const auto names = [](const nlohmann::json& properties) {
    std::set<std::string> all;
    for (const auto& [name, value] : properties.items()) all.insert(name);
    return all;
  };
  const auto keys = [](std::span<const YamlKey> declared) {
    std::set<std::string> all;
    for (const YamlKey& key : declared) all.emplace(key.name);
    return all;
  };
  EXPECT_EQ(names(schema.at("properties")), keys(policy_keys()));
  EXPECT_EQ(names(schema.at("properties").at("accept").at("items").at("properties")),
            keys(acceptance_keys()));
}

}  // namespace
}  // namespace lockstorm::scenarios
