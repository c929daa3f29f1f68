// The modelled pg client sends the statements that the real one was recorded to send, in order.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "models/backends/pg.hpp"
#include "models/terraform/command.hpp"
#include "scenarios/campaigns/anatomy.hpp"
#include "tests/backends/store_world.hpp"
#include "tests/transcript.hpp"

namespace lockstorm {
namespace {

using scenarios::AnatomyCall;
using scenarios::AnatomyRun;

constexpr const char* kSetUp = "CREATE SEQUENCE, TABLE, INDEX IF NOT EXISTS";

// In the words of the model; empty: a statement that belongs to the one before, with which schema and table
// begin to be set up.
std::string said_by_model(const std::string& sql) {
  if (sql.find("information_schema") != std::string::npos) return kSetUp;
  if (sql.starts_with("CREATE ")) return "";
  if (sql.starts_with("SELECT name")) return "SELECT name";
  if (sql.starts_with("SELECT states.id")) return "SELECT id, try_lock(id), try_lock(creation)";
  if (sql.starts_with("SELECT pg_try_advisory_lock(-1)")) return "SELECT try_lock(creation)";
  if (sql.starts_with("SELECT pg_advisory_unlock(-1)")) return "SELECT unlock(creation)";
  if (sql.starts_with("SELECT pg_advisory_unlock(")) return "SELECT unlock(id)";
  if (sql.starts_with("SELECT data")) return "SELECT data";
  if (sql.starts_with("INSERT INTO")) return "INSERT ON CONFLICT UPDATE";
  return "unknown: " + sql;
}

// What each server session got; Terraform has one a command, but for `state mv` and `state rm`.
std::map<std::string, std::vector<std::string>> recorded_sessions(const std::string& file) {
  std::map<std::string, std::vector<std::string>> sessions;
  for (const nlohmann::json& line : transcript_lines(file)) {
    if (line["kind"] != "sql") continue;
    const std::string text = said_by_model(line["sql"]);
    if (!text.empty()) sessions[line["session"]].push_back(text);
  }
  return sessions;
}

std::vector<std::string> sent(const AnatomyRun& run) {
  std::vector<std::string> statements;
  for (const AnatomyCall& call : run.calls) {
    if (call.operation.empty()) continue;  // the infrastructure
    const std::string request = call.text.substr(0, call.text.find(" -> "));
    const bool stores = request.starts_with("INSERT");
    statements.push_back(stores ? request.substr(0, request.find(" (")) : request);
  }
  return statements;
}

class RecordedPg : public testing::Test {
 protected:
  const AnatomyRun& run(std::string_view name) const {
    const auto found = std::ranges::find(anatomy.front().runs, name, &AnatomyRun::name);
    if (found == anatomy.front().runs.end()) throw std::logic_error("no such run");
    return *found;
  }
  std::vector<scenarios::Anatomy> anatomy = scenarios::dissect(*scenarios::backend_type_named("pg"));
  std::map<std::string, std::vector<std::string>> sessions =
      recorded_sessions("client-terraform-1.11.4-pg.jsonl");
};

TEST_F(RecordedPg, FirstApply) { EXPECT_EQ(sent(run("first apply, no state yet")), sessions["s3"]); }

TEST_F(RecordedPg, Apply) {
  for (const char* session : {"s4", "s7", "s15"}) EXPECT_EQ(sent(run("apply")), sessions[session]) << session;
}

TEST_F(RecordedPg, KilledApplySendsTheBeginningOfOne) {
  std::vector<std::string> apply = sent(run("apply"));
  ASSERT_LT(sessions["s14"].size(), apply.size());
  apply.resize(sessions["s14"].size());
  EXPECT_EQ(apply, sessions["s14"]);
}

TEST_F(RecordedPg, Refusal) {
  std::vector<std::string> expected{kSetUp, "SELECT name"};  // Configure, StateMgr
  std::ranges::copy(sent(run("Lock while another client holds it")), std::back_inserter(expected));
  for (const char* session : {"s5", "s10", "s12"}) EXPECT_EQ(expected, sessions[session]) << session;
}

// -lock-timeout: refused at 0 s and 1 s, granted at 3 s.
TEST_F(RecordedPg, Wait) {
  const std::vector<std::string> refusal = sent(run("Lock while another client holds it"));
  const std::vector<std::string> apply = sent(run("apply"));
  std::vector<std::string> expected{kSetUp, "SELECT name"};
  for (int i = 0; i < 2; ++i) std::ranges::copy(refusal, std::back_inserter(expected));
  std::copy(apply.begin() + 2, apply.end(), std::back_inserter(expected));
  EXPECT_EQ(expected, sessions["s8"]);
}

class CommandsOfPg : public testing::Test {
 protected:
  // What takes effect at the servers, in order.
  std::vector<std::string> operations(const sim::Process::Body& body) const {
    models::Postgres server;
    server.initial_state = earlier_state();
    return operations_in_turn({sim::make_service(server), sim::make_service(models::PgCatalog{}),
                               sim::make_service(models::Cloud{1})},
                              {body});
  }
  std::vector<std::string> operations(models::Command command) const {
    models::CommandOptions options;
    options.commands = {command};
    return operations(
        [&](sim::Process& self) { run_commands(self, backend, sim::ServiceRef<models::Cloud>{2}, options); });
  }
  const models::PgBackend backend{
      {}, sim::ServiceRef<models::Postgres>{0}, sim::ServiceRef<models::PgCatalog>{1}};
};

// force-unlock of a live holder's lock: backend and manager are made, and that is all.
TEST_F(CommandsOfPg, ForceUnlockSendsNothing) {
  const auto sent = operations([&](sim::Process& self) {
    const models::LockId shown{sim::Who::process(7), 0};
    EXPECT_EQ(backend.force_unlock(self, shown).status, models::Done::ok);
  });
  EXPECT_EQ(sent, (std::vector<std::string>{"CREATE IF NOT EXISTS", "SELECT name"}));
  EXPECT_EQ(recorded_sessions("client-terraform-1.11.4-pg.jsonl")["s11"],
            (std::vector<std::string>{kSetUp, "SELECT name"}));
}

// confirm.md 2, D5: once more, over a connection of their own, between reading and writing.
TEST_F(CommandsOfPg, StateCommandsSetUpTwice) {
  const std::vector<std::string> expected{"CREATE IF NOT EXISTS",
                                          "SELECT name",
                                          "SELECT pg_try_advisory_lock",
                                          "SELECT pg_advisory_unlock",
                                          "SELECT data",
                                          "CREATE IF NOT EXISTS",
                                          "INSERT ON CONFLICT UPDATE",
                                          "SELECT pg_advisory_unlock"};
  EXPECT_EQ(operations(models::Command::state_mv), expected);
  EXPECT_EQ(operations(models::Command::state_rm), expected);

  std::vector<std::string> order;  // of whoever got what
  for (const auto& line : transcript_lines("client-terraform-1.11.4-pg-state-commands.jsonl")) {
    if (line["kind"] != "sql") continue;
    const std::string said = said_by_model(line["sql"]);
    if (!said.empty()) order.push_back(line["session"].get<std::string>() + ": " + said);
  }
  ASSERT_GE(order.size(), 8U);
  EXPECT_EQ(order[0], std::string("s1: ") + kSetUp);
  EXPECT_EQ(order[4], "s1: SELECT data");
  EXPECT_EQ(order[5], std::string("s2: ") + kSetUp);
  EXPECT_EQ(order[6], "s1: INSERT ON CONFLICT UPDATE");
  EXPECT_EQ(order[7], "s1: SELECT unlock(id)");
}

// The session with the lock is another one than that whose connection is lost.
TEST(PgCatalog, KnowsNoConnections) {
  EXPECT_FALSE(sim::make_service(models::PgCatalog{})->has_connections());
  EXPECT_TRUE(sim::make_service(models::Postgres{})->has_connections());
}

}  // namespace
}  // namespace lockstorm
