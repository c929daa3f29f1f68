// A client of PostgreSQL's protocol: one connection, one statement after the other
// (postgresql.org/docs/15/protocol-flow.html).
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "wire/net/loop.hpp"
#include "wire/net/pg_messages.hpp"

namespace lockstorm::wire {

/// Whether a connection is in TLS, as libpq has it (libpq-ssl: sslmode).
enum class PgTls : std::uint8_t {
  disable,
  prefer,   ///< if the server has it; whoever that is
  require,  ///< whoever the server is
  verify,   ///< and the server is whom it says
};

struct PgTarget {
  std::string host = "127.0.0.1";
  std::uint16_t port = 5432;
  std::string user{};
  std::string password{};  ///< sent as the server asks for it: in clear text, by MD5, or never (SCRAM)
  std::string database{};
  PgTls tls = PgTls::prefer;
};

/// What of a statement is sent together.
enum class PgTrip : std::uint8_t {
  whole,    ///< all of it, in the extended protocol
  prepare,  ///< its text, without a name
  bind,     ///< its parameters, for whatever was prepared last without a name
  simple,   ///< in the simple protocol, without parameters
};

class PgClient {
 public:
  using Result = std::expected<PgResult, PgError>;
  using OnResult = std::function<void(Result)>;

  /// The loop outlives it. `longest`: for each answer.
  PgClient(Loop& loop, PgTarget target, std::chrono::milliseconds longest);
  PgClient(PgClient&&) noexcept;
  PgClient& operator=(PgClient&&) noexcept;
  /// The connection ends at once.
  ~PgClient();

  /// Calls once: nothing, or why there is no session. A connection that fails has the code "08001", one that
  /// ends "08006".
  void connect(std::function<void(std::expected<void, PgError>)> on_ready);
  /// Calls once, and never before it has come back.
  void run(const std::string& sql, const std::vector<PgValue>& parameters, OnResult on_result,
           PgTrip trip = PgTrip::whole);

  /// The same, and wait.
  std::expected<void, PgError> connect();
  Result run(const std::string& sql, const std::vector<PgValue>& parameters = {},
             PgTrip trip = PgTrip::whole);

  [[nodiscard]] bool is_open() const;
  /// Says good-bye.
  void close();

 private:
  class Connection;
  Loop* loop_;
  std::chrono::milliseconds longest_;
  std::shared_ptr<Connection> connection_;
};

}  // namespace lockstorm::wire
