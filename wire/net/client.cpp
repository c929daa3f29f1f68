#include "wire/net/client.hpp"

#include <openssl/ssl.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <memory>
#include <optional>

namespace lockstorm::wire {
namespace {

namespace client_asio = boost::asio;
namespace client_http = boost::beast::http;
using ClientError = boost::system::error_code;

constexpr std::uint64_t kMostAnswerBytes = std::uint64_t{256} << 20U;

using Plain = boost::beast::tcp_stream;
using Encrypted = client_asio::ssl::stream<Plain>;

Plain stream_of(Loop& loop, std::type_identity<Plain>) { return Plain(loop.context()); }
Encrypted stream_of(Loop& loop, std::type_identity<Encrypted>) { return {loop.context(), loop.trusted()}; }

// One request and its answer.
template <class Stream>
class Question : public std::enable_shared_from_this<Question<Stream>> {
 public:
  Question(Loop& loop, const Url& where, const HttpRequest& request, OnAnswer on_answer)
      : resolver_(loop.context()),
        stream_(stream_of(loop, std::type_identity<Stream>{})),
        where_(where),
        on_answer_(std::move(on_answer)) {
    message_.method_string(request.method);
    message_.target(request.target);
    message_.version(11);
    message_.set(client_http::field::host, where.authority());
    message_.set(client_http::field::connection, "close");
    for (const auto& [name, value] : request.headers) message_.set(name, value);
    message_.body() = request.body;
    if (!request.body.empty() || request.method != "GET") message_.prepare_payload();
    parser_.body_limit(kMostAnswerBytes);
    if (request.method == "HEAD") parser_.skip(true);
  }

  void start(std::chrono::milliseconds longest) {
    lowest().expires_after(longest);
    resolver_.async_resolve(where_.host, std::to_string(where_.port),
                            [self = this->shared_from_this()](ClientError error, const auto& found) {
                              if (error) return self->fail(error);
                              self->connect(found);
                            });
  }

 private:
  void connect(const client_asio::ip::tcp::resolver::results_type& found) {
    lowest().async_connect(found, [self = this->shared_from_this()](ClientError error, const auto&) {
      if (error) return self->fail(error);
      if constexpr (std::is_same_v<Stream, Encrypted>) {
        self->shake_hands();
      } else {
        self->write();
      }
    });
  }

  // Whoever answers must be whom the URL names (RFC 9110, 4.3.4), and is told so beforehand (RFC 6066, 3).
  void shake_hands() {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-cstyle-cast): OpenSSL's own macro.
    SSL_set_tlsext_host_name(stream_.native_handle(), where_.host.c_str());
    stream_.set_verify_mode(client_asio::ssl::verify_peer);
    stream_.set_verify_callback(client_asio::ssl::host_name_verification(where_.host));
    stream_.async_handshake(client_asio::ssl::stream_base::client,
                            [self = this->shared_from_this()](ClientError error) {
                              if (error) return self->fail(error);
                              self->write();
                            });
  }

  void write() {
    client_http::async_write(stream_, message_,
                             [self = this->shared_from_this()](ClientError failed, std::size_t) {
                               if (failed) return self->fail(failed);
                               self->read();
                             });
  }

  void read() {
    client_http::async_read(stream_, buffer_, parser_,
                            [self = this->shared_from_this()](ClientError error, std::size_t) {
                              if (error) return self->fail(error);
                              self->end();
                            });
  }

  void end() {
    HttpAnswer answer;
    answer.status = parser_.get().result_int();
    for (const auto& field : parser_.get())
      answer.headers.insert_or_assign(std::string(field.name_string()), std::string(field.value()));
    answer.body = parser_.get().body();
    std::exchange(on_answer_, nullptr)(std::move(answer));
  }

  void fail(ClientError error) {
    if (on_answer_) std::exchange(on_answer_, nullptr)(std::unexpected(error.message()));
  }

  Plain& lowest() { return boost::beast::get_lowest_layer(stream_); }

  client_asio::ip::tcp::resolver resolver_;
  Stream stream_;
  boost::beast::flat_buffer buffer_;
  client_http::request<client_http::string_body> message_;
  client_http::response_parser<client_http::string_body> parser_;
  Url where_;
  OnAnswer on_answer_;
};

}  // namespace

std::string Url::authority() const {
  const bool is_default = (scheme == "http" && port == 80) || (scheme == "https" && port == 443);
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return is_default ? name : name + ":" + std::to_string(port);
}

std::expected<Url, std::string> parse_url(std::string_view text) {
  Url url;
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0) return std::unexpected("is no URL");
  url.scheme = std::string(text.substr(0, colon));
  std::string_view rest = text.substr(colon + 3);
  const std::size_t slash = std::min(rest.find_first_of("/?#"), rest.size());
  std::string_view authority = rest.substr(0, slash);
  rest = rest.substr(slash, rest.find('#') == std::string_view::npos ? rest.size() : rest.find('#') - slash);
  url.target = rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
  if (authority.find('@') != std::string_view::npos)
    return std::unexpected("has credentials in it, which do not belong on a command line");
  url.port = url.scheme == "https" ? 443 : 80;
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
  const std::size_t port_at = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (port_at != std::string_view::npos) {
    const std::string_view port = authority.substr(port_at + 1);
    const auto read = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (read.ec != std::errc() || read.ptr != port.data() + port.size() || url.port == 0)
      return std::unexpected("has no port number after the host");
    authority = authority.substr(0, port_at);
  }
  if (bracket != std::string_view::npos) authority = authority.substr(1, bracket - 1);
  if (authority.empty()) return std::unexpected("names no host");
  url.host = std::string(authority);
  return url;
}

void send_request(Loop& loop, const Url& where, const HttpRequest& request, std::chrono::milliseconds longest,
                  OnAnswer on_answer) {
  if (where.scheme == "https") {
    std::make_shared<Question<Encrypted>>(loop, where, request, std::move(on_answer))->start(longest);
  } else {
    std::make_shared<Question<Plain>>(loop, where, request, std::move(on_answer))->start(longest);
  }
}

std::expected<HttpAnswer, std::string> ask(Loop& loop, const Url& where, const HttpRequest& request,
                                           std::chrono::milliseconds longest) {
  std::optional<std::expected<HttpAnswer, std::string>> answer;
  send_request(loop, where, request, longest, [&](auto result) { answer = std::move(result); });
  // The stream's own time limit ends it, so that nobody calls back later.
  loop.run_until([&] { return answer.has_value(); }, longest + std::chrono::minutes(1));
  return answer ? *std::move(answer) : std::unexpected(std::string("no answer in time"));
}

}  // namespace lockstorm::wire
