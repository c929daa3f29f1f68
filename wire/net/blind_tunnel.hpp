// The two ends of a proxy's tunnel to somebody else: bytes pass as they are, and nobody looks at them
// (RFC 9110, 9.3.6).
#pragma once

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace lockstorm::wire::detail {

class BlindTunnel final : public std::enable_shared_from_this<BlindTunnel> {
 public:
  using Tcp = boost::asio::ip::tcp;
  using Error = boost::system::error_code;

  explicit BlindTunnel(Tcp::socket client)
      : resolver_(client.get_executor()), client_(std::move(client)), server_(client_.get_executor()) {}

  /// Calls `ready` when the other end is there, or with what went wrong; then `pass` is to be called.
  void connect(const std::string& host, const std::string& port, std::function<void(Error)> ready) {
    resolver_.async_resolve(
        host, port,
        [self = shared_from_this(), ready](Error error, const Tcp::resolver::results_type& found) {
          if (error) return ready(error);
          boost::asio::async_connect(self->server_, found,
                                     [self, ready](Error failed, const Tcp::endpoint&) { ready(failed); });
        });
  }

  [[nodiscard]] Tcp::socket& client() { return client_; }

  /// Until both have said their last; `read`: what the client has said already.
  void pass(std::string read) {
    first_ = std::move(read);
    boost::asio::async_write(server_, boost::asio::buffer(first_),
                             [self = shared_from_this()](Error error, std::size_t) {
                               if (error) return self->end();
                               self->pump(self->client_, self->server_, self->there_);
                               self->pump(self->server_, self->client_, self->back_);
                             });
  }

 private:
  using Buffer = std::array<char, 16384>;

  void pump(Tcp::socket& from, Tcp::socket& to, Buffer& buffer) {
    from.async_read_some(boost::asio::buffer(buffer), [this, self = shared_from_this(), &from, &to, &buffer](
                                                          Error error, std::size_t size) {
      if (error) {
        Error ignored;
        (void)to.shutdown(Tcp::socket::shutdown_send, ignored);
        return;
      }
      boost::asio::async_write(to, boost::asio::buffer(buffer, size),
                               [this, self, &from, &to, &buffer](Error failed, std::size_t) {
                                 if (failed) return end();
                                 pump(from, to, buffer);
                               });
    });
  }

  void end() {
    Error ignored;
    (void)client_.close(ignored);
    (void)server_.close(ignored);
  }

  Tcp::resolver resolver_;
  Tcp::socket client_;
  Tcp::socket server_;
  std::string first_;
  Buffer there_{};
  Buffer back_{};
};

}  // namespace lockstorm::wire::detail
