#include "wire/services/postgres_server.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

namespace lockstorm::wire {
namespace {

using models::PgCatalog;
using models::Postgres;
using Kind = SqlCall::Kind;
using Response = Postgres::Response;
using Status = Postgres::Status;
using Text = Postgres::Text;

constexpr std::int64_t kCreationKey = -1;  // Terraform's, of the whole database (1.1)

PgError ended_session() { return {"57P01", "terminating connection due to administrator command", true}; }

PgResult rows_of(const SqlCall& call, std::vector<std::vector<PgValue>> rows) {
  PgResult result{description_of(call).columns, std::move(rows)};
  result.tag = "SELECT " + std::to_string(result.rows.size());
  return result;
}

PgValue truth(unsigned value) { return value != 0 ? "t" : "f"; }

// What a client prepares in one round trip and binds in another; without parameters it is one.
Text text_of(const SqlCall& call) {
  switch (call.kind) {
    case Kind::try_locks:
      return call.key.parameter == 0 ? Text::try_locks : Text::try_locks_with_key;
    case Kind::try_lock:
      return Text::try_creation_lock;
    case Kind::unlock:
      return Text::unlock;
    case Kind::select_data:
      return Text::select_data;
    case Kind::upsert:
      return Text::upsert;
    case Kind::remove:
      return Text::remove;
    default:
      return Text::none;
  }
}

}  // namespace

// One statement: whose it is, and what it names.
struct PostgresServer::Step {
  SqlCall call;
  PgStatement statement;
  Session& session;
  Key key = 0;             ///< that it names
  Place* place = nullptr;  ///< of the row that it names; null: there is none
  std::string place_name{};
  Key row = 0;  ///< its number; 0: there was none
};

PostgresServer::PostgresServer(std::uint16_t pooled_sessions, std::uint16_t session_losses) {
  model_.pooled_sessions = pooled_sessions;
  model_.session_losses = session_losses;
  value_ = model_.initial();
}

std::expected<RequestName, std::string> PostgresServer::name(const HttpRequest& request) const {
  bool is_set_up = true;
  if (const auto statement = statement_of(request)) {
    const auto call = parse_sql(statement->sql);
    const auto session = sessions_.find(statement->session);
    is_set_up = !call || exists(*call) || (session != sessions_.end() && session->second.creates);
  }
  return name_of_statement(request, is_set_up);
}

HttpAnswer PostgresServer::handle(const HttpRequest& request) {
  const auto statement = statement_of(request);
  if (!statement) return {501, {{"Content-Type", "text/plain"}}, "no statement of SQL\n"};
  const auto session = sessions_.find(statement->session);
  if (session == sessions_.end() || is_over(session->second)) return answer_of(ended_session());
  const auto call = parse_sql(statement->sql);
  if (!call) return answer_of(call.error());
  Step step{*call, *statement, session->second};
  const Answer answer = [&]() -> Answer {
    switch (call->kind) {
      case Kind::count_schemata:
        return look(*call, *statement);
      case Kind::create_schema:
      case Kind::create_sequence:
      case Kind::create_table:
      case Kind::create_index:
        return create(*call, session->second);
      case Kind::backend_pid:
        return rows_of(*call, {{std::to_string(statement->session)}});
      case Kind::list_locks:
        return locks();
      default:
        return on_model(step);
    }
  }();
  return answer ? answer_of(*answer) : answer_of(answer.error());
}

HttpAnswer PostgresServer::refuse(const HttpRequest& /*request*/, sim::Refusal kind) const {
  if (kind == sim::Refusal::throttled) return answer_of(PgError{"53300", "too many connections"});
  return answer_of(PgError{"53200", "out of memory"});
}

bool PostgresServer::exists(const SqlCall& call) const {
  const bool creates = call.kind == Kind::create_schema || call.kind == Kind::create_sequence ||
                       call.kind == Kind::create_table || call.kind == Kind::create_index;
  if (!creates) return true;
  return created_.contains(call.kind == Kind::create_index ? call.table + " index" : call.table);
}

bool PostgresServer::is_row(Key key) const {
  return std::ranges::any_of(places_, [&](const auto& one) { return one.second.id == key; });
}

PostgresServer::Answer PostgresServer::look(const SqlCall& call, const PgStatement& statement) {
  PgCatalog::Value value;
  models::PgCatalog catalog = catalog_;
  catalog.is_pooled = model_.pooled_sessions > 0 && statement.is_two_round_trips;
  const unsigned alternative = std::min(chosen(), catalog.alternatives(value, PgCatalog::Look{}) - 1U);
  const auto effect = catalog.apply(value, 0, PgCatalog::Look{}, alternative);
  if (effect.response.status == PgCatalog::Status::failed)
    return std::unexpected(PgError{"26000", "unnamed prepared statement does not exist"});
  const bool is_there = created_.contains(value_of(call.name, statement.parameters).value_or(""));
  return rows_of(call, {{is_there ? "1" : "0"}});
}

// CREATE ... IF NOT EXISTS looks first and creates then: of two at once one may fail.
PostgresServer::Answer PostgresServer::create(const SqlCall& call, Session& session) {
  PgCatalog::Value value{exists(call) ? std::uint16_t{1} : std::uint16_t{0}};
  const unsigned alternative = std::min(chosen(), catalog_.alternatives(value, PgCatalog::Create{}) - 1U);
  const auto effect = catalog_.apply(value, 0, PgCatalog::Create{}, alternative);
  if (effect.response.status == PgCatalog::Status::duplicate_key)
    return std::unexpected(
        PgError{"23505", "duplicate key value violates unique constraint \"pg_type_typname_nsp_index\""});
  session.creates = true;
  created_.insert(call.kind == Kind::create_index ? call.table + " index" : call.table);
  PgResult result;
  result.tag = call.kind == Kind::create_schema     ? "CREATE SCHEMA"
               : call.kind == Kind::create_sequence ? "CREATE SEQUENCE"
               : call.kind == Kind::create_table    ? "CREATE TABLE"
                                                    : "CREATE INDEX";
  return result;
}

PostgresServer::Answer PostgresServer::names(const std::string& table) const {
  std::vector<std::vector<PgValue>> rows;
  const std::string prefix = row_name(table, "");
  for (const auto& [place, one] : places_) {
    if (place.starts_with(prefix) && place != prefix + "default")
      rows.push_back({place.substr(prefix.size())});
  }
  return rows_of({Kind::select_names}, std::move(rows));
}

PostgresServer::Answer PostgresServer::on_model(Step& step) {
  if (!step.call.table.empty()) {
    if (!created_.contains(step.call.table))
      return std::unexpected(PgError{"42P01", "relation \"" + step.call.table + "\" does not exist"});
    step.place_name =
        row_name(step.call.table, value_of(step.call.name, step.statement.parameters).value_or(""));
    if (step.call.kind != Kind::select_names) step.session.place = step.place_name;
    if (const auto found = places_.find(step.place_name); found != places_.end()) {
      step.place = &found->second;
      step.row = found->second.id;
    }
  }
  const auto request = request_of_model(step);
  if (!request) return std::unexpected(request.error());
  step.session.creates = false;
  const Response response = apply(step, *request);
  if (step.call.kind == Kind::select_names && response.status != Status::fatal) return names(step.call.table);
  return result(step, response);
}

std::expected<Postgres::Request, PgError> PostgresServer::request_of_model(Step& step) {
  const SqlCall& call = step.call;
  const auto& parameters = step.statement.parameters;
  if (call.key.parameter != 0 || !call.key.text.empty()) {
    const auto key = bigint_of(call.key, parameters);
    if (!key) return std::unexpected(key.error());
    step.key = *key;
  }
  const Text bound =
      model_.pooled_sessions > 0 && step.statement.is_two_round_trips ? text_of(call) : Text::none;
  const Postgres::Key creation =
      step.key == kCreationKey ? Postgres::Key::creation : Postgres::Key::creation_in_table;
  switch (call.kind) {
    case Kind::select_names:
      return Postgres::SelectNames{};
    case Kind::try_locks:
      return Postgres::TryLocks{.creation = creation, .bound = bound};
    case Kind::try_lock:
      return Postgres::TryCreationLock{.creation = creation, .bound = bound};
    case Kind::unlock:
      return Postgres::UnlockKey{.bound = bound, .key = is_row(step.key) ? Postgres::Key::row : creation};
    case Kind::upsert: {
      if (step.place == nullptr) {  // ON CONFLICT: the sequence has moved on by then
        step.place = &places_[step.place_name];
        step.place->id = rows_so_far_ + 1;
      }
      ++rows_so_far_;
      Postgres::Upsert upsert{.bound = bound, .state = {}, .expected = {}};
      upsert.state = step.place->contents.state(value_of(call.data, parameters).value_or(""));
      return upsert;
    }
    case Kind::remove:
      return Postgres::DeleteRow{.bound = bound};
    case Kind::terminate_backend: {
      const auto other = sessions_.find(static_cast<std::uint32_t>(step.key));
      if (other == sessions_.end()) return Postgres::SelectLocks{};  // nobody to end
      return Postgres::TerminateBackend{.client = sim::Who::process(other->second.slot)};
    }
    default:
      return Postgres::SelectData{.bound = bound};
  }
}

// The model has one row with its lock and two more keys: those that this statement is about.
Response PostgresServer::apply(Step& step, const Postgres::Request& request) {
  const Place* place = step.place;
  if (step.call.table.empty()) {
    const auto last = places_.find(step.session.place);
    place = last == places_.end() ? nullptr : &last->second;
  }
  const bool is_row_key = step.call.table.empty() && is_row(step.key);
  const Key row = is_row_key ? step.key : place != nullptr ? place->id : 0;
  const Key other = step.key == kCreationKey || is_row_key ? 0 : step.key;
  const auto held = [&](Key key) {
    const auto found = locks_.find(key);
    return key == 0 || found == locks_.end() ? Postgres::AdvisoryLock{} : found->second;
  };
  const auto keep = [&](Key key, const Postgres::AdvisoryLock& lock) {
    if (key == 0) return;
    if (lock.times > 0) locks_[key] = lock;
    if (lock.times == 0) locks_.erase(key);
  };
  value_.state = place != nullptr ? place->state : models::StateSnapshot{};
  value_.row = held(row);
  value_.creation = held(kCreationKey);
  value_.creation_in_table = held(other);
  const unsigned alternative = std::min(chosen(), model_.alternatives(value_, request) - 1U);
  const auto effect = model_.apply(value_, step.session.slot, request, alternative);
  keep(row, value_.row);
  keep(kCreationKey, value_.creation);
  keep(other, value_.creation_in_table);
  if (step.place != nullptr) {
    step.place->state = value_.state;
    step.place->contents.keep_state(value_.state);
    if (!value_.state.exists()) {
      places_.erase(step.place_name);
      step.place = nullptr;
    }
  }
  forget_ended();
  return effect.response;
}

PostgresServer::Answer PostgresServer::result(const Step& step, const Response& response) const {
  const SqlCall& call = step.call;
  if (response.status == Status::fatal) return std::unexpected(ended_session());
  if (response.status == Status::failed) {
    if (response.instead == Text::none)
      return std::unexpected(PgError{"26000", "unnamed prepared statement does not exist"});
    return std::unexpected(PgError{"08P01", "bind message does not fit the prepared statement \"\""});
  }
  const auto row_of_locks = [&](unsigned row, unsigned creation) {
    return std::vector<PgValue>{std::to_string(step.row), truth(row), truth(creation)};
  };
  // What another client has prepared there ran instead (postgres_pooler.cpp).
  if (response.instead == Text::remove) return PgResult{.tag = "DELETE 1"};
  if (response.instead == Text::try_locks)
    return rows_of({Kind::try_locks}, response.status == Status::no_rows
                                          ? std::vector<std::vector<PgValue>>{}
                                          : std::vector<std::vector<PgValue>>{row_of_locks(1, 1)});
  if (response.status == Status::no_rows) return rows_of(call, {});
  switch (call.kind) {
    case Kind::try_locks:
      return rows_of(call, {row_of_locks(response.got_row, response.got_creation)});
    case Kind::try_lock:
      return rows_of(call, {{truth(response.got_creation)}});
    case Kind::unlock: {
      PgResult result = rows_of(call, {{truth(response.got_row)}});
      if (response.got_row == 0) result.warning = "you don't own a lock of type ExclusiveLock";
      return result;
    }
    case Kind::upsert:
      return PgResult{.tag = "INSERT 0 1"};
    case Kind::remove:
      return PgResult{.tag = step.row != 0 ? "DELETE 1" : "DELETE 0"};
    case Kind::terminate_backend: {
      const bool is_there = sessions_.contains(static_cast<std::uint32_t>(step.key));
      return rows_of(call, {{truth(is_there ? 1U : 0U)}});
    }
    default:
      return rows_of(call, {{step.place->contents.text_of(step.place->state)}});
  }
}

void PostgresServer::clear() {
  places_.clear();
  locks_.clear();
  value_ = model_.initial();
}

std::expected<PgDescription, PgError> PostgresServer::describe(const std::string& sql) const {
  const auto call = parse_sql(sql);
  if (!call) return std::unexpected(call.error());
  return description_of(*call);
}

}  // namespace lockstorm::wire
