// A real PostgreSQL where the model would stand. Each connection of a client is one to the server; where the
// counterexample has a pooler in transaction mode, this is it.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "wire/services/model_server.hpp"
#include "wire/services/pg_client.hpp"

namespace lockstorm::wire::confirm {

struct RealPostgres {
  PgTarget target{};
  std::string schema{};               ///< of the states of this run, and of nobody else's
  std::uint16_t pooled_sessions = 0;  ///< as models::Postgres has it
};

/// Connects as an administrator of its own; or why it cannot, a clause. The schema is dropped when it is
/// destroyed, and so is the sequence of ids if it was not there before.
std::expected<std::unique_ptr<ModelServer>, std::string> real_postgres(const RealPostgres& real);

}  // namespace lockstorm::wire::confirm
