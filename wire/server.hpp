// An HTTP server on the loopback interface, for whatever answers requests one at a time.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "wire/exchange.hpp"

namespace lockstorm::wire {

using Handler = std::function<HttpAnswer(const HttpRequest&)>;

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any that is free
  std::size_t max_body_bytes = std::size_t{256} << 20U;
  std::size_t max_header_bytes = std::size_t{64} << 10U;
};

/// Requests are handled one after the other, in the order in which they are complete, on one thread.
/// Connections that are silent for two minutes are closed; what is no HTTP, or too large, is answered as HTTP
/// has it (400, 413, 431) and ends its connection.
class Server {
 public:
  /// Listens. Or why not, a clause.
  static std::expected<Server, std::string> listen(const ServerOptions& options, Handler handler);
  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;
  ~Server();

  [[nodiscard]] std::uint16_t port() const;
  /// Until SIGTERM or SIGINT; what is being answered then is answered.
  void run();

 private:
  class Listener;
  explicit Server(std::unique_ptr<Listener> listener);
  std::unique_ptr<Listener> listener_;
};

}  // namespace lockstorm::wire
