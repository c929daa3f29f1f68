// A server on the loopback interface, of HTTP or of PostgreSQL's protocol, for whatever answers requests, at
// once or later.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "wire/net/exchange.hpp"
#include "wire/net/loop.hpp"
#include "wire/net/pg_side.hpp"
#include "wire/net/reply.hpp"
#include "wire/net/tls.hpp"

namespace lockstorm::wire {

/// Of one request; its connection reads no further one before the reply.
using Handler = std::function<void(HttpRequest, std::shared_ptr<Reply>)>;

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any that is free
  std::size_t max_body_bytes = std::size_t{256} << 20U;
  std::size_t max_header_bytes = std::size_t{64} << 10U;
  /// Connections that begin with TLS are served, too. Outlives the server.
  const Tls* tls = nullptr;
  /// Hosts to which CONNECT makes a tunnel, whose other end is this server in TLS. Empty: it is no proxy.
  std::function<bool(const std::string& host)> tunnels{};
  /// To all others CONNECT makes a tunnel whose other end they are themselves; otherwise it is refused.
  bool passes_on = false;
  /// Not null: it speaks PostgreSQL's protocol, in which each statement is a request
  /// (wire/net/pg_exchange.hpp); only whoever begins with "GET" is answered in HTTP. Outlives the server and
  /// its connections.
  PgSide* sessions = nullptr;
};

/// Requests are handled in the order in which they are complete, on the loop's thread. Connections that are
/// silent for two minutes are closed; what is no HTTP, or too large, is answered as HTTP has it (400, 413,
/// 431) and ends its connection. A client that waits for "100 Continue" is told to go on.
class Server {
 public:
  /// Listens, as long as it and the loop exist. Or why not, a clause.
  static std::expected<Server, std::string> listen(Loop& loop, const ServerOptions& options, Handler handler);
  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;
  ~Server();

  [[nodiscard]] std::uint16_t port() const;

 private:
  class Listener;
  explicit Server(std::shared_ptr<Listener> listener);
  std::shared_ptr<Listener> listener_;
};

}  // namespace lockstorm::wire
