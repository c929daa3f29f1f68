// How the catalog answers, and how that reads in reports.
#include "models/services/pg_catalog.hpp"

#include "sim/one_for_each.hpp"

#include <array>

namespace lockstorm::models {
namespace {

using Status = PgCatalog::Status;

std::string_view text_of(Status status) {
  constexpr auto kTexts = sim::text_for_each<Status>({"already exists, skipping", "something is missing",
                                                      "error: duplicate key value violates unique constraint",
                                                      "error: unnamed prepared statement does not exist"});
  return kTexts.at(static_cast<std::size_t>(status));
}

}  // namespace

// Create: alternative 1 is that it has looked before the other's came into effect.
unsigned PgCatalog::alternatives(const Value& value, const Request& request) const {
  if (std::holds_alternative<Create>(request)) return value.is_complete != 0 ? 2 : 1;
  return is_pooled ? 2 : 1;
}

sim::Effect<PgCatalog::Response> PgCatalog::apply(Value& value, sim::Slot /*caller*/, const Request& request,
                                                  unsigned alternative) const {
  if (std::holds_alternative<Create>(request)) {
    if (alternative != 0) return {{Status::duplicate_key}, 0};
    value.is_complete = 1;
    return {{Status::ok}, 0};
  }
  if (alternative != 0) return {{Status::failed}, 0};
  return {{value.is_complete != 0 ? Status::ok : Status::missing}, 0};
}

std::string_view PgCatalog::operation(const Request& request) {
  return std::holds_alternative<Create>(request) ? "CREATE" : "CREATE IF NOT EXISTS";
}

sim::RequestFacts PgCatalog::about(const Request& /*request*/) { return {"schema and table"}; }

sim::AnswerFacts PgCatalog::told(const Request& /*request*/, const Response& response) {
  const bool is_error = response.status == Status::duplicate_key || response.status == Status::failed;
  return {std::string(text_of(response.status)), is_error, {}};
}

std::string PgCatalog::Look::describe(const sim::ProcessNames&) const {
  return "CREATE SEQUENCE, TABLE, INDEX IF NOT EXISTS";
}

std::string PgCatalog::Create::describe(const sim::ProcessNames&) const {
  return "CREATE SEQUENCE, TABLE, INDEX: what is missing";
}

std::string PgCatalog::Response::describe(const sim::ProcessNames&) const {
  return std::string(text_of(status));
}

std::string PgCatalog::Value::describe(const sim::ProcessNames&) const {
  return is_complete != 0 ? "schema and table: there" : "schema and table: not there";
}

}  // namespace lockstorm::models
