// Who stands behind a server of PostgreSQL's protocol: whose sessions the connections are.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "wire/net/pg_messages.hpp"

namespace lockstorm::wire {

class PgSide {
 public:
  PgSide() = default;
  PgSide(const PgSide&) = default;
  PgSide& operator=(const PgSide&) = default;
  PgSide(PgSide&&) = default;
  PgSide& operator=(PgSide&&) = default;
  virtual ~PgSide() = default;

  /// A client has come. The number of its session, or why it gets none.
  virtual std::expected<std::uint32_t, PgError> begin() = 0;
  /// The client has gone, and the server sees it at once.
  virtual void end(std::uint32_t session) = 0;
  /// The connection has ended for the client; the server may not have noticed yet. `end` does not follow.
  virtual void lose(std::uint32_t session) = 0;
  /// Parameters and columns of a statement, or why it cannot be prepared.
  [[nodiscard]] virtual std::expected<PgDescription, PgError> describe(const std::string& sql) const = 0;
};

}  // namespace lockstorm::wire
