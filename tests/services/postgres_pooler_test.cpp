// Behind a pooler, a statement in two round trips meets whatever its session has prepared: each pair as it
// was recorded on a server.
#include "models/services/postgres_pooler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "checkers/tags.hpp"
#include "tests/services/names.hpp"
#include "tests/transcript.hpp"

namespace lockstorm::models {
namespace {

using Text = Postgres::Text;

constexpr std::array<std::string_view, 8> kTexts{
    "none",   "try_locks", "try_locks_with_key", "try_creation_lock", "unlock", "select_data",
    "upsert", "remove"};

Text text_named(const std::string& name) {
  return static_cast<Text>(std::ranges::find(kTexts, name) - kTexts.begin());
}

Postgres::Request request_binding(Text text) {
  const StateSnapshot state{.lineage = kWhoA, .writer = kWhoA, .serial = 2};
  switch (text) {
    case Text::none:
      break;
    case Text::try_locks:
    case Text::try_locks_with_key:
      return Postgres::TryLocks{.bound = text};
    case Text::try_creation_lock:
      return Postgres::TryCreationLock{.bound = text};
    case Text::unlock:
      return Postgres::UnlockKey{.bound = text, .key = Postgres::Key::creation};
    case Text::select_data:
      return Postgres::SelectData{.bound = text};
    case Text::upsert:
      return Postgres::Upsert{.bound = text, .state = state, .expected = {}};
    case Text::remove:
      return Postgres::DeleteRow{.bound = text};
  }
  return Postgres::SelectNames{};
}

Postgres pooler() {
  Postgres server;
  server.pooled_sessions = 2;
  server.initial_state = {.lineage = kWhoB, .writer = kWhoB, .serial = 1};
  return server;
}

void take_effect(const Postgres& server, Postgres::Value& value, sim::Slot caller,
                 const Postgres::Request& request, unsigned session) {
  const auto effect = server.apply(value, caller, request, session);
  ASSERT_FALSE(Postgres::told(request, effect.response).is_refusal);
}

unsigned locks_in(const Postgres::Value& value) {
  return (value.row.times > 0 ? 1U : 0U) + (value.creation.times > 0 ? 1U : 0U);
}

// What the client makes of what the server sent: Scan wants a row of a query, and Exec none.
Postgres::Status understood(Text bound, const nlohmann::json& line) {
  if (!line["sqlstate"].is_null()) return Postgres::Status::failed;
  if (bound == Text::remove || bound == Text::upsert) return Postgres::Status::ok;
  const bool has_row = !line["result"].empty();
  if (bound == Text::select_data) return has_row ? Postgres::Status::foreign : Postgres::Status::no_rows;
  if (bound == Text::try_locks || bound == Text::try_locks_with_key) return Postgres::Status::no_rows;
  return has_row ? Postgres::Status::ok : Postgres::Status::failed;  // `sql: no rows in result set`
}

TEST(PostgresPooler, BindsWhateverTheSessionHasPrepared) {
  unsigned pairs = 0;
  for (const nlohmann::json& line : transcript_lines("postgresql-bind-other.jsonl")) {
    if (line["kind"] != "sql") continue;
    // The set-up is no statement of this service.
    if (line["bound"] == "schemata" || line["prepared"] == "schemata") continue;
    SCOPED_TRACE(line["bound"].get<std::string>() + " finds " + line["prepared"].get<std::string>());
    const Postgres server = pooler();
    Postgres::Value value = server.initial();
    value.prepared[1] = text_named(line["prepared"]);
    const Text bound = text_named(line["bound"]);
    // Prepared on the first session, bound on the second.
    const auto effect = server.apply(value, kSlotA, request_binding(bound), 1);
    EXPECT_EQ(server.route(request_binding(bound), 1).prepared_on, 1);
    EXPECT_EQ(server.route(request_binding(bound), 1).session, 2);
    EXPECT_EQ(effect.response.status, understood(bound, line));
    EXPECT_EQ(value.state.exists(), line["row_is_there"].get<bool>());
    EXPECT_EQ(locks_in(value), line["advisory_locks"].get<unsigned>());
    EXPECT_EQ((effect.tags & checkers::kDeletesState) != 0, !line["row_is_there"].get<bool>());
    ++pairs;
  }
  EXPECT_EQ(pairs, 7U * 6U + 7U);
}

TEST(PostgresPooler, BothRoundTripsOnOneSessionAreOneStatement) {
  const Postgres server = pooler();
  Postgres::Value value = server.initial();
  const Postgres::Request request = request_binding(Text::select_data);
  value.prepared[1] = Text::upsert;
  ASSERT_EQ(server.alternatives(value, request), 4U);  // two sessions for each of two round trips
  const auto effect = server.apply(value, kSlotA, request, 3);
  EXPECT_EQ(effect.response.status, Postgres::Status::ok);
  EXPECT_EQ(effect.response.state, server.initial_state);
  EXPECT_EQ(server.route(request, 3).session, 2);
  EXPECT_EQ(server.route(request, 3).prepared_on, 0);
}

// Which one is called the first is decided by the first that is used.
TEST(PostgresPooler, SessionsThatNothingTellsApartAreOneChoice) {
  const Postgres server = pooler();
  Postgres::Value value = server.initial();
  const Postgres::Request bound = request_binding(Text::select_data);
  const Postgres::Request simple = Postgres::SelectNames{};
  EXPECT_EQ(server.alternatives(value, simple), 1U);
  EXPECT_EQ(server.alternatives(value, bound), 2U);  // both round trips on one session, or on two
  EXPECT_EQ(server.route(bound, 0).prepared_on, 0);
  EXPECT_EQ(server.route(bound, 1).prepared_on, 1);
  for (const Text both : {Text::upsert, Text::none}) {
    value.prepared = {both, both};
    EXPECT_EQ(server.alternatives(value, simple), 1U);
  }
  value.prepared = {Text::upsert, Text::none};
  EXPECT_EQ(server.alternatives(value, simple), 2U);
  value = server.initial();
  take_effect(server, value, kSlotA, Postgres::TryCreationLock{}, 0);
  EXPECT_EQ(server.alternatives(value, simple), 2U);
}

// Equal texts are one statement, whoever has prepared it: the parameters are the binder's.
TEST(PostgresPooler, AnothersEqualTextIsAsGood) {
  const Postgres server = pooler();
  Postgres::Value value = server.initial();
  value.prepared[1] = Text::upsert;
  const auto effect = server.apply(value, kSlotA, request_binding(Text::upsert), 1);
  EXPECT_EQ(effect.response.status, Postgres::Status::ok);
  EXPECT_EQ(value.state.serial, 2);
}

TEST(PostgresPooler, ASimpleQueryClearsWhatWasPrepared) {
  const Postgres server = pooler();
  Postgres::Value value = server.initial();
  take_effect(server, value, kSlotA, request_binding(Text::select_data), 0);
  take_effect(server, value, kSlotB, Postgres::SelectNames{}, 1);
  EXPECT_EQ(value.prepared[0], Text::select_data);
  take_effect(server, value, kSlotB, Postgres::SelectNames{}, 0);
  EXPECT_EQ(value.prepared[0], Text::none);
  const auto effect = server.apply(value, kSlotA, request_binding(Text::select_data), 2);
  EXPECT_EQ(effect.response.status, Postgres::Status::failed);
  EXPECT_EQ(Postgres::told(request_binding(Text::select_data), effect.response).status,
            "error: unnamed prepared statement does not exist");
}

// What makes two violations one mechanism does not name the session.
TEST(PostgresPooler, SaysWhichSessionItWas) {
  const Postgres server = pooler();
  const Postgres::Request names = Postgres::SelectNames{};
  EXPECT_EQ(server.route(names, 0).session, 1);
  EXPECT_EQ(server.route(names, 1).session, 2);
  EXPECT_EQ(Postgres{}.route(names, 0).session, 0);
  EXPECT_EQ(server.route(Postgres::SelectLocks{}, 0).session, 0);  // an administrator's own
}

}  // namespace
}  // namespace lockstorm::models
