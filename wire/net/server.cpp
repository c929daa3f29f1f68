#include "wire/net/server.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <chrono>
#include <optional>

namespace lockstorm::wire {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using BoostError = boost::system::error_code;

constexpr std::chrono::minutes kSilence{2};

// What sessions share; it outlives the server as long as one of them waits for an answer.
struct Service {
  ServerOptions options;
  Handler handler;
};

std::string in_lower_case(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

HttpRequest request_of(http::request<http::string_body>&& message) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  split_target(request.target, request);
  for (const auto& field : message)
    request.headers.insert_or_assign(in_lower_case({field.name_string().data(), field.name_string().size()}),
                                     std::string(field.value()));
  request.body = std::move(message.body());
  return request;
}

// One connection: a request, its answer, the next request.
class Session final : public Reply, public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, std::shared_ptr<const Service> service)
      : stream_(std::move(socket)), service_(std::move(service)) {}

  void read() {
    parser_.emplace();
    parser_->body_limit(service_->options.max_body_bytes);
    parser_->header_limit(static_cast<std::uint32_t>(service_->options.max_header_bytes));
    stream_.expires_after(kSilence);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](BoostError error, std::size_t) {
                              if (error) return self->ended(error);
                              self->read_body();
                            });
  }

  void answer(const HttpAnswer& answer) override {
    if (!waits_) return;
    waits_ = false;
    send(answer, version_, keep_alive_);
  }

  void drop(Drop how) override {
    if (!waits_) return;
    waits_ = false;
    BoostError ignored;
    if (how == Drop::reset) (void)stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
    (void)stream_.socket().close(ignored);
  }

 private:
  void read_body() {
    const auto expects = parser_->get()[http::field::expect];
    if (in_lower_case({expects.data(), expects.size()}) != "100-continue") return read_rest();
    continue_ = {http::status::continue_, 11};
    http::async_write(stream_, continue_, [self = shared_from_this()](BoostError error, std::size_t) {
      if (error) return self->close();
      self->read_rest();
    });
  }

  void read_rest() {
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](BoostError error, std::size_t) {
      if (error) return self->ended(error);
      self->handle();
    });
  }

  void handle() {
    version_ = parser_->get().version();
    keep_alive_ = parser_->get().keep_alive();
    is_head_ = parser_->get().method() == http::verb::head;
    waits_ = true;
    stream_.expires_never();
    service_->handler(request_of(parser_->release()), shared_from_this());
  }

  void ended(BoostError error) {
    if (error == http::error::end_of_stream || error == asio::error::operation_aborted ||
        error == beast::error::timeout || error == asio::error::connection_reset)
      return close();
    const unsigned status = error == http::error::body_limit     ? 413
                            : error == http::error::header_limit ? 431
                                                                 : 400;
    send({status, {{"Content-Type", "text/plain"}}, error.message() + "\n"}, 11, false);
  }

  void send(const HttpAnswer& answer, unsigned version, bool keep_alive) {
    response_ = {};
    response_.version(version);
    response_.result(answer.status);
    response_.keep_alive(keep_alive);
    for (const auto& [name, value] : answer.headers) response_.set(name, value);
    const bool may_have_body = answer.status != 204 && answer.status != 304;
    const bool has_length = response_.find(http::field::content_length) != response_.end();
    if (may_have_body && !(is_head_ && has_length)) response_.content_length(answer.body.size());
    if (may_have_body && !is_head_) response_.body() = answer.body;
    stream_.expires_after(kSilence);
    http::async_write(stream_, response_,
                      [self = shared_from_this(), keep_alive](BoostError error, std::size_t) {
                        if (error || !keep_alive) return self->close();
                        self->read();
                      });
  }

  void close() {
    BoostError ignored;
    (void)stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::empty_body> continue_;
  http::response<http::string_body> response_;
  std::shared_ptr<const Service> service_;
  unsigned version_ = 11;
  bool keep_alive_ = false;
  bool is_head_ = false;
  bool waits_ = false;
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
        std::make_shared<Session>(std::move(socket), self->service_)->read();
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
