// Which jobs of a pipeline meet at a state, as what, and what may befall them.
#include "scenarios/pipeline/job_worlds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/pipeline/repository.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

using testing::HasSubstr;

std::string job_of_file(const std::string& on, const std::string& more, const std::string& steps) {
  return "name: w\non: " + on + "\njobs:\n  tf:\n    runs-on: ubuntu-latest\n" + more + "    steps:\n" +
         steps;
}

const std::string kOnPush = "{push: {branches: [main]}}";
const std::string kOnSchedule = "{schedule: [{cron: '0 3 * * *'}]}";
const std::string kInGroup = "    concurrency: {group: prod, queue: max}\n";
const std::string kPlainApply = "      - run: terraform apply -auto-approve\n";

class JobWorldsOf : public testing::Test {
 protected:
  JobWorldsOf() {
    repository_.write("main.tf",
                      "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n"
                      "    use_lockfile = true\n  }\n}\n");
  }
  void write(const std::string& name, const std::string& text) const {
    repository_.write(".github/workflows/" + name + ".yml", text);
  }
  [[nodiscard]] JobWorlds worlds() const {
    pipeline_ = repository_.read();
    const std::array paths{pipeline_.root};
    inventory_ = take_inventory(paths, {});
    return job_worlds(pipeline_, inventory_);
  }
  // "plan beside apply, ...", each with the names of its configurations' troubles.
  [[nodiscard]] std::string text() const {
    std::string text;
    for (const JobWorld& world : worlds().worlds) {
      const auto& jobs = world.meetings.front().jobs;
      text += (text.empty() ? "" : "; ") + commands_text(jobs[0].client) + " beside " +
              commands_text(jobs[1].client);
    }
    return text;
  }

  Repository repository_;
  mutable Pipeline pipeline_;
  mutable Inventory inventory_;
};

TEST_F(JobWorldsOf, AreOfJobsOfDifferentKinds) {
  write("apply", job_of_file(kOnPush, kInGroup, kPlainApply));
  EXPECT_EQ(text(), "") << "one job, in a group";
  write("drift", job_of_file(kOnSchedule, "", "      - run: terraform plan\n"));
  EXPECT_EQ(text(), "apply beside plan");
  write("drift", job_of_file(kOnSchedule, kInGroup, "      - run: terraform plan\n"));
  EXPECT_EQ(text(), "") << "both in the group";
}

TEST_F(JobWorldsOf, TwoPlainAppliesAreForTheAuditOfTheSetUp) {
  write("apply", job_of_file(kOnPush, "", kPlainApply));
  EXPECT_EQ(text(), "");
  write("apply",
        job_of_file(kOnPush, "", "      - run: terraform plan -out=p\n      - run: terraform apply p\n"));
  EXPECT_EQ(text(), "plan -out, then apply PLANFILE beside plan -out, then apply PLANFILE");
}

TEST_F(JobWorldsOf, HaveTheFlagsAndTheToolOfEach) {
  write("apply", job_of_file(kOnPush, "", kPlainApply));
  write("other", job_of_file(kOnSchedule, "", "      - run: tofu destroy -auto-approve -lock-timeout=5m\n"));
  const JobWorlds found = worlds();
  const auto mixed = std::ranges::find_if(found.worlds, [](const JobWorld& world) {
    return world.meetings.front().jobs[0].job != world.meetings.front().jobs[1].job;
  });
  ASSERT_NE(mixed, found.worlds.end());
  for (const JobFleet& job : mixed->meetings.front().jobs) {
    const bool destroys = job.client.commands.front() == models::Command::destroy;
    EXPECT_EQ(job.client.tool, destroys ? models::Dialect::opentofu : models::Dialect::terraform);
    EXPECT_EQ(job.client.lock_timeout, std::chrono::minutes(destroys ? 5 : 0));
  }
}

TEST_F(JobWorldsOf, OnlyWhoHearsNothingIsKilled) {
  write("apply", job_of_file(kOnPush, "", kPlainApply));
  write("other", job_of_file(kOnSchedule, "", "      - run: exec terraform import a b\n"));
  const JobWorlds found = worlds();
  bool is_killed = false;
  bool is_interrupted = false;
  for (const JobWorld& world : found.worlds) {
    if (world.meetings.front().jobs[0].job == world.meetings.front().jobs[1].job) continue;
    for (const Scenario& scenario : world.scenarios) {
      EXPECT_EQ(objection_to(scenario), std::nullopt) << scenario.name;
      for (const Fleet& fleet : scenario.fleets) {
        const bool imports = fleet.client.commands.front() == models::Command::import;
        if (scenario.faults[sim::Fault::crash] > 0) {
          is_killed = true;
          EXPECT_EQ(fleet.client.spared, imports) << scenario.name;
        }
        if (scenario.faults[sim::Fault::interrupt] > 1) {
          is_interrupted = true;
          EXPECT_EQ(fleet.client.spared, !imports) << scenario.name;
        }
      }
    }
  }
  EXPECT_TRUE(is_killed);
  EXPECT_TRUE(is_interrupted);
}

TEST_F(JobWorldsOf, AnUnlockStepStandsBesideTwoApplies) {
  write("apply",
        job_of_file(kOnPush, "",
                    kPlainApply +
                        "      - if: always()\n        run: terraform force-unlock -force $(terraform "
                        "plan 2>&1 | grep ID)\n"));
  const JobWorlds found = worlds();
  ASSERT_EQ(found.worlds.size(), 1U);
  const JobMeeting& meeting = found.worlds.front().meetings.front();
  ASSERT_TRUE(meeting.unlock);
  EXPECT_EQ(meeting.unlock->target, models::UnlockTarget::any);
  EXPECT_THAT(meeting.causes.back().what, HasSubstr("force-unlock"));
  EXPECT_TRUE(std::ranges::any_of(found.worlds.front().scenarios, [](const Scenario& scenario) {
    return scenario.force_unlock.target == models::UnlockTarget::any &&
           scenario.force_unlock.force_unlock == 1;
  }));
}

TEST_F(JobWorldsOf, PairsThatComeToTheSameAreOneWorld) {
  write("apply", job_of_file(kOnPush, kInGroup, kPlainApply));
  for (const char* name : {"a", "b", "c"})
    write(name, job_of_file(kOnSchedule, "", "      - run: terraform plan\n"));
  const JobWorlds found = worlds();
  ASSERT_EQ(found.worlds.size(), 1U);
  EXPECT_EQ(found.worlds.front().meetings.size(), 3U);
}

}  // namespace
}  // namespace lockstorm::scenarios::pipeline
