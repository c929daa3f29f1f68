// The PostgreSQL model answers as the recorded servers did (server-semantics.md 3.6).
#include "models/services/postgres.hpp"

#include <gtest/gtest.h>

#include <map>

#include "tests/services/names.hpp"
#include "tests/transcript.hpp"

namespace lockstorm::models {
namespace {

constexpr sim::Slot kChild = 2;
constexpr sim::Slot kSecondB = 3;

std::string letter(std::uint16_t flag) { return flag != 0 ? "t" : "f"; }

// The model in the place of the recorded server; says "t" and "f" as psql does.
class Server {
 public:
  explicit Server(std::uint16_t pooled_sessions = 0) {
    model_.pooled_sessions = pooled_sessions;
    value_ = model_.initial();
  }

  Postgres::Response send(sim::Slot caller, const Postgres::Request& request, unsigned session = 0) {
    return model_.apply(value_, caller, request, session).response;
  }
  // The clients recorded there take the row's lock alone.
  std::string try_row(sim::Slot caller) {
    const auto both = send(caller, Postgres::TryLocks{});
    if (both.status == Postgres::Status::no_rows) return "none";
    if (both.got_creation != 0) send(caller, Postgres::UnlockKey{.key = Postgres::Key::creation});
    return letter(both.got_row);
  }
  std::string unlock_row(sim::Slot caller) { return letter(send(caller, Postgres::UnlockKey{}).got_row); }
  void closes(sim::Slot caller) { model_.process_ended(value_, caller); }

 private:
  Postgres model_;
  Postgres::Value value_;
};

// The last column of the only row, or "none".
std::string recorded(const std::map<std::string, nlohmann::json>& lines, const std::string& step) {
  const auto line = lines.find(step);
  if (line == lines.end()) return "no such step";
  const auto& rows = line->second["result"];
  return rows.empty() ? "none" : rows[0].back().get<std::string>();
}

std::map<std::string, nlohmann::json> by_step(const std::string& file) {
  std::map<std::string, nlohmann::json> lines;
  for (const nlohmann::json& line : transcript_lines(file)) {
    if (line.contains("step")) lines.emplace(line["step"].get<std::string>(), line);
  }
  return lines;
}

TEST(PostgresTranscript, SessionsOwnAdvisoryLocks) {
  const auto lines = by_step("postgresql.jsonl");
  Server server;
  EXPECT_EQ(server.try_row(kSlotA), recorded(lines, "lock-missing-row"));
  EXPECT_EQ(letter(server.send(kSlotA, Postgres::TryCreationLock{}).got_creation),
            recorded(lines, "creation-lock-A"));
  EXPECT_EQ(letter(server.send(kSlotB, Postgres::TryCreationLock{}).got_creation),
            recorded(lines, "creation-lock-B"));
  Postgres::Upsert first;
  first.state = {.lineage = kWhoA, .writer = kWhoA, .serial = 1};
  EXPECT_EQ(server.send(kSlotA, first).status, Postgres::Status::ok);
  EXPECT_EQ(letter(server.send(kSlotA, Postgres::UnlockKey{.key = Postgres::Key::creation}).got_row),
            recorded(lines, "creation-unlock-A"));
  EXPECT_EQ(server.try_row(kSlotA), recorded(lines, "lock-A"));
  EXPECT_EQ(server.try_row(kSlotB), recorded(lines, "lock-B-held-by-A"));
  EXPECT_EQ(server.try_row(kSlotA), recorded(lines, "lock-A-reentrant"));
  EXPECT_EQ(server.unlock_row(kSlotA), recorded(lines, "unlock-A-1"));
  EXPECT_EQ(server.try_row(kSlotB), recorded(lines, "lock-B-still-held"));
  EXPECT_EQ(server.unlock_row(kSlotA), recorded(lines, "unlock-A-2"));
  EXPECT_EQ(server.unlock_row(kSlotA), recorded(lines, "unlock-A-3-not-held"));
  EXPECT_EQ(server.try_row(kSlotB), recorded(lines, "lock-B-free"));
  EXPECT_EQ(server.unlock_row(kSlotA), recorded(lines, "unlock-by-non-holder-A"));
  Postgres::Upsert second = first;
  second.state.serial = 2;
  EXPECT_EQ(server.send(kSlotA, second).status, Postgres::Status::ok) << "write-without-lock-A";
  EXPECT_EQ(server.send(kSlotB, Postgres::SelectData{}).state, second.state) << "read-after-write-B";
  EXPECT_EQ(server.send(kSlotA, Postgres::SelectLocks{}).holder, kWhoB) << "who-holds";
}

TEST(PostgresTranscript, LocksGoWithTheSessionHoweverItEnds) {
  const auto lines = by_step("postgresql.jsonl");
  Server server;
  Postgres::Upsert row;
  row.state = {.lineage = kWhoA, .writer = kWhoA, .serial = 1};
  server.send(kSlotA, row);
  EXPECT_EQ(server.try_row(kChild), "t");
  EXPECT_EQ(server.try_row(kSlotA), recorded(lines, "lock-A-while-child-holds"));
  EXPECT_EQ(server.try_row(kSlotA), recorded(lines, "lock-A-while-holder-stopped-2s"));
  server.closes(kChild);  // timing-lock-free-after-kill-9-of-client
  EXPECT_EQ(server.try_row(kSlotA), "t");
  EXPECT_EQ(server.unlock_row(kSlotA), "t");
  EXPECT_EQ(server.try_row(kSecondB), recorded(lines, "lock-B-again"));
  Postgres::TerminateBackend terminate;
  terminate.client = sim::Who::process(kSecondB);
  EXPECT_EQ(server.send(kSlotA, terminate).status, Postgres::Status::ok);
  EXPECT_EQ(server.try_row(kSlotA), recorded(lines, "lock-A-after-terminate"));
  ASSERT_EQ(lines.at("B-next-statement")["sqlstate"], "(connection lost)");
  EXPECT_EQ(server.send(kSecondB, Postgres::SelectData{}).status, Postgres::Status::fatal);
  EXPECT_EQ(server.send(kSecondB, Postgres::SelectData{.connection = 2}).status, Postgres::Status::ok);
}

// PG-5: which server session a statement lands on is the pooler's choice.
TEST(PostgresTranscript, APoolerLetsClientsShareASession) {
  const auto lines = by_step("pgbouncer-transaction-pooling.jsonl");
  ASSERT_EQ(recorded(lines, "backend-pid-A"), recorded(lines, "backend-pid-B"));
  Server server(2);
  const auto try_lock = [&](sim::Slot caller, unsigned session) {
    return letter(server.send(caller, Postgres::TryCreationLock{}, session).got_creation);
  };
  const auto unlock = [&](sim::Slot caller, unsigned session) {
    return letter(
        server.send(caller, Postgres::UnlockKey{.key = Postgres::Key::creation, .is_release = 1}, session)
            .got_row);
  };
  EXPECT_EQ(try_lock(kSlotA, 0), recorded(lines, "lock-A"));
  EXPECT_EQ(try_lock(kSlotB, 0), recorded(lines, "lock-B-while-A-holds"));
  EXPECT_EQ(unlock(kSlotA, 0), recorded(lines, "unlock-A"));
  EXPECT_EQ(unlock(kSlotB, 0), recorded(lines, "unlock-B"));
  EXPECT_EQ(try_lock(kSlotA, 0), recorded(lines, "A-begin-lock"));
  EXPECT_EQ(try_lock(kSlotB, 1), recorded(lines, "B-begin-lock-overlapping"));
  EXPECT_EQ(unlock(kSlotA, 1), recorded(lines, "A-unlock-later"));
  server.closes(kSlotA);
  server.closes(kSlotB);
  ASSERT_FALSE(lines.at("leaked-locks-after-all-clients-left")["result"].empty());
  EXPECT_EQ(server.send(kChild, Postgres::SelectLocks{}).got_creation, 1);
}

}  // namespace
}  // namespace lockstorm::models
