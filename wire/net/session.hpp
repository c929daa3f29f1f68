// One connection of a server: a request, its answer, the next request; in TLS or not.
#pragma once

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/core/detect_ssl.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "wire/net/blind_tunnel.hpp"
#include "wire/net/server.hpp"
#include "wire/net/tls.hpp"

namespace lockstorm::wire::detail {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using BoostError = boost::system::error_code;

inline constexpr std::chrono::minutes kSilence{2};

// What sessions share; it outlives the server as long as one of them waits for an answer.
struct Service {
  ServerOptions options;
  Handler handler;
};

inline HttpRequest request_of(http::request<http::string_body>&& message) {
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

using PlainStream = beast::tcp_stream;
using TlsStream = asio::ssl::stream<beast::tcp_stream>;

void start_tls(PlainStream stream, beast::flat_buffer buffer, std::shared_ptr<const Service> service);

template <class Stream>
class Session final : public Reply, public std::enable_shared_from_this<Session<Stream>> {
 public:
  static constexpr bool kIsTls = std::is_same_v<Stream, TlsStream>;

  /// `buffer`: what has been read of the stream already.
  Session(Stream stream, beast::flat_buffer buffer, std::shared_ptr<const Service> service)
      : stream_(std::move(stream)), buffer_(std::move(buffer)), service_(std::move(service)) {}

  void start()
    requires kIsTls
  {
    lowest().expires_after(kSilence);
    stream_.async_handshake(asio::ssl::stream_base::server, buffer_.cdata(),
                            [self = this->shared_from_this()](BoostError error, std::size_t used) {
                              if (error) return;
                              self->buffer_.consume(used);
                              self->read();
                            });
  }

  void read() {
    parser_.emplace();
    parser_->body_limit(service_->options.max_body_bytes);
    parser_->header_limit(static_cast<std::uint32_t>(service_->options.max_header_bytes));
    lowest().expires_after(kSilence);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = this->shared_from_this()](BoostError error, std::size_t) {
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
    if (how == Drop::reset) (void)lowest().socket().set_option(asio::socket_base::linger(true, 0), ignored);
    (void)lowest().socket().close(ignored);
  }

 private:
  void read_body() {
    const auto expects = parser_->get()[http::field::expect];
    if (in_lower_case({expects.data(), expects.size()}) != "100-continue") return read_rest();
    continue_ = {http::status::continue_, 11};
    http::async_write(stream_, continue_, [self = this->shared_from_this()](BoostError error, std::size_t) {
      if (error) return self->close();
      self->read_rest();
    });
  }

  void read_rest() {
    http::async_read(stream_, buffer_, *parser_,
                     [self = this->shared_from_this()](BoostError error, std::size_t) {
                       if (error) return self->ended(error);
                       self->handle();
                     });
  }

  void handle() {
    version_ = parser_->get().version();
    keep_alive_ = parser_->get().keep_alive();
    is_head_ = parser_->get().method() == http::verb::head;
    waits_ = true;
    lowest().expires_never();
    if constexpr (!kIsTls) {
      if (parser_->get().method() == http::verb::connect && service_->options.tls != nullptr) return tunnel();
    }
    service_->handler(request_of(parser_->release()), this->shared_from_this());
  }

  // RFC 9110, 9.3.6: the other end of the tunnel is this server itself, in TLS.
  void tunnel() {
    const std::string target(parser_->get().target());
    const std::string host = target.substr(0, target.rfind(':'));
    const bool is_own = service_->options.tunnels && service_->options.tunnels(host);
    if (!is_own && service_->options.passes_on) return pass_on(target);
    if (!is_own)
      return answer({403, {{"Content-Type", "text/plain"}}, "this proxy does not reach " + host + "\n"});
    waits_ = false;
    continue_ = {http::status::ok, 11};
    http::async_write(stream_, continue_, [self = this->shared_from_this()](BoostError error, std::size_t) {
      if (error) return self->close();
      start_tls(std::move(self->stream_), std::move(self->buffer_), self->service_);
    });
  }

  void pass_on(const std::string& target) {
    const std::size_t colon = target.rfind(':');
    std::string host = target.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const std::string port = colon == std::string::npos ? "443" : target.substr(colon + 1);
    auto other = std::make_shared<BlindTunnel>(lowest().release_socket());
    waits_ = false;
    other->connect(host, port, [self = this->shared_from_this(), other](BoostError error) {
      self->continue_ = {error ? http::status::bad_gateway : http::status::ok, 11};
      std::string read = beast::buffers_to_string(self->buffer_.data());
      http::async_write(other->client(), self->continue_,
                        [self, other, error, read](BoostError failed, std::size_t) {
                          if (!failed && !error) other->pass(read);
                        });
    });
  }

  void ended(BoostError error) {
    if (error == http::error::end_of_stream || error == asio::ssl::error::stream_truncated ||
        error == asio::error::operation_aborted || error == beast::error::timeout ||
        error == asio::error::connection_reset)
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
    lowest().expires_after(kSilence);
    http::async_write(stream_, response_,
                      [self = this->shared_from_this(), keep_alive](BoostError error, std::size_t) {
                        if (error || !keep_alive) return self->close();
                        self->read();
                      });
  }

  void close() {
    if constexpr (kIsTls) {
      lowest().expires_after(kSilence);
      stream_.async_shutdown([self = this->shared_from_this()](BoostError) {});
    } else {
      BoostError ignored;
      (void)stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    }
  }

  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  Stream stream_;
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

inline void start_tls(PlainStream stream, beast::flat_buffer buffer, std::shared_ptr<const Service> service) {
  asio::ssl::context& context = service->options.tls->context();
  std::make_shared<Session<TlsStream>>(TlsStream(std::move(stream), context), std::move(buffer),
                                       std::move(service))
      ->start();
}

// Who begins with TLS gets TLS, where the server has it.
class Greeting final : public std::enable_shared_from_this<Greeting> {
 public:
  Greeting(tcp::socket socket, std::shared_ptr<const Service> service)
      : stream_(std::move(socket)), service_(std::move(service)) {}

  void start() {
    if (service_->options.tls == nullptr) return start_plain();
    stream_.expires_after(kSilence);
    beast::async_detect_ssl(stream_, buffer_, [self = shared_from_this()](BoostError error, bool is_tls) {
      if (error) return;
      if (!is_tls) return self->start_plain();
      start_tls(std::move(self->stream_), std::move(self->buffer_), self->service_);
    });
  }

 private:
  void start_plain() {
    std::make_shared<Session<PlainStream>>(std::move(stream_), std::move(buffer_), service_)->read();
  }

  PlainStream stream_;
  beast::flat_buffer buffer_;
  std::shared_ptr<const Service> service_;
};

}  // namespace lockstorm::wire::detail
