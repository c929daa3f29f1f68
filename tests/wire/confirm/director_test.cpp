// Scripts forced on a tool that is a shell script with curl: what fits, what is missing, what comes instead.
#include "wire/confirm/director.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/repository/file_tree.hpp"
#include "wire/confirm/stage.hpp"
#include "wire/services/http_state_server.hpp"

namespace lockstorm::wire::confirm {
namespace {

using sim::MoveKind;
using testing::ElementsAre;
using testing::HasSubstr;

// What the tool does when it applies: `lock NAME`, `get`, `post SERIAL`, `unlock NAME`. `init` does nothing.
std::string tool_that(const std::string& applies) {
  return "#!/bin/sh\nlock() { curl -sf -X LOCK -d \"{\\\"ID\\\":\\\"$1\\\"}\" $TF_HTTP_ADDRESS || exit 1; }\n"
         "unlock() { curl -sf -X UNLOCK -d \"{\\\"ID\\\":\\\"$1\\\"}\" $TF_HTTP_ADDRESS; }\n"
         "get() { curl -sf $TF_HTTP_ADDRESS > /dev/null; }\n"
         "post() { curl -sf -d \"{\\\"serial\\\":$1}\" $TF_HTTP_ADDRESS; }\n"
         "case $1 in apply) " +
         applies + ";; esac\n";
}

ScriptStep step(std::size_t actor, MoveKind kind, std::string operation, std::size_t sent,
                std::string status = "") {
  ScriptStep step;
  step.actor = actor;
  step.kind = kind;
  step.service = "http";
  step.object = operation == "GET" || operation == "POST" ? "state" : "lock";
  step.changes = kind == MoveKind::effect && operation != "GET";
  step.operation = std::move(operation);
  step.sent = sent;
  step.told = {std::move(status), false, 0};
  step.told.is_refusal = step.told.status.starts_with('4');
  return step;
}

Script script_of(std::size_t actors, std::vector<ScriptStep> steps) {
  Script script;
  for (std::size_t i = 0; i < actors; ++i)
    script.actors.push_back({"client-" + std::to_string(i + 1), false});
  for (std::size_t i = 0; i < steps.size(); ++i) {
    steps[i].number = i + 1;
    script.steps.push_back(std::move(steps[i]));
  }
  return script;
}

class DirectorTest : public testing::Test {
 protected:
  std::chrono::milliseconds longest_wait{20'000};

  Performed perform_on(const std::string& applies, Script script) {
    const scenarios::FileTree tree{{"tool", tool_that(applies)}};
    std::filesystem::permissions(tree.root() / "tool", std::filesystem::perms::owner_all);
    Performance performance{std::move(script), {}, false, tree.root() / "tool", tree.root(), {}};
    performance.options.longest_wait = longest_wait;
    for (const ScriptActor& actor : performance.script.actors) {
      Role role;
      role.name = actor.name;
      role.commands = {models::Command::apply};
      role.backend = [](const Ports& ports, const std::string&) {
        return ToolBackend{
            "  backend \"http\" {}",
            {{"TF_HTTP_ADDRESS", "http://127.0.0.1:" + std::to_string(ports.at("http")) + "/s"}}};
      };
      performance.roles.push_back(std::move(role));
    }
    std::vector<std::unique_ptr<ModelServer>> servers;
    models::HttpServerPolicy anybody_writes;
    anybody_writes.write = models::HttpServerPolicy::Write::anybody;
    servers.push_back(std::make_unique<HttpStateServer>(anybody_writes));
    auto performed = perform(performance, servers);
    EXPECT_TRUE(performed.has_value()) << (performed ? "" : performed.error());
    return performed ? *std::move(performed) : Performed{};
  }
  void SetUp() override {
    if (program_on_path("curl").empty()) GTEST_SKIP() << "curl is not installed";
  }
};

TEST_F(DirectorTest, ForcesAnOrder) {
  // The one that starts last is the first to lock.
  const Performed performed =
      perform_on("lock $6; unlock $6",
                 script_of(2, {step(0, MoveKind::send, "LOCK", 1), step(1, MoveKind::send, "LOCK", 2),
                               step(1, MoveKind::effect, "LOCK", 2, "200"),
                               step(0, MoveKind::effect, "LOCK", 1, "409 Conflict"),
                               step(0, MoveKind::deliver, "LOCK", 1, "409 Conflict"),
                               step(1, MoveKind::deliver, "LOCK", 2, "200")}));
  ASSERT_EQ(performed.direction.outcome, Outcome::confirmed) << performed.direction.difference;
  EXPECT_EQ(performed.runs[0][0].status, 1);
  EXPECT_EQ(performed.runs[1][0].status, 0);
  ASSERT_EQ(performed.at_last_step.size(), 1U);
  EXPECT_THAT(performed.at_last_step[0].lock, HasSubstr("client-2's"));
  EXPECT_EQ(performed.after[0].lock, "");
  EXPECT_TRUE(performed.all_ended);
}

TEST_F(DirectorTest, TellsAnAnswerThatTheModelDoesNotGive) {
  const Performed performed =
      perform_on("lock a", script_of(1, {step(0, MoveKind::send, "LOCK", 1),
                                         step(0, MoveKind::effect, "LOCK", 1, "409 Conflict")}));
  EXPECT_EQ(performed.direction.outcome, Outcome::not_reproduced);
  EXPECT_EQ(performed.direction.difference, "http answers 200 to LOCK lock, not 409 Conflict");
}

TEST_F(DirectorTest, TellsAWriteThatComesInstead) {
  const Performed performed = perform_on(
      "post 2",
      script_of(1, {step(0, MoveKind::send, "LOCK", 1), step(0, MoveKind::effect, "LOCK", 1, "200")}));
  EXPECT_EQ(performed.direction.outcome, Outcome::different);
  EXPECT_EQ(performed.direction.difference, "client-1 sends POST state instead of LOCK lock");
}

TEST_F(DirectorTest, TellsAProcessThatEndsEarly) {
  const Performed performed =
      perform_on("echo Error: no credentials; exit 7", script_of(1, {step(0, MoveKind::send, "LOCK", 1)}));
  EXPECT_EQ(performed.direction.outcome, Outcome::different);
  EXPECT_THAT(performed.direction.difference, HasSubstr("has ended with status 7: Error: no credentials"));
}

TEST_F(DirectorTest, TellsARequestThatNeverComes) {
  longest_wait = std::chrono::milliseconds(1500);
  const Performed performed = perform_on("sleep 3", script_of(1, {step(0, MoveKind::send, "LOCK", 1)}));
  EXPECT_EQ(performed.direction.outcome, Outcome::different);
  EXPECT_EQ(performed.direction.difference, "client-1 sends no LOCK lock within 1 s");
}

TEST_F(DirectorTest, LetsReadsPassThatTheModelDoesNotHave) {
  const Performed performed = perform_on(
      "get; lock a",
      script_of(1, {step(0, MoveKind::send, "LOCK", 1), step(0, MoveKind::effect, "LOCK", 1, "200")}));
  ASSERT_EQ(performed.direction.outcome, Outcome::confirmed) << performed.direction.difference;
  EXPECT_THAT(performed.direction.extra, ElementsAre("client-1: GET state"));
}

TEST_F(DirectorTest, DoesWithoutAReadThatTheToolDoesNotSend) {
  const Performed performed = perform_on(
      "lock a", script_of(1, {step(0, MoveKind::send, "GET", 1), step(0, MoveKind::effect, "GET", 1, "404"),
                              step(0, MoveKind::deliver, "GET", 1, "404"), step(0, MoveKind::send, "LOCK", 4),
                              step(0, MoveKind::effect, "LOCK", 4, "200")}));
  ASSERT_EQ(performed.direction.outcome, Outcome::confirmed) << performed.direction.difference;
  EXPECT_EQ(performed.direction.steps[1].kind, StepEvidence::Kind::not_sent);
}

TEST_F(DirectorTest, DoesNotDoWithoutAWrite) {
  const Performed performed = perform_on(
      "lock a",
      script_of(1, {step(0, MoveKind::send, "POST", 1), step(0, MoveKind::effect, "POST", 1, "200"),
                    step(0, MoveKind::deliver, "POST", 1, "200"), step(0, MoveKind::send, "LOCK", 4)}));
  EXPECT_EQ(performed.direction.outcome, Outcome::different);
}

TEST_F(DirectorTest, LosesAnAnswerWhoseRequestHasTakenEffect) {
  const Performed performed =
      perform_on("lock a", script_of(1, {step(0, MoveKind::send, "LOCK", 1),
                                         step(0, MoveKind::effect_lost_response, "LOCK", 1, "200"),
                                         step(0, MoveKind::deliver, "LOCK", 1)}));
  ASSERT_EQ(performed.direction.outcome, Outcome::confirmed) << performed.direction.difference;
  EXPECT_EQ(performed.runs[0][0].status, 1);  // curl has got nothing
  EXPECT_THAT(performed.after[0].lock, HasSubstr("client-1's"));
}

TEST_F(DirectorTest, LetsARequestOfADeadJobTakeEffect) {
  ScriptStep crash;
  crash.kind = MoveKind::crash;
  const Performed performed =
      perform_on("post 5", script_of(1, {step(0, MoveKind::send, "POST", 1), crash,
                                         step(0, MoveKind::stray_effect, "POST", 1, "200")}));
  ASSERT_EQ(performed.direction.outcome, Outcome::confirmed) << performed.direction.difference;
  EXPECT_EQ(performed.runs[0][0].status, -9);
  EXPECT_EQ(performed.at_last_step[0].state, "serial 5 by client-1");
}

TEST_F(DirectorTest, WakesWhoIsFrozen) {
  ScriptStep pause;
  pause.kind = MoveKind::pause;
  const Performed performed = perform_on(
      "lock a; post 2; unlock a",
      script_of(1, {step(0, MoveKind::send, "LOCK", 1), pause, step(0, MoveKind::effect, "LOCK", 1, "200")}));
  ASSERT_EQ(performed.direction.outcome, Outcome::confirmed) << performed.direction.difference;
  EXPECT_EQ(performed.at_last_step[0].state, "");
  EXPECT_EQ(performed.after[0].state, "serial 2 by client-1");
  EXPECT_EQ(performed.runs[0][0].status, 0);
}

}  // namespace
}  // namespace lockstorm::wire::confirm
