// The modelled pg client sends the statements that the real one was recorded to send, in order.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "models/backends/pg.hpp"
#include "scenarios/anatomy.hpp"
#include "tests/backends/store_world.hpp"
#include "tests/transcript.hpp"

namespace lockstorm {
namespace {

using scenarios::AnatomyCall;
using scenarios::AnatomyRun;

// In the words of the model; empty: a statement that only sets up schema and table.
std::string said_by_model(const std::string& sql) {
  if (sql.find("information_schema") != std::string::npos || sql.starts_with("CREATE ")) return "";
  if (sql.starts_with("SELECT name")) return "SELECT name";
  if (sql.starts_with("SELECT states.id")) return "SELECT id, try_lock(id), try_lock(creation)";
  if (sql.starts_with("SELECT pg_try_advisory_lock(-1)")) return "SELECT try_lock(creation)";
  if (sql.starts_with("SELECT pg_advisory_unlock(-1)")) return "SELECT unlock(creation)";
  if (sql.starts_with("SELECT pg_advisory_unlock(")) return "SELECT unlock(id)";
  if (sql.starts_with("SELECT data")) return "SELECT data";
  if (sql.starts_with("INSERT INTO")) return "INSERT ON CONFLICT UPDATE";
  return "unknown: " + sql;
}

// What each server session got; Terraform has one a command.
std::map<std::string, std::vector<std::string>> recorded_sessions() {
  std::map<std::string, std::vector<std::string>> sessions;
  for (const nlohmann::json& line : transcript_lines("client-terraform-1.11.4-pg.jsonl")) {
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
  std::map<std::string, std::vector<std::string>> sessions = recorded_sessions();
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
  std::vector<std::string> expected{"SELECT name"};  // StateMgr
  std::ranges::copy(sent(run("Lock while another client holds it")), std::back_inserter(expected));
  for (const char* session : {"s5", "s10", "s12"}) EXPECT_EQ(expected, sessions[session]) << session;
}

// -lock-timeout: refused at 0 s and 1 s, granted at 3 s.
TEST_F(RecordedPg, Wait) {
  const std::vector<std::string> refusal = sent(run("Lock while another client holds it"));
  const std::vector<std::string> apply = sent(run("apply"));
  std::vector<std::string> expected{"SELECT name"};
  for (int i = 0; i < 2; ++i) std::ranges::copy(refusal, std::back_inserter(expected));
  std::copy(apply.begin() + 1, apply.end(), std::back_inserter(expected));
  EXPECT_EQ(expected, sessions["s8"]);
}

// force-unlock of a live holder's lock: the manager is made, and that is all.
TEST_F(RecordedPg, ForceUnlockSendsNothing) {
  const models::PgBackend backend({}, sim::ServiceRef<models::Postgres>{0});
  models::Postgres server;
  server.initial_state = earlier_state();
  const auto operations =
      operations_in_turn(server, {[&](sim::Process& self) {
                           backend.open(self);
                           const models::LockId shown{sim::Who::process(7), 0};
                           EXPECT_EQ(backend.unlock(self, shown).status, models::Done::ok);
                         }});
  EXPECT_EQ(operations, std::vector<std::string>{"SELECT name"});
  EXPECT_EQ(sessions["s11"], std::vector<std::string>{"SELECT name"});
}

}  // namespace
}  // namespace lockstorm
