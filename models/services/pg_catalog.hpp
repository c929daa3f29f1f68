// What PostgreSQL's catalog knows of the pg backend's schema, sequence, table and index
// (backend-protocols.md 3.8; confirm.md 2, D5).
#pragma once

#include <string>
#include <variant>

#include "sim/service.hpp"

namespace lockstorm::models {

/// Every pg command begins with `select count(1) from information_schema.schemata` (and CREATE SCHEMA IF NOT
/// EXISTS when it is not there), CREATE SEQUENCE, CREATE TABLE and CREATE UNIQUE INDEX IF NOT EXISTS. They
/// are one call here. On a database where all is there they change nothing, take no lock that outlives them
/// and all fail alike: the command stops before its lock. So to tell the four apart shows nothing more; but
/// that three lost connections can hit one of them or several, and here they end the command in either case.
///
/// CREATE ... IF NOT EXISTS looks first and creates then, and is not atomic: of two that run at once one
/// fails with `duplicate key value violates unique constraint "pg_type_typname_nsp_index"` (or
/// `pg_namespace_...`, for a schema), which was seen in 5 of 25 rounds of two `terraform init` on an empty
/// database. So where something is missing a second call follows, and it fails, or finds all there, if
/// somebody else has been quicker since the look.
///
/// A service of its own because `state mv` and `state rm` configure the backend twice, and each time open a
/// pool of connections of its own: what is lost of the second is nothing to the session with the lock. The
/// first shares its connections with the statements that follow, but loses no lock with them either.
struct PgCatalog {
  static constexpr std::string_view kName = "pg_catalog";

  enum class Status : std::uint16_t {
    ok,
    missing,        ///< Look: something has to be created
    duplicate_key,  ///< Create: somebody else has created it meanwhile
    failed,  ///< Look, behind a pooler: the two round trips of `select count(1)` met different sessions
  };

  struct Value {
    std::uint16_t is_complete = 1;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  /// The four statements where all is there; else as far as the look of the first CREATE.
  struct Look {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// What creates, of whatever Look has found missing.
  struct Create {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<Look, Create>;

  struct Response {
    Status status = Status::ok;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  bool is_complete_at_first = true;
  /// `select count(1)` has a parameter, and so it is two round trips that a pooler in transaction mode may
  /// put on two sessions (D6). What the set-up does to what others have prepared there need not be told: it
  /// ends with statements without parameters, which only clear what the client's next statement clears as
  /// well.
  bool is_pooled = false;

  [[nodiscard]] Value initial() const { return {is_complete_at_first ? std::uint16_t{1} : std::uint16_t{0}}; }
  [[nodiscard]] unsigned alternatives(const Value& value, const Request& request) const;
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request,
                                            unsigned alternative) const;
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
