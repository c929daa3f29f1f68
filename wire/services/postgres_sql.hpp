// The statements of SQL that the pg backends of Terraform and OpenTofu send, and those few by which a person
// looks after their locks (backend-protocols.md 3.8, 4.7; [TF,OT pg/backend.go, client.go,
// backend_state.go]).
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "wire/net/pg_messages.hpp"

namespace lockstorm::wire {

/// A value in a statement: one of its parameters, or written out.
struct SqlValue {
  unsigned parameter = 0;  ///< `$1` is 1; 0: `text` is it
  std::string text{};
};

struct SqlCall {
  enum class Kind : std::uint8_t {
    count_schemata,
    create_schema,
    create_sequence,
    create_table,
    create_index,
    select_names,
    select_data,
    try_locks,
    try_lock,
    unlock,
    upsert,
    remove,
    backend_pid,        ///< which session is mine
    list_locks,         ///< who has which advisory lock
    terminate_backend,  ///< ends somebody's session
  };
  Kind kind = Kind::select_names;
  std::string table{};  ///< "schema.table"; of what is created its name
  SqlValue name{};      ///< of a workspace; of a schema that is counted
  SqlValue data{};      ///< that is written
  SqlValue key{};       ///< of an advisory lock that is asked for by its number; of a session
};

/// Case, white space, quotes around names and a semicolon at the end make no difference. Or why it is none of
/// these, an error of PostgreSQL's that names it: unknown statements are told, never guessed.
std::expected<SqlCall, PgError> parse_sql(std::string_view sql);

PgDescription description_of(const SqlCall& call);

/// What the value is for a statement with these parameters; nothing: NULL, or there is no such parameter.
PgValue value_of(const SqlValue& value, const std::vector<PgValue>& parameters);
/// The same as a bigint; or PostgreSQL's error.
std::expected<std::int64_t, PgError> bigint_of(const SqlValue& value, const std::vector<PgValue>& parameters);

/// The statement as it may be shown: known ones without what they write out, of others the first word.
std::string shown_sql(std::string_view sql);

}  // namespace lockstorm::wire
