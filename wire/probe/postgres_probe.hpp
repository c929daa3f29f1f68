// Which promises a PostgreSQL keeps to the pg backend: advisory locks of sessions, rows that are replaced as
// a whole (backend-protocols.md 3.8, 4.7).
#pragma once

#include <expected>
#include <string>

#include "wire/probe/inquiry.hpp"
#include "wire/services/pg_client.hpp"

namespace lockstorm::wire::probe {

struct PostgresProbe {
  Reach reach{};  ///< its name is that of a schema; the server's address is in `target`
  PgTarget target{};
};

/// Or why nothing could be found out, a sentence. Its schema is dropped, its locks have keys of their own,
/// and no state that is there is looked at.
std::expected<Findings, std::string> probe_postgres(const PostgresProbe& probe);

}  // namespace lockstorm::wire::probe
