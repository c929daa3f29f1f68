#include "wire/confirm/real_postgres.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "models/services/pg_catalog.hpp"
#include "models/services/postgres.hpp"
#include "wire/net/pg_exchange.hpp"
#include "wire/services/postgres_codec.hpp"
#include "wire/services/postgres_sql.hpp"

namespace lockstorm::wire::confirm {
namespace {

using SqlKind = SqlCall::Kind;

constexpr std::chrono::seconds kLongestSqlAnswer{60};
// Until the server has done away with a session that has ended.
constexpr std::chrono::seconds kLongestEnding{5};

PgError ended_for_client() { return {"57P01", "terminating connection due to administrator command", true}; }

class RealPostgresServer final : public ModelServer, public PgSide {
 public:
  explicit RealPostgresServer(const RealPostgres& real) : real_(real), admin_(connection()) {}
  RealPostgresServer(const RealPostgresServer&) = delete;
  RealPostgresServer& operator=(const RealPostgresServer&) = delete;
  ~RealPostgresServer() override {
    sessions_.clear();
    pool_.clear();
    if (!admin_.is_open()) return;
    (void)admin_.run("DROP SCHEMA IF EXISTS \"" + real_.schema + "\" CASCADE");
    if (is_sequence_ours())
      (void)admin_.run("DROP SEQUENCE public.global_states_id_seq");  // if nobody uses it
    admin_.close();
  }

  std::expected<void, std::string> open() {
    if (const auto ready = admin_.connect(); !ready) return std::unexpected(ready.error().message);
    if (const auto made = keep_sequence(); !made) return std::unexpected(made.error().message);
    for (unsigned i = 0; i < real_.pooled_sessions; ++i) {
      pool_.push_back(connection());
      if (const auto ready = pool_.back().connect(); !ready) return std::unexpected(ready.error().message);
    }
    return {};
  }

  [[nodiscard]] std::string_view service() const override { return models::Postgres::kName; }
  [[nodiscard]] std::string_view second_service() const override { return models::PgCatalog::kName; }
  // Nothing is missing once `init` has run.
  [[nodiscard]] std::expected<RequestName, std::string> name(const HttpRequest& request) const override {
    return name_of_statement(request, true);
  }
  HttpAnswer handle(const HttpRequest& request) override;
  [[nodiscard]] HttpAnswer refuse(const HttpRequest& /*request*/, sim::Refusal /*kind*/) const override {
    return answer_of(PgError{"53200", "out of memory"});
  }
  [[nodiscard]] unsigned model_status(const HttpRequest& request, const HttpAnswer& answer) const override {
    return status_of_statement(request, answer);
  }
  [[nodiscard]] std::optional<StateText> brings(const HttpRequest& request,
                                                const HttpAnswer& answer) const override {
    return state_in_rows(request, answer);
  }
  [[nodiscard]] std::string model_words(const HttpRequest& request, const HttpAnswer& answer) const override {
    return words_of_statement(request, answer);
  }
  [[nodiscard]] std::string in_short(const HttpRequest& request, const HttpAnswer& answer) const override {
    return rows_in_short(request, answer);
  }
  PgSide* sessions() override { return this; }
  void clear() override { (void)admin_.run("DELETE FROM " + table()); }
  [[nodiscard]] nlohmann::ordered_json holds() const override;

  std::expected<std::uint32_t, PgError> begin() override;
  void end(std::uint32_t session) override;
  void lose(std::uint32_t session) override;
  [[nodiscard]] std::expected<PgDescription, PgError> describe(const std::string& sql) const override {
    const auto call = parse_sql(sql);
    if (!call) return std::unexpected(call.error());
    return description_of(*call);
  }

 private:
  struct Session {
    std::optional<PgClient> client{};  ///< none behind a pooler
    std::string pid{};
    bool is_lost = false;
  };

  PgClient connection() { return {loop_, real_.target, kLongestSqlAnswer}; }
  static std::string field(const PgClient::Result& result) {
    const bool is_there = result && !result->rows.empty() && !result->rows.front().empty();
    return is_there ? result->rows.front().front().value_or("") : "";
  }
  // The tool makes the sequence where it is missing, outside of our schema. Who has made it, is said, for
  // others like us who come and go; a table that uses it keeps them from taking it away.
  PgClient::Result keep_sequence() {
    constexpr unsigned kTries = 5;
    const std::string schema = "\"" + real_.schema + "\"";
    auto made = admin_.run("CREATE SCHEMA " + schema);
    for (unsigned i = 0; made && i < kTries; ++i) {
      if (field(admin_.run("SELECT to_regclass('public.global_states_id_seq')")).empty())
        (void)admin_.run(
            "CREATE SEQUENCE public.global_states_id_seq AS bigint; "
            "COMMENT ON SEQUENCE public.global_states_id_seq IS 'lockstorm confirm'",
            {}, PgTrip::simple);
      auto kept = admin_.run("CREATE TABLE " + schema +
                             ".keeps (id bigint DEFAULT nextval('public.global_states_id_seq'))");
      if (kept || i + 1 == kTries) return kept;
    }
    return made;
  }
  bool is_sequence_ours() {
    return field(admin_.run(
               "SELECT obj_description(to_regclass('public.global_states_id_seq'), 'pg_class')")) ==
           "lockstorm confirm";
  }
  [[nodiscard]] std::string table() const { return "\"" + real_.schema + "\".states"; }
  // Which of the database's sessions has which key.
  [[nodiscard]] std::multimap<std::string, std::string> locks() const {
    std::multimap<std::string, std::string> held;
    const auto result = admin_.run(
        "SELECT pid, (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND "
        "database = (SELECT oid FROM pg_database WHERE datname = current_database())");
    if (!result) return held;
    for (const auto& row : result->rows) held.emplace(row[0].value_or(""), row[1].value_or(""));
    return held;
  }
  void wait_for_end(const std::string& pid) {
    loop_.run_until(
        [&] { return field(admin_.run("SELECT pid FROM pg_stat_activity WHERE pid = " + pid)).empty(); },
        kLongestEnding);
  }
  void notice(unsigned alternative);
  PgClient::Result run_pooled(const PgStatement& statement, unsigned alternative);
  PgClient::Result terminate(const SqlCall& call);

  mutable Loop loop_;  // its own: whoever asks waits
  RealPostgres real_;
  mutable PgClient admin_;
  std::vector<PgClient> pool_;
  std::map<std::uint32_t, Session> sessions_;
  std::uint32_t sessions_so_far_ = 0;
};

HttpAnswer RealPostgresServer::handle(const HttpRequest& request) {
  const auto statement = statement_of(request);
  const auto session = statement ? sessions_.find(statement->session) : sessions_.end();
  if (session == sessions_.end()) return answer_of(ended_for_client());
  const auto call = parse_sql(statement->sql);
  const bool wants_lock = call && (call->kind == SqlKind::try_locks || call->kind == SqlKind::try_lock);
  const unsigned alternative = chosen();
  if (wants_lock && pool_.empty()) notice(alternative);
  const auto result = [&]() -> PgClient::Result {
    if (call && call->kind == SqlKind::terminate_backend) return terminate(*call);
    if (!pool_.empty()) return run_pooled(*statement, alternative);
    if (!session->second.client->is_open()) return std::unexpected(ended_for_client());
    return session->second.client->run(statement->sql, statement->parameters);
  }();
  return result ? answer_of(*result) : answer_of(result.error());
}

// What models::Postgres::alternatives leaves open: 0: every lost session is noticed; then, if one has a lock,
// that it is not; last, that the server ends the holder's session itself.
void RealPostgresServer::notice(unsigned alternative) {
  const auto held = locks();
  const bool lost_one_holds = std::ranges::any_of(
      sessions_, [&](const auto& one) { return one.second.is_lost && held.contains(one.second.pid); });
  std::vector<std::uint32_t> over;
  for (const auto& [number, session] : sessions_) {
    if (alternative == 0 && session.is_lost) over.push_back(number);
  }
  for (const std::uint32_t number : over) end(number);
  if (alternative <= (lost_one_holds ? 1U : 0U)) return;
  for (const auto& [number, session] : sessions_) {
    if (!held.contains(session.pid)) continue;
    (void)admin_.run("SELECT pg_terminate_backend(" + session.pid + ")");
    wait_for_end(session.pid);
  }
}

// As models::Postgres::route has it: the session of the Bind counts first, then that of the Parse.
PgClient::Result RealPostgresServer::run_pooled(const PgStatement& statement, unsigned alternative) {
  PgClient& bound_on = pool_[alternative % pool_.size()];
  PgClient& prepared_on = pool_[alternative / pool_.size() % pool_.size()];
  if (!statement.is_two_round_trips) return bound_on.run(statement.sql, {}, PgTrip::simple);
  if (const auto prepared = prepared_on.run(statement.sql, {}, PgTrip::prepare); !prepared) return prepared;
  return bound_on.run(statement.sql, statement.parameters, PgTrip::bind);
}

PgClient::Result RealPostgresServer::terminate(const SqlCall& call) {
  const auto key = bigint_of(call.key, {});
  const auto other = key ? sessions_.find(static_cast<std::uint32_t>(*key)) : sessions_.end();
  if (other == sessions_.end()) return std::unexpected(PgError{"22023", "there is no such session"});
  auto result = admin_.run("SELECT pg_terminate_backend(" + other->second.pid + ")");
  wait_for_end(other->second.pid);
  return result;
}

nlohmann::ordered_json RealPostgresServer::holds() const {
  nlohmann::ordered_json all = nlohmann::ordered_json::object();
  const auto rows = admin_.run("SELECT name, data, id FROM " + table());
  if (!rows) return all;
  std::map<std::string, std::string> places;  // by the row's id
  for (const auto& row : rows->rows) {
    const std::string place = real_.schema + ".states/" + row[0].value_or("");
    all[place] = held(row[1].value_or(""), "");
    places[row[2].value_or("")] = place;
  }
  for (const auto& [pid, key] : locks()) {
    const auto owner =
        std::ranges::find_if(sessions_, [&](const auto& one) { return one.second.pid == pid; });
    if (owner == sessions_.end() && pool_.empty()) continue;  // somebody else's
    const auto place = places.find(key);
    nlohmann::ordered_json& held_here =
        all[place == places.end() ? real_.schema + ".states/default" : place->second];
    const std::string holder =
        owner == sessions_.end() ? "a session of the pooler" : session_name(owner->first);
    held_here["lock"] = {{"ID", holder}, {"Operation", "advisory lock " + key}, {"Who", holder}};
    if (owner != sessions_.end()) held_here["lock"]["unlock_with"] = std::to_string(owner->first);
  }
  return all;
}

std::expected<std::uint32_t, PgError> RealPostgresServer::begin() {
  Session session;
  if (pool_.empty()) {
    session.client.emplace(connection());
    if (const auto ready = session.client->connect(); !ready) return std::unexpected(ready.error());
    session.pid = field(session.client->run("SELECT pg_backend_pid()"));
  }
  sessions_.emplace(++sessions_so_far_, std::move(session));
  return sessions_so_far_;
}

void RealPostgresServer::end(std::uint32_t session) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  const std::string pid = found->second.pid;
  sessions_.erase(found);
  if (!pid.empty()) wait_for_end(pid);
}

void RealPostgresServer::lose(std::uint32_t session) {
  if (const auto found = sessions_.find(session); found != sessions_.end()) found->second.is_lost = true;
}

}  // namespace

std::expected<std::unique_ptr<ModelServer>, std::string> real_postgres(const RealPostgres& real) {
  auto server = std::make_unique<RealPostgresServer>(real);
  if (auto opened = server->open(); !opened) return std::unexpected(opened.error());
  return server;
}

}  // namespace lockstorm::wire::confirm
