#include "wire/services/postgres_codec.hpp"

#include "models/services/pg_catalog.hpp"
#include "models/services/postgres.hpp"
#include "wire/net/pg_exchange.hpp"
#include "wire/services/postgres_sql.hpp"

namespace lockstorm::wire {
namespace {

using models::PgCatalog;
using models::Postgres;
using Kind = SqlCall::Kind;

bool takes_locks(Kind kind) { return kind == Kind::try_locks || kind == Kind::try_lock; }

// The call of the model that a statement is; PgCatalog's for what is created.
struct Words {
  std::string operation;
  std::string object;
};

Words words_of(const Postgres::Request& request) {
  return {std::string(Postgres::operation(request)), std::string(Postgres::about(request).object)};
}

std::optional<Words> words_of(Kind kind) {
  switch (kind) {
    case Kind::select_names:
      return words_of(Postgres::SelectNames{});
    case Kind::select_data:
      return words_of(Postgres::SelectData{});
    case Kind::try_locks:
      return words_of(Postgres::TryLocks{});
    case Kind::try_lock:
      return words_of(Postgres::TryCreationLock{});
    case Kind::unlock:
      return words_of(Postgres::UnlockKey{});
    case Kind::upsert:
      return words_of(Postgres::Upsert{});
    case Kind::remove:
      return words_of(Postgres::DeleteRow{});
    case Kind::list_locks:
      return words_of(Postgres::SelectLocks{});
    case Kind::terminate_backend:
      return words_of(Postgres::TerminateBackend{});
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string row_name(const std::string& table, const std::string& name) { return table + "/" + name; }

std::string session_name(std::uint32_t session) { return "session " + std::to_string(session); }

std::expected<RequestName, std::string> name_of_statement(const HttpRequest& request, bool is_set_up) {
  const auto statement = statement_of(request);
  if (!statement) return std::unexpected("no statement of SQL: " + request.method + " " + request.path);
  const auto call = parse_sql(statement->sql);
  if (!call) return std::unexpected(call.error().message);
  RequestName name;
  if (const auto words = words_of(call->kind)) {
    name.operation = words->operation;
    name.object = words->object;
    name.changes =
        call->kind != Kind::select_names && call->kind != Kind::select_data && call->kind != Kind::list_locks;
  } else {
    const bool is_look = call->kind == Kind::count_schemata || call->kind == Kind::backend_pid;
    const PgCatalog::Request asked =
        is_look ? PgCatalog::Request(PgCatalog::Look{}) : PgCatalog::Request(PgCatalog::Create{});
    name.service = PgCatalog::kName;
    name.operation = PgCatalog::operation(asked);
    name.object = PgCatalog::about(asked).object;
    name.changes = !is_look && !is_set_up;
    name.is_rest = call->kind == Kind::backend_pid || (!is_look && is_set_up);
  }
  name.place = call->table;
  if (const PgValue row = value_of(call->name, statement->parameters); row && !row->empty())
    name.place = row_name(call->table, *row);
  if (takes_locks(call->kind)) name.lock_id = session_name(statement->session);
  if (call->kind == Kind::upsert)
    name.state = parse_state_text(value_of(call->data, statement->parameters).value_or(""));
  return name;
}

unsigned status_of_statement(const HttpRequest& request, const HttpAnswer& answer) {
  constexpr unsigned kRefused = 409;
  constexpr unsigned kNothing = 404;
  const auto statement = statement_of(request);
  const auto call = statement ? parse_sql(statement->sql) : std::unexpected(PgError{});
  const auto result = result_of(answer);
  if (!call || !result) return answer.status;
  // Whether there are names says nothing of the default workspace, which is not among them.
  const bool needs_row = takes_locks(call->kind) || call->kind == Kind::select_data;
  if (needs_row && result->rows.empty()) return kNothing;
  const std::size_t granted = call->kind == Kind::try_locks ? 1 : 0;
  if (!takes_locks(call->kind) || granted >= result->rows.front().size()) return answer.status;
  return result->rows.front()[granted] == "f" ? kRefused : answer.status;
}

std::string words_of_statement(const HttpRequest& request, const HttpAnswer& answer) {
  const auto statement = statement_of(request);
  const auto call = statement ? parse_sql(statement->sql) : std::unexpected(PgError{});
  const auto result = result_of(answer);
  if (!call || !result || result->rows.size() != 1) return "";
  const auto& row = result->rows.front();
  const auto is_true = [&](std::size_t field) {
    return field < row.size() && row[field] == "t" ? std::uint16_t{1} : std::uint16_t{0};
  };
  if (call->kind == Kind::try_locks)
    return Postgres::told(Postgres::TryLocks{}, {.got_row = is_true(1), .got_creation = is_true(2)}).status;
  if (call->kind == Kind::try_lock)
    return Postgres::told(Postgres::TryCreationLock{}, {.got_creation = is_true(0)}).status;
  if (call->kind == Kind::unlock)
    return Postgres::told(Postgres::UnlockKey{}, {.got_row = is_true(0)}).status;
  return "";
}

std::string rows_in_short(const HttpRequest& request, const HttpAnswer& answer) {
  const auto result = result_of(answer);
  if (!result) return result.error().code;
  if (result->columns.empty()) return result->tag;
  if (result->rows.empty()) return "no row";
  if (const auto state = state_in_rows(request, answer)) return "serial " + std::to_string(state->serial);
  std::string text;
  for (const PgValue& value : result->rows.front()) {
    constexpr std::size_t kMostBytes = 20;
    text += (text.empty() ? "" : ", ") + value.value_or("NULL").substr(0, kMostBytes);
  }
  return text;
}

std::optional<StateText> state_in_rows(const HttpRequest& request, const HttpAnswer& answer) {
  const auto statement = statement_of(request);
  const auto call = statement ? parse_sql(statement->sql) : std::unexpected(PgError{});
  const auto result = result_of(answer);
  if (!call || call->kind != Kind::select_data || !result || result->rows.size() != 1) return std::nullopt;
  return parse_state_text(result->rows.front().front().value_or(""));
}

}  // namespace lockstorm::wire
