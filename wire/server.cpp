#include "wire/server.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <chrono>
#include <csignal>
#include <optional>

namespace lockstorm::wire {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using BoostError = boost::system::error_code;

constexpr std::chrono::minutes kSilence{2};

std::string in_lower_case(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

HttpRequest request_of(http::request<http::string_body>&& message) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  split_target({message.target().data(), message.target().size()}, request);
  for (const auto& field : message)
    request.headers.insert_or_assign(in_lower_case({field.name_string().data(), field.name_string().size()}),
                                     std::string(field.value()));
  request.body = std::move(message.body());
  return request;
}

// One connection: a request, its answer, the next request.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const ServerOptions& options, const Handler& handler)
      : stream_(std::move(socket)), options_(options), handler_(handler) {}

  void read() {
    parser_.emplace();
    parser_->body_limit(options_.max_body_bytes);
    parser_->header_limit(static_cast<std::uint32_t>(options_.max_header_bytes));
    stream_.expires_after(kSilence);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](BoostError error, std::size_t) { self->answer(error); });
  }

 private:
  void answer(BoostError error) {
    if (error == http::error::end_of_stream || error == asio::error::operation_aborted ||
        error == beast::error::timeout || error == asio::error::connection_reset)
      return close();
    if (error) return refuse(error);
    const bool keep_alive = parser_->get().keep_alive();
    const unsigned version = parser_->get().version();
    const bool is_head = parser_->get().method() == http::verb::head;
    send(handler_(request_of(parser_->release())), version, keep_alive, is_head);
  }

  void refuse(BoostError error) {
    const unsigned status = error == http::error::body_limit     ? 413
                            : error == http::error::header_limit ? 431
                                                                 : 400;
    send({status, {{"Content-Type", "text/plain"}}, error.message() + "\n"}, 11, false, false);
  }

  void send(const HttpAnswer& answer, unsigned version, bool keep_alive, bool is_head) {
    response_ = {};
    response_.version(version);
    response_.result(answer.status);
    response_.keep_alive(keep_alive);
    for (const auto& [name, value] : answer.headers) response_.set(name, value);
    const bool may_have_body = answer.status != 204 && answer.status != 304;
    if (may_have_body) response_.content_length(answer.body.size());
    if (may_have_body && !is_head) response_.body() = answer.body;
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
  http::response<http::string_body> response_;
  const ServerOptions& options_;
  const Handler& handler_;
};

}  // namespace

class Server::Listener {
 public:
  Listener(ServerOptions options, Handler handler)
      : options_(std::move(options)), handler_(std::move(handler)), acceptor_(context_), signals_(context_) {}

  std::optional<std::string> listen() {
    BoostError error;
    const asio::ip::address address = asio::ip::make_address(options_.address, error);
    if (error) return "'" + options_.address + "' is no address";
    const tcp::endpoint endpoint(address, options_.port);
    // Each returns what it has put into `error`, too.
    (void)acceptor_.open(endpoint.protocol(), error);
    if (!error) (void)acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) (void)acceptor_.bind(endpoint, error);
    if (!error) (void)acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return error.message();
    return std::nullopt;
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  void run() {
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    signals_.async_wait([this](BoostError error, int) {
      if (!error) context_.stop();
    });
    accept();
    context_.run();
  }

 private:
  void accept() {
    acceptor_.async_accept([this](BoostError error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error) {
        (void)socket.set_option(tcp::no_delay(true), error);
        std::make_shared<Session>(std::move(socket), options_, handler_)->read();
      }
      accept();
    });
  }

  ServerOptions options_;
  Handler handler_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  asio::signal_set signals_;
};

Server::Server(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&&) noexcept = default;
Server::~Server() = default;

std::expected<Server, std::string> Server::listen(const ServerOptions& options, Handler handler) {
  auto listener = std::make_unique<Listener>(options, std::move(handler));
  if (auto why = listener->listen()) return std::unexpected(*std::move(why));
  return Server(std::move(listener));
}

std::uint16_t Server::port() const { return listener_->port(); }
void Server::run() { listener_->run(); }

}  // namespace lockstorm::wire
