// A statement of SQL and its result as a request and an answer, so that whoever holds, records, loses or
// names requests does so with statements, too.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "wire/net/exchange.hpp"
#include "wire/net/pg_messages.hpp"

namespace lockstorm::wire {

/// The method of such a request.
inline constexpr const char* kSqlMethod = "SQL";

struct PgStatement {
  std::uint32_t session = 0;  ///< the server process that runs it
  std::string sql{};
  std::vector<PgValue> parameters{};
  /// It was prepared in one round trip and bound in another, which a pooler may put on two sessions.
  bool is_two_round_trips = false;
};

/// The session is in a header, the rest is a body of JSON: `sql` and `parameters`. Or why it is none: what is
/// not UTF-8, or has a zero in it, is no text of PostgreSQL's.
std::expected<HttpRequest, PgError> request_of(const PgStatement& statement);
/// Nothing: it is no statement.
std::optional<PgStatement> statement_of(const HttpRequest& request);

/// 200 and the rows, or an error: 400, and 503 where the session ends with it.
HttpAnswer answer_of(const PgResult& result);
HttpAnswer answer_of(const PgError& error);
/// An answer that has neither, as one of HTTP, is an error that says so.
std::expected<PgResult, PgError> result_of(const HttpAnswer& answer);

}  // namespace lockstorm::wire
