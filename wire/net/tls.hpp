// Certificates of a moment, for clients that accept no server without one: an authority that is made at the
// start, and signs for whatever host a client asks for.
#pragma once

#include <memory>
#include <string>

namespace boost::asio::ssl {
class context;
}

namespace lockstorm::wire {

/// Keys are made anew each time and stay in memory. Speaks HTTP/1.1 only (ALPN).
class Tls {
 public:
  Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;
  ~Tls();

  /// The authority's certificate, which clients have to trust: PEM.
  [[nodiscard]] std::string authority() const;
  [[nodiscard]] boost::asio::ssl::context& context() const;

 private:
  class Authority;
  std::unique_ptr<Authority> authority_;
};

}  // namespace lockstorm::wire
