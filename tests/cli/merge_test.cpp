// `lockstorm merge`: only the parts of one campaign, whole and as they were made, come to an answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

using nlohmann::ordered_json;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kQuiet = "backend: {type: s3, use_lockfile: true}\nclient: {count: 2}\n";
constexpr const char* kLoud = "backend: {type: s3}\nclient: {count: 2}\n";

// A directory with a scenario and the parts of campaigns on it.
class Merge : public testing::Test {
 protected:
  void SetUp() override {
    directory_.write("quiet.yaml", kQuiet);
    directory_.write("loud.yaml", kLoud);
  }

  // Makes a part and says where it is.
  std::string part(const std::string& shard, const std::string& options = "--runs 320",
                   const std::string& scenario = "quiet.yaml") {
    const std::string file = directory_.file(std::to_string(++made_) + ".json");
    const CommandResult made = lockstorm("hunt " + directory_.file(scenario) + " --shard " + shard + " " +
                                         options + " --json " + file);
    EXPECT_TRUE(made.status == 0 || made.status == 1) << made.out;
    return file;
  }
  // The part with something changed.
  std::string edited(const std::string& file, const std::string& path, const ordered_json& value) {
    auto json = ordered_json::parse(file_text(file));
    json[ordered_json::json_pointer(path)] = value;
    return written(json.dump());
  }
  std::string written(const std::string& text) {
    const std::string name = std::to_string(++made_) + ".json";
    directory_.write(name, text);
    return directory_.file(name);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return directory_.file(name); }

  static void refused(const std::string& files, const std::string& why) {
    const CommandResult merged = lockstorm("merge " + files);
    EXPECT_EQ(merged.status, 65) << merged.out;
    EXPECT_THAT(merged.out, HasSubstr(why));
    EXPECT_THAT(merged.out, Not(HasSubstr("internal error")));
  }

 private:
  TemporaryDirectory directory_;
  int made_ = 0;
};

TEST_F(Merge, AllPartsOfAFilesCampaignAreTheWholeCampaign) {
  const std::string parts = part("1/3") + " " + part("2/3") + " " + part("3/3");
  const CommandResult merged = lockstorm("merge --json " + file("merged.json") + " " + parts);
  EXPECT_EQ(merged.status, 0) << merged.out;
  EXPECT_THAT(merged.out, HasSubstr("NOTHING FOUND"));
  const CommandResult whole =
      lockstorm("hunt --runs 320 " + file("quiet.yaml") + " --json " + file("whole.json"));
  EXPECT_EQ(whole.status, 0);
  const auto joined = ordered_json::parse(file_text(file("merged.json"))).at("hunt");
  const auto made = ordered_json::parse(file_text(file("whole.json"))).at("hunt");
  for (const char* name : {"runs", "steps", "end_states", "strategies", "missed", "rule_of_three"})
    EXPECT_EQ(joined.at(name), made.at(name)) << name;
}

TEST_F(Merge, OfAnIncompleteCampaignIsUnknownInEveryFormat) {
  const std::string outputs = " --json " + file("j") + " --markdown " + file("m") + " --badge " + file("b") +
                              " --junit " + file("x") + " --sarif " + file("s");
  const CommandResult merged = lockstorm("merge" + outputs + " " + part("1/3") + " " + part("3/3"));
  EXPECT_EQ(merged.status, 2) << merged.out;
  EXPECT_THAT(merged.out, HasSubstr("1 of 3 parts are missing (2)"));
  EXPECT_THAT(merged.out, HasSubstr("UNKNOWN"));
  EXPECT_THAT(merged.out, Not(HasSubstr("NOTHING FOUND")));
  const auto json = ordered_json::parse(file_text(file("j")));
  EXPECT_EQ(json.at("verdict"), "unknown");
  for (const auto& [name, property] : json.at("properties").items())
    EXPECT_EQ(property.at("verdict"), "unknown") << name;
  EXPECT_EQ(json.at("hunt").at("joined").at("missing"), ordered_json({1}));
  EXPECT_THAT(file_text(file("m")), HasSubstr("❔ unknown"));
  EXPECT_EQ(ordered_json::parse(file_text(file("b"))).at("color"), "yellow");
  EXPECT_THAT(file_text(file("x")), HasSubstr("errors=\"9\""));
  const auto run = ordered_json::parse(file_text(file("s"))).at("runs").at(0).at("invocations").at(0);
  EXPECT_EQ(run.at("executionSuccessful"), false);
  EXPECT_FALSE(run.at("toolExecutionNotifications").empty());
}

TEST_F(Merge, OfAnIncompleteCampaignKeepsWhatItHasFound) {
  const CommandResult merged = lockstorm("merge " + part("2/3", "--runs 320", "loud.yaml"));
  EXPECT_EQ(merged.status, 1) << merged.out;
  EXPECT_THAT(merged.out, HasSubstr("mutual-exclusion"));
}

TEST_F(Merge, TakesNoPartOfAnotherCampaign) {
  const std::string first = part("1/2") + " ";
  refused(first + part("2/2", "--runs 640"), "another --runs: --runs 640 here, --runs 320 there");
  refused(first + part("2/2", "--runs 320 --depth 4"), "another --depth: 4 here, 3 there");
  refused(first + part("2/2", "--runs 320 --seed 2"), "another --seed: 2 here, 1 there");
  refused(first + part("2/2", "--runs 320 --all"), "one with --all and one without");
  refused(first + part("2/2", "--runs 320 --strategy pct:2"), "other strategies");
  refused(first + part("2/2", "--runs 320 --for 1h"), "another --for");
  refused(first + part("2/3"), "another number of parts");
  refused(first + part("2/2", "--runs 320", "loud.yaml"), "another scenario");
  refused(first + part("1/2"), "part 1 is there twice");
}

TEST_F(Merge, TakesNoPartOfAChangedScenario) {
  const std::string parts = part("1/2") + " " + part("2/2");
  shell("echo 'faults: {crash: 1}' >> " + file("quiet.yaml"));
  refused(parts, "is not the scenario that the campaign was made with");
  refused(part("1/2") + " " + parts, "another version of the scenario");
  shell("mv " + file("quiet.yaml") + " " + file("elsewhere.yaml"));
  refused(parts, "--scenario FILE says where it is now");
  shell("printf '" + std::string("backend: {type: s3, use_lockfile: true}\\nclient: {count: 2}\\n") + "' > " +
        file("elsewhere.yaml"));
  EXPECT_EQ(lockstorm("merge --scenario " + file("elsewhere.yaml") + " " + parts).status, 0);
  refused("--scenario " + file("loud.yaml") + " " + parts, "is not the scenario");
}

TEST_F(Merge, TakesNoPartThatWasEdited) {
  const std::string one = part("1/2");
  const std::string two = " " + part("2/2");
  for (const char* path : {"/hunt/runs", "/hunt/steps", "/hunt/violating_runs", "/hunt/cut_off",
                           "/hunt/undecided", "/hunt/seed", "/hunt/pct/steps", "/hunt/campaign/depth"}) {
    refused(edited(one, path, 12345) + two, "");
    refused(edited(one, path, -1) + two, "expected a whole number from 0");
    refused(edited(one, path, 1.5) + two, "expected a whole number from 0");
    refused(edited(one, path, "many") + two, "expected a whole number from 0");
    refused(edited(one, path, nullptr) + two, "expected a whole number from 0");
  }
  refused(edited(one, "/hunt/shard/count", 4'000'000'000U) + two, "from 0 to 16");
  refused(edited(one, "/hunt/shard/count", 0) + two, "2 parts or more");
  refused(edited(one, "/hunt/shard/number", 2) + two, "from 0 to 1");
  refused(edited(one, "/hunt/runs", 1'000'000) + two, "its digest does not match its content");
  refused(edited(one, "/faults_fired/crsh", 1) + two, "expected the name of a fault");
  refused(edited(one, "/lockstorm", "0.0.1") + two, "another version of lockstorm made it (0.0.1;");
  refused(edited(one, "/hunt/digest", 5) + two, "hunt.digest is 5: expected a text");
  const std::string loud = part("1/2", "--runs 320", "loud.yaml");
  refused(edited(loud, "/hunt/found", ordered_json::array()), "digest");
  refused(edited(loud, "/hunt/found/0/counterexample", 99), "the number of a counterexample");
  refused(edited(loud, "/counterexamples/0/replay", "LS1-abc"), "a whole replay string");
}

TEST_F(Merge, TakesNothingElse) {
  refused(".", "is a directory");
  refused("/dev/null", "is a device");
  refused(file("quiet.yaml"), "is no JSON");
  refused(written("[]"), "is no part of a campaign");
  refused(written("3"), "is no part of a campaign");
  refused(written(R"({"hunt": 3})"), "no part of one");
  refused(written(std::string(1'000'000, '[')), "is nested too deeply");
  refused(written("{\"hunt\": \"\xff\"}"), "is no JSON");
  refused(written(R"({"hunt": 1, "hunt": 2})"), "twice");
  shell(std::string(LOCKSTORM_BINARY) + " hunt --runs 16 " + file("quiet.yaml") + " --json " +
        file("whole.json"));
  refused(file("whole.json"), "no part of one");
}

}  // namespace
}  // namespace lockstorm::cli
