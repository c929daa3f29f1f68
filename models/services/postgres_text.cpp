// How PostgreSQL's statements and results read in reports.
#include <fmt/format.h>

#include <array>

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "models/services/postgres.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

std::string on(std::uint16_t connection) {
  return connection > 1 ? fmt::format(" (on connection {})", connection) : std::string();
}

std::string_view prepared_text(Postgres::Text text) {
  constexpr auto kTexts = sim::text_for_each<Postgres::Text>({
      "",
      "SELECT id, try_lock(id), try_lock(-1)",
      "SELECT id, try_lock(id), try_lock($1)",
      "SELECT try_lock($1)",
      "SELECT unlock($1)",
      "SELECT data",
      "INSERT ON CONFLICT UPDATE",
      "DELETE",
  });
  return kTexts.at(static_cast<std::size_t>(text));
}

std::string_view key_text(Postgres::Key key) {
  constexpr auto kTexts = sim::text_for_each<Postgres::Key>({"id", "creation", "creation in the table"});
  return kTexts.at(static_cast<std::size_t>(key));
}

}  // namespace

std::string Postgres::SelectNames::describe(const sim::ProcessNames&) const {
  return "SELECT name" + on(connection);
}
std::string Postgres::TryLocks::describe(const sim::ProcessNames&) const {
  return fmt::format("SELECT id, try_lock(id), try_lock({}){}", key_text(creation), on(connection));
}
std::string Postgres::TryCreationLock::describe(const sim::ProcessNames&) const {
  return fmt::format("SELECT try_lock({}){}{}", key_text(creation),
                     elsewhere != 0 ? " for another workspace" : "", on(connection));
}
std::string Postgres::UnlockKey::describe(const sim::ProcessNames&) const {
  return fmt::format("SELECT unlock({}){}", key_text(key), on(connection));
}
std::string Postgres::SelectData::describe(const sim::ProcessNames&) const {
  return "SELECT data" + on(connection);
}
std::string Postgres::Upsert::describe(const sim::ProcessNames& names) const {
  std::string fence;
  if (is_fenced != 0)
    fence = expected.exists() ? fmt::format(" if still {}", expected.describe(names)) : " if there is no row";
  return fmt::format("INSERT ON CONFLICT UPDATE{} ({}){}", fence, state.describe(names), on(connection));
}
std::string Postgres::DeleteRow::describe(const sim::ProcessNames&) const {
  return "DELETE" + on(connection);
}
std::string Postgres::SelectLocks::describe(const sim::ProcessNames&) const {
  return "SELECT FROM pg_locks" + on(connection);
}
std::string Postgres::TerminateBackend::describe(const sim::ProcessNames& names) const {
  return fmt::format("SELECT pg_terminate_backend({}'s session){}", names.name(client), on(connection));
}

std::string Postgres::Response::describe(const sim::ProcessNames& names) const {
  const auto result = [&]() -> std::string {
    switch (status) {
      case Status::ok:
        if (state.exists()) return state.describe(names);
        if (!holder.is_nobody()) return fmt::format("held by {}'s session", names.name(holder));
        return fmt::format("{}, {}", got_row != 0 ? "t" : "f", got_creation != 0 ? "t" : "f");
      case Status::no_rows:
        return "no row";
      case Status::fatal:
        return "connection closed by the server";
      case Status::unchanged:
        return "0 rows changed";
      case Status::failed:
        return instead == Text::none ? "error: unnamed prepared statement does not exist" : "error";
      case Status::foreign:
        return "a row that is no state";
    }
    return "";
  };
  const std::string_view other = prepared_text(instead);
  const std::string ran = other.empty() ? "" : fmt::format(", of what was prepared there: {}", other);
  return result() + ran;
}

std::string Postgres::Value::describe(const sim::ProcessNames& names) const {
  const auto lock = [&names](const AdvisoryLock& held) -> std::string {
    if (held.times == 0) return "free";
    if (held.by.owner.is_nobody()) return "a session of the pooler";
    return names.name(held.by.owner);
  };
  return contents_text(
      {{"states row", state.describe(names)},
       {"advisory lock", lock(row)},
       {"creation lock", creation.times == 0 ? "" : lock(creation)},
       {"creation lock of the table", creation_in_table.times == 0 ? "" : lock(creation_in_table)},
       {"prepared on session 1", std::string(prepared_text(prepared[0]))},
       {"prepared on session 2", std::string(prepared_text(prepared[1]))}});
}

sim::RequestFacts Postgres::about(const Request& request) {
  constexpr auto kFacts = sim::one_for_each<Request, sim::RequestFacts>({
      {"names"},
      {"advisory lock", sim::LockUse::asks},
      {"creation lock", sim::LockUse::asks},
      {"advisory lock", sim::LockUse::releases},
      {"row"},
      {"row"},
      {"row"},
      {"advisory lock", sim::LockUse::looks},
      {"session", sim::LockUse::releases},
  });
  return kFacts[request.index()];
}

sim::AnswerFacts Postgres::told(const Request& request, const Response& response) {
  Response bare;
  bare.status = response.status;
  bare.got_row = response.got_row;
  bare.got_creation = response.got_creation;
  bare.instead = response.instead;
  const bool is_refused = (std::holds_alternative<TryLocks>(request) && response.got_row == 0) ||
                          (std::holds_alternative<TryCreationLock>(request) && response.got_creation == 0);
  return {.status = status_text(bare),
          .is_refusal = response.status != Status::ok || is_refused,
          .shows = response.holder,
          .version = version_facts(response.state)};
}

}  // namespace lockstorm::models
