#include "wire/net/server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <optional>

#include "wire/net/pg_session.hpp"
#include "wire/net/session.hpp"

namespace lockstorm::wire {
namespace {

namespace asio = boost::asio;
using detail::Service;
using tcp = asio::ip::tcp;
using BoostError = boost::system::error_code;

// Who begins with "GET" asks in HTTP what there is; that is the length of no start-up message.
class PgGreeting final : public std::enable_shared_from_this<PgGreeting> {
 public:
  PgGreeting(tcp::socket socket, std::shared_ptr<const Service> service)
      : stream_(std::move(socket)), service_(std::move(service)) {}

  void start() {
    stream_.expires_after(detail::kSilence);
    stream_.async_read_some(buffer_.prepare(kFirstBytes),
                            [self = shared_from_this()](BoostError error, std::size_t size) {
                              if (error) return;
                              self->buffer_.commit(size);
                              self->begin();
                            });
  }

 private:
  static constexpr std::size_t kFirstBytes = 4096;

  void begin() {
    const std::string read = boost::beast::buffers_to_string(buffer_.data());
    if (read.starts_with("GET ")) {
      std::make_shared<detail::Session<detail::PlainStream>>(std::move(stream_), std::move(buffer_), service_)
          ->read();
      return;
    }
    stream_.expires_never();
    std::make_shared<detail::PgSession>(stream_.release_socket(), service_->options, service_->handler)
        ->start(read);
  }

  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::shared_ptr<const Service> service_;
};

}  // namespace

class Server::Listener : public std::enable_shared_from_this<Listener> {
 public:
  Listener(Loop& loop, ServerOptions options, Handler handler)
      : service_(std::make_shared<Service>(std::move(options), std::move(handler))),
        acceptor_(loop.context()) {}

  std::optional<std::string> listen() {
    BoostError error;
    const asio::ip::address address = asio::ip::make_address(service_->options.address, error);
    if (error) return "'" + service_->options.address + "' is no address";
    const tcp::endpoint endpoint(address, service_->options.port);
    // Each returns what it has put into `error`, too.
    (void)acceptor_.open(endpoint.protocol(), error);
    if (!error) (void)acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) (void)acceptor_.bind(endpoint, error);
    if (!error) (void)acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return error.message();
    port_ = acceptor_.local_endpoint().port();
    accept();
    return std::nullopt;
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  void close() {
    BoostError ignored;
    (void)acceptor_.close(ignored);
  }

 private:
  void accept() {
    acceptor_.async_accept([self = shared_from_this()](BoostError error, tcp::socket socket) {
      if (error == asio::error::operation_aborted || !self->acceptor_.is_open()) return;
      if (!error) {
        (void)socket.set_option(tcp::no_delay(true), error);
        if (self->service_->options.sessions != nullptr) {
          std::make_shared<PgGreeting>(std::move(socket), self->service_)->start();
        } else {
          std::make_shared<detail::Greeting>(std::move(socket), self->service_)->start();
        }
      }
      self->accept();
    });
  }

  std::shared_ptr<const Service> service_;
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
};

Server::Server(std::shared_ptr<Listener> listener) : listener_(std::move(listener)) {}
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&& other) noexcept {
  std::swap(listener_, other.listener_);
  return *this;
}
Server::~Server() {
  if (listener_) listener_->close();
}

std::expected<Server, std::string> Server::listen(Loop& loop, const ServerOptions& options, Handler handler) {
  auto listener = std::make_shared<Listener>(loop, options, std::move(handler));
  if (auto why = listener->listen()) return std::unexpected(*std::move(why));
  return Server(std::move(listener));
}

std::uint16_t Server::port() const { return listener_->port(); }

}  // namespace lockstorm::wire
