// The model of PostgreSQL behind its protocol (backend-protocols.md 3.8, 4.7).
#include "wire/services/postgres_server.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "test_paths.hpp"
#include "wire/net/server.hpp"
#include "wire/record/recording.hpp"
#include "wire/services/pg_client.hpp"

namespace lockstorm::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPgState =
    R"({"version":4,"serial":7,"lineage":"l-1","outputs":{"p":"hunter2"},"resources":[]})";
constexpr const char* kTryLocks =
    "SELECT states.id, pg_try_advisory_lock(states.id), pg_try_advisory_lock(-1) FROM "
    "\"terraform_remote_state\".states WHERE states.name = $1";
constexpr const char* kUpsert =
    "INSERT INTO \"terraform_remote_state\".states (name, data) VALUES ($1, $2)\n ON CONFLICT (name) DO "
    "UPDATE "
    "SET data = $2 WHERE states.name = $1";
constexpr const char* kSelectData = "SELECT data FROM \"terraform_remote_state\".states WHERE name = $1";

// Statements to the server as its sessions send them.
struct Sql {
  PostgresServer server;

  explicit Sql(std::uint16_t pooled = 0, std::uint16_t losses = 0) : server(pooled, losses) {
    const std::uint32_t session = *server.begin();
    run(session, "create schema if not exists terraform_remote_state");
    run(session, "CREATE SEQUENCE IF NOT EXISTS public.global_states_id_seq AS bigint");
    run(session,
        "CREATE TABLE IF NOT EXISTS \"terraform_remote_state\".states ( id bigint NOT NULL DEFAULT "
        "nextval('public.global_states_id_seq') PRIMARY KEY, name text UNIQUE, data text )");
    run(session,
        "CREATE UNIQUE INDEX IF NOT EXISTS states_by_name ON \"terraform_remote_state\".states (name);");
    server.end(session);
  }

  static HttpRequest request(std::uint32_t session, const std::string& sql,
                             std::vector<PgValue> parameters = {}) {
    return *request_of({session, sql, std::move(parameters), true});
  }
  std::expected<PgResult, PgError> ask(std::uint32_t session, const std::string& sql,
                                       std::vector<PgValue> parameters = {}) {
    return result_of(server.handle(request(session, sql, std::move(parameters))));
  }
  // The rows, or the error's code.
  std::string run(std::uint32_t session, const std::string& sql, std::vector<PgValue> parameters = {}) {
    const auto result = ask(session, sql, std::move(parameters));
    if (!result) return result.error().code;
    std::string text = result->tag;
    for (const auto& row : result->rows) {
      text += " |";
      for (const PgValue& value : row) text += " " + value.value_or("NULL");
    }
    return text;
  }
  std::string lock(std::uint32_t session) { return run(session, kTryLocks, {"default"}); }
  std::string write(std::uint32_t session, const std::string& data = kPgState) {
    return run(session, kUpsert, {"default", data});
  }
};

TEST(PostgresServer, KeepsWhatWasWrittenByteByByte) {
  Sql sql;
  const std::uint32_t session = *sql.server.begin();
  EXPECT_EQ(sql.run(session, kSelectData, {"default"}), "SELECT 0");
  EXPECT_EQ(sql.lock(session), "SELECT 0");
  EXPECT_EQ(sql.write(session), "INSERT 0 1");
  EXPECT_EQ(sql.run(session, kSelectData, {"default"}), std::string("SELECT 1 | ") + kPgState);
  EXPECT_EQ(sql.run(session, "SELECT data FROM terraform_remote_state.states WHERE name='default';"),
            std::string("SELECT 1 | ") + kPgState);
  EXPECT_EQ(sql.write(session, "no state"), "INSERT 0 1");
  EXPECT_EQ(sql.run(session, kSelectData, {"default"}), "SELECT 1 | no state");
  EXPECT_EQ(sql.run(session, kUpsert, {"blue", "1"}), "INSERT 0 1");
  EXPECT_EQ(sql.run(session,
                    "SELECT name FROM terraform_remote_state.states WHERE name != 'default' ORDER BY name"),
            "SELECT 1 | blue");
  EXPECT_EQ(sql.run(session, "DELETE FROM terraform_remote_state.states WHERE name = $1", {"blue"}),
            "DELETE 1");
  EXPECT_EQ(sql.run(session, "DELETE FROM terraform_remote_state.states WHERE name = $1", {"blue"}),
            "DELETE 0");
}

TEST(PostgresServer, LocksBelongToSessions) {
  Sql sql;
  const std::uint32_t first = *sql.server.begin(), second = *sql.server.begin();
  sql.write(first);
  EXPECT_EQ(sql.lock(first), "SELECT 1 | 1 t t");
  EXPECT_EQ(sql.lock(second), "SELECT 1 | 1 f f");
  EXPECT_EQ(sql.run(second, "SELECT pg_advisory_unlock(1)"), "SELECT 1 | f");
  EXPECT_EQ(sql.run(first, "SELECT pg_advisory_unlock(-1)"), "SELECT 1 | t");
  EXPECT_EQ(sql.lock(second), "SELECT 1 | 1 f t");
  EXPECT_EQ(sql.run(second, "SELECT pg_advisory_unlock(-1)"), "SELECT 1 | t");
  EXPECT_EQ(sql.run(first, "SELECT pid, objid FROM pg_locks WHERE locktype = 'advisory'"),
            "SELECT 1 | " + std::to_string(first) + " 1");
  EXPECT_EQ(sql.server.holds()["terraform_remote_state.states/default"]["lock"]["ID"], session_name(first));
  sql.server.end(first);
  EXPECT_EQ(sql.lock(second), "SELECT 1 | 1 t t");
}

TEST(PostgresServer, KeysAreOneSpaceForTheDatabase) {
  Sql sql;
  const std::uint32_t first = *sql.server.begin(), second = *sql.server.begin();
  EXPECT_EQ(sql.run(first, "SELECT pg_try_advisory_lock(-1)"), "SELECT 1 | t");
  EXPECT_EQ(sql.run(second, "SELECT pg_try_advisory_lock($1)", {"-1"}), "SELECT 1 | f");
  EXPECT_EQ(sql.run(second, "SELECT pg_try_advisory_lock($1)", {"-77"}), "SELECT 1 | t");
  EXPECT_EQ(sql.run(first, "SELECT pg_try_advisory_lock(-77)"), "SELECT 1 | f");
  EXPECT_EQ(sql.run(second, "SELECT pg_try_advisory_lock(-77)"), "SELECT 1 | t");
  EXPECT_EQ(sql.run(second, "SELECT pg_advisory_unlock(-77)"), "SELECT 1 | t");
  EXPECT_EQ(sql.run(first, "SELECT pg_try_advisory_lock(-77)"), "SELECT 1 | f");
  EXPECT_EQ(sql.run(second, "SELECT pg_advisory_unlock(-77)"), "SELECT 1 | t");
  EXPECT_EQ(sql.run(first, "SELECT pg_try_advisory_lock(-77)"), "SELECT 1 | t");
}

TEST(PostgresServer, ALostSessionIsNoticedOrNot) {
  Sql sql;
  const std::uint32_t first = *sql.server.begin(), second = *sql.server.begin();
  sql.write(first);
  sql.lock(first);
  sql.server.lose(first);
  sql.server.choose(1);
  EXPECT_EQ(sql.lock(second), "SELECT 1 | 1 f f") << "it has not noticed";
  EXPECT_EQ(sql.write(first), "INSERT 0 1") << "what was sent before takes effect";
  EXPECT_EQ(sql.lock(second), "SELECT 1 | 1 t t") << "it has noticed";
  EXPECT_EQ(sql.write(first), "57P01");
}

TEST(PostgresServer, EndsSessionsByItself) {
  Sql sql(0, 1);
  const std::uint32_t first = *sql.server.begin(), second = *sql.server.begin();
  sql.write(first);
  sql.lock(first);
  sql.server.choose(1);
  EXPECT_EQ(sql.lock(second), "SELECT 1 | 1 t t");
  EXPECT_EQ(sql.write(first), "57P01");
}

TEST(PostgresServer, AnAdministratorEndsASession) {
  Sql sql;
  const std::uint32_t first = *sql.server.begin(), second = *sql.server.begin();
  sql.write(first);
  sql.lock(first);
  EXPECT_EQ(sql.run(second, "SELECT pg_terminate_backend(" + std::to_string(first) + ")"), "SELECT 1 | t");
  EXPECT_EQ(sql.lock(second), "SELECT 1 | 1 t t");
  EXPECT_EQ(sql.run(first, kSelectData, {"default"}), "57P01");
  EXPECT_EQ(sql.run(second, "SELECT pg_terminate_backend(4711)"), "SELECT 1 | f");
}

TEST(PostgresServer, APoolerSharesItsSessions) {
  Sql sql(2);
  const std::uint32_t first = *sql.server.begin(), second = *sql.server.begin();
  sql.write(first);
  EXPECT_EQ(sql.lock(first), "SELECT 1 | 1 t t");
  EXPECT_EQ(sql.lock(second), "SELECT 1 | 1 t t") << "re-entrant";
  sql.server.choose(3);  // bound on the second session, prepared there
  EXPECT_EQ(sql.lock(second), "SELECT 1 | 1 f f");
  sql.server.choose(1);  // bound on the second session, prepared on the first
  EXPECT_EQ(sql.run(second, kUpsert, {"default", "1"}), "08P01");
}

TEST(PostgresServer, TellsWhatItDoesNotKnow) {
  Sql sql;
  const std::uint32_t session = *sql.server.begin();
  const auto error = sql.ask(session, "SELECT version()");
  ASSERT_FALSE(error);
  EXPECT_EQ(error.error().code, "0A000");
  EXPECT_THAT(error.error().message, HasSubstr("SELECT version()"));
  EXPECT_EQ(sql.run(session, "SELECT data FROM other.states WHERE name = $1", {"default"}), "42P01");
  EXPECT_EQ(sql.run(session, "SELECT pg_advisory_unlock($1)", {"one"}), "22P02");
  EXPECT_EQ(sql.run(4711, "SELECT pg_advisory_unlock(1)"), "57P01");
  EXPECT_EQ(sql.server.handle({"GET", "/", "/", {}, {}, ""}).status, 501U);
}

TEST(PostgresServer, HasOnlySoManySessions) {
  Sql sql;
  for (std::size_t i = 0; i < PostgresServer::kMostSessions; ++i) ASSERT_TRUE(sql.server.begin());
  EXPECT_EQ(sql.server.begin().error().code, "53300");
  sql.server.end(7);
  EXPECT_TRUE(sql.server.begin());
}

TEST(PostgresServer, LosesMoreConnectionsThanTheModelKnowsOf) {
  Sql sql;
  for (unsigned i = 0; i < 300; ++i) {
    const std::uint32_t session = *sql.server.begin();
    sql.write(session);
    sql.lock(session);
    sql.server.lose(session);
  }
  EXPECT_EQ(sql.lock(*sql.server.begin()), "SELECT 1 | 1 t t");
}

TEST(PostgresServer, NamesRequestsAsTheModelsDo) {
  Sql sql;
  const std::uint32_t session = *sql.server.begin();
  const auto name = sql.server.name(Sql::request(session, kUpsert, {"default", kPgState}));
  ASSERT_TRUE(name);
  EXPECT_EQ(name->operation, "INSERT ON CONFLICT UPDATE");
  EXPECT_EQ(name->object, "row");
  EXPECT_EQ(name->state->serial, 7U);
  EXPECT_TRUE(name->changes);
  const auto look = sql.server.name(Sql::request(
      session, "select count(1) from information_schema.schemata where schema_name = $1", {"x"}));
  EXPECT_EQ(look->service, "pg_catalog");
  EXPECT_FALSE(look->is_rest);
  EXPECT_TRUE(
      sql.server.name(Sql::request(session, "create schema if not exists terraform_remote_state"))->is_rest);
  EXPECT_FALSE(sql.server.name(Sql::request(session, "create schema if not exists other"))->is_rest);
}

TEST(PostgresServer, RecordingsHideStatesAndUnknownStatements) {
  Recorded recorded;
  recorded.request = Sql::request(1, kUpsert, {"default", kPgState});
  EXPECT_THAT(recorded_line(recorded), Not(HasSubstr("hunter2")));
  EXPECT_THAT(recorded_line(recorded), HasSubstr("\"serial\":7"));
  recorded.request = Sql::request(1, "CREATE USER ci PASSWORD 'hunter2'", {"hunter2"});
  recorded.answer = answer_of(PgError{"0A000", "hunter2"});
  EXPECT_THAT(recorded_line(recorded), Not(HasSubstr("hunter2")));
  recorded.request = Sql::request(1, std::string("INSERT INTO s.states (name, data) VALUES ('default', '") +
                                         kPgState + "') ON CONFLICT (name) DO UPDATE SET data = '" +
                                         kPgState + "' WHERE states.name = 'default'");
  EXPECT_THAT(recorded_line(recorded), Not(HasSubstr("hunter2")));
  recorded.request = Sql::request(1, kSelectData, {"default"});
  recorded.answer = answer_of(PgResult{.columns = {{"data"}}, .rows = {{kPgState}}, .tag = "SELECT 1"});
  EXPECT_THAT(recorded_line(recorded), Not(HasSubstr("hunter2")));
}

// The model behind a port of its own thread.
class ServedPostgres {
 public:
  explicit ServedPostgres(std::size_t longest = std::size_t{1} << 20U) {
    ServerOptions options;
    options.sessions = &model;
    options.max_body_bytes = longest;
    auto server = Server::listen(loop_, options,
                                 [this](const HttpRequest& request, const std::shared_ptr<Reply>& reply) {
                                   reply->answer(model.handle(request));
                                 });
    port = server->port();
    thread_ = std::jthread([this, server = std::move(*server)](const std::stop_token& stop) {
      loop_.run_until([&] { return stop.stop_requested(); }, std::chrono::minutes(5));
    });
  }
  ~ServedPostgres() {
    thread_.request_stop();
    thread_.join();
  }
  ServedPostgres(const ServedPostgres&) = delete;
  ServedPostgres& operator=(const ServedPostgres&) = delete;

  /// All that the server says to these bytes until it closes the connection.
  [[nodiscard]] std::string said_to(const std::string& bytes) const {
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): as sockets have it.
    if (connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return "";
    (void)!write(client, bytes.data(), bytes.size());
    std::string said;
    std::array<char, 4096> chunk{};
    for (ssize_t size = 0; (size = read(client, chunk.data(), chunk.size())) > 0;)
      said.append(chunk.data(), static_cast<std::size_t>(size));
    close(client);
    return said;
  }

  PostgresServer model;
  std::uint16_t port = 0;

 private:
  Loop loop_;
  std::jthread thread_;
};

std::string bytes_of(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

// What counts of a server's message: of columns their names, types and formats; notices and errors differ.
std::string essence(char type, const std::string& body) {
  if (type == 'E') return "E";
  if (type != 'T') return std::string(1, type) + body;
  PgReader reader(body);
  std::string columns = "T";
  for (unsigned left = reader.int16(); left > 0; --left) {
    columns += " " + reader.text();
    reader.int32();
    reader.int16();
    columns += ":" + std::to_string(reader.int32());
    reader.int16();
    reader.int32();
    columns += "/" + std::to_string(reader.int16());
  }
  return columns;
}

// Every byte that Terraform and psql have sent to a real server, to the model.
TEST(PostgresServer, AnswersRecordedClientsAsTheRealOneDid) {
  struct Recording {
    std::string client;
    std::vector<std::string> server;
  };
  std::map<int, Recording> connections;
  std::ifstream file(LOCKSTORM_TEST_DATA "/transcripts/postgresql-wire-pq-psql.jsonl");
  for (std::string line; std::getline(file, line);) {
    const auto message = nlohmann::json::parse(line);
    if (message.contains("kind")) continue;
    const std::string bytes = bytes_of(message["hex"]);
    Recording& recording = connections[message["conn"]];
    if (message["from"] == "client") recording.client += bytes;
    const bool counts = message["from"] == "server" && message["type"] != "K" && message["type"] != "N" &&
                        (message["type"] != "S" || bytes.size() < 5);
    if (counts) recording.server.push_back(essence(bytes[0], bytes.substr(5)));
  }
  ASSERT_EQ(connections.size(), 4U);
  const ServedPostgres served;
  for (auto& [number, recording] : connections) {
    std::string said = served.said_to(recording.client + PgWriter('X').done());
    std::vector<std::string> answers;
    while (true) {
      const auto message = take_message(said, 1 << 20);
      if (!message || !*message) break;
      if (const char type = (*message)->type; type != 'R' && type != 'S' && type != 'K' && type != 'N')
        answers.push_back(essence(type, (*message)->body));
    }
    EXPECT_EQ(answers, recording.server) << "connection " << number;
  }
}

TEST(PostgresServer, SaysWhatIsWrongWithAStart) {
  const ServedPostgres served(1000);
  const std::string ssl = PgWriter('\0').int32(80877103).done();
  const std::string start = PgWriter('\0').int32(3U << 16U).text("user").text("u").byte(0).done();
  EXPECT_THAT(served.said_to(PgWriter('\0').int32(2U << 16U).done()), HasSubstr("0A000"));
  EXPECT_THAT(served.said_to(PgWriter('\0').int32(3U << 16U).byte(0).done()), HasSubstr("28000"));
  EXPECT_THAT(served.said_to(std::string("\xff\xff\xff\xff nonsense")), HasSubstr("08P01"));
  EXPECT_TRUE(served.said_to(ssl + start + PgWriter('X').done()).starts_with("NR"));
  EXPECT_THAT(served.said_to(start + std::string("Q\0\1\0\0", 5)), HasSubstr("invalid message length"));
  EXPECT_THAT(served.said_to(start + PgWriter('Y').done()), HasSubstr("invalid frontend message type"));
  EXPECT_THAT(served.said_to(start + PgWriter('E').text("none").int32(0).done() + PgWriter('S').done() +
                             PgWriter('X').done()),
              HasSubstr("34000"));
}

TEST(PostgresServer, ALockEndsWithItsConnection) {
  ServedPostgres served;
  Loop loop;
  PgTarget target;
  target.port = served.port;
  target.user = "ci";
  const auto client = [&] { return PgClient(loop, target, std::chrono::seconds(10)); };
  const auto locks = [](PgClient& one) {
    const auto result = one.run("SELECT pg_try_advisory_lock(-1)");
    return result && result->rows == std::vector<std::vector<PgValue>>{{"t"}};
  };
  auto second = client();
  ASSERT_TRUE(second.connect());
  {
    auto first = client();
    ASSERT_TRUE(first.connect());
    EXPECT_TRUE(locks(first));
    EXPECT_FALSE(locks(second));
  }
  bool has_it = false;
  for (unsigned i = 0; i < 200 && !has_it; ++i) {
    has_it = locks(second);
    loop.run_until([] { return false; }, std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(has_it);
  const auto unknown = second.run("SELECT nonsense");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, "0A000");
  EXPECT_TRUE(second.run("SELECT pg_advisory_unlock(-1)")) << "an error ends no session";
}

}  // namespace
}  // namespace lockstorm::wire
