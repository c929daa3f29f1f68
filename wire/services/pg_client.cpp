#include "wire/services/pg_client.hpp"

#include <openssl/ssl.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <random>
#include <utility>

#include "wire/services/base64.hpp"
#include "wire/services/pg_password.hpp"

namespace lockstorm::wire {
namespace {

namespace pg_asio = boost::asio;
using PgTcp = pg_asio::ip::tcp;
using PgBoostError = boost::system::error_code;

constexpr std::size_t kMostMessageBytes = std::size_t{256} << 20U;
constexpr std::uint32_t kProtocol3 = 3U << 16U;
constexpr std::uint32_t kSslRequestCode = 1234U << 16U | 5679U;

PgError no_connection(const std::string& why) { return {"08001", why, true}; }
PgError lost_connection(const std::string& why) { return {"08006", why, true}; }

std::string unused_nonce() {
  std::random_device device;
  std::string bytes;
  for (unsigned i = 0; i < 18; ++i) bytes += static_cast<char>(device() & 0xFFU);
  return encode_base64(bytes);
}

}  // namespace

class PgClient::Connection : public std::enable_shared_from_this<Connection> {
 public:
  using OnReady = std::function<void(std::expected<void, PgError>)>;

  Connection(Loop& loop, PgTarget target)
      : target_(std::move(target)),
        resolver_(loop.context()),
        stream_(loop.context(), loop.trusted()),
        timer_(loop.context()) {}

  void connect(std::chrono::milliseconds longest, OnReady on_ready) {
    on_ready_ = std::move(on_ready);
    limit(longest);
    resolver_.async_resolve(target_.host, std::to_string(target_.port),
                            [self = shared_from_this()](PgBoostError error, const auto& found) {
                              if (error) return self->fail(no_connection(error.message()));
                              self->reach(found);
                            });
  }

  void run(std::chrono::milliseconds longest, const std::string& sql, const std::vector<PgValue>& parameters,
           OnResult on_result, PgTrip trip) {
    if (!is_open_) return on_result(std::unexpected(lost_connection("the connection is closed")));
    on_result_ = std::move(on_result);
    result_ = {};
    error_.reset();
    limit(longest);
    std::string messages;
    if (trip == PgTrip::simple) return write(PgWriter('Q').text(sql).done());
    if (trip != PgTrip::bind) messages += PgWriter('P').text("").text(sql).int16(0).done();
    if (trip != PgTrip::prepare) {
      PgWriter bind('B');
      bind.text("").text("").int16(0).int16(static_cast<std::uint16_t>(parameters.size()));
      for (const PgValue& parameter : parameters) bind.value(parameter);
      messages += bind.int16(0).done() + PgWriter('D').byte('P').text("").done() +
                  PgWriter('E').text("").int32(0).done();
    }
    messages += PgWriter('S').done();
    write(std::move(messages));
  }

  void close() {
    if (is_open_) out_ = PgWriter('X').done();
    is_open_ = false;
    if (!out_.empty()) {
      PgBoostError ignored;
      if (is_tls_) pg_asio::write(stream_, pg_asio::buffer(out_), ignored);
      if (!is_tls_) pg_asio::write(stream_.next_layer(), pg_asio::buffer(out_), ignored);
    }
    end();
  }

  void end() {
    is_open_ = false;
    timer_.cancel();
    PgBoostError ignored;
    (void)stream_.next_layer().close(ignored);
  }

  [[nodiscard]] bool is_open() const { return is_open_; }

 private:
  void limit(std::chrono::milliseconds longest) {
    timer_.expires_after(longest);
    timer_.async_wait([self = weak_from_this()](PgBoostError error) {
      const auto connection = self.lock();
      if (!error && connection) connection->fail(lost_connection("no answer in time"));
    });
  }

  void reach(const PgTcp::resolver::results_type& found) {
    pg_asio::async_connect(stream_.next_layer(), found,
                           [self = shared_from_this()](PgBoostError error, const auto&) {
                             if (error) return self->fail(no_connection(error.message()));
                             (void)self->stream_.next_layer().set_option(PgTcp::no_delay(true), error);
                             if (self->target_.tls == PgTls::disable) return self->start();
                             self->ask_for_tls();
                           });
  }

  void ask_for_tls() {
    out_ = PgWriter('\0').int32(kSslRequestCode).done();
    pg_asio::async_write(stream_.next_layer(), pg_asio::buffer(out_),
                         [self = shared_from_this()](PgBoostError error, std::size_t) {
                           if (error) return self->fail(no_connection(error.message()));
                           pg_asio::async_read(self->stream_.next_layer(),
                                               pg_asio::buffer(self->chunk_.data(), 1),
                                               [self](PgBoostError failed, std::size_t) {
                                                 if (failed)
                                                   return self->fail(no_connection(failed.message()));
                                                 if (self->chunk_[0] == 'S') return self->shake_hands();
                                                 if (self->target_.tls == PgTls::prefer) return self->start();
                                                 self->fail(no_connection("the server does not speak TLS"));
                                               });
                         });
  }

  void shake_hands() {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-cstyle-cast): OpenSSL's own macro.
    SSL_set_tlsext_host_name(stream_.native_handle(), target_.host.c_str());
    const bool verifies = target_.tls == PgTls::verify;
    stream_.set_verify_mode(verifies ? pg_asio::ssl::verify_peer : pg_asio::ssl::verify_none);
    if (verifies) stream_.set_verify_callback(pg_asio::ssl::host_name_verification(target_.host));
    stream_.async_handshake(pg_asio::ssl::stream_base::client,
                            [self = shared_from_this()](PgBoostError error) {
                              if (error) return self->fail(no_connection(error.message()));
                              self->is_tls_ = true;
                              self->start();
                            });
  }

  void start() {
    PgWriter startup('\0');
    startup.int32(kProtocol3).text("user").text(target_.user);
    if (!target_.database.empty()) startup.text("database").text(target_.database);
    startup.text("application_name").text("lockstorm").byte(0);
    write(startup.done());
    read();
  }

  void write(std::string bytes) {
    out_ = std::move(bytes);
    const auto written = [self = shared_from_this()](PgBoostError error, std::size_t) {
      if (error) self->fail(lost_connection(error.message()));
    };
    if (is_tls_) return pg_asio::async_write(stream_, pg_asio::buffer(out_), written);
    pg_asio::async_write(stream_.next_layer(), pg_asio::buffer(out_), written);
  }

  void read() {
    const auto on_read = [self = shared_from_this()](PgBoostError error, std::size_t size) {
      if (error) return self->fail(lost_connection(error.message()));
      self->in_.append(self->chunk_.data(), size);
      if (self->take_all()) self->read();
    };
    if (is_tls_) return stream_.async_read_some(pg_asio::buffer(chunk_), on_read);
    stream_.next_layer().async_read_some(pg_asio::buffer(chunk_), on_read);
  }

  // False: there is no more to read.
  bool take_all() {
    while (true) {
      auto message = take_message(in_, kMostMessageBytes);
      if (!message) {
        fail(lost_connection("the server's message has no valid length"));
        return false;
      }
      if (!*message) return true;
      take(**message);
      if (!stream_.next_layer().is_open()) return false;
    }
  }

  void take(const PgMessage& message) {
    PgReader reader(message.body);
    switch (message.type) {
      case 'R':
        return prove(reader);
      case 'T':
        return describe(reader);
      case 'D': {
        auto& row = result_.rows.emplace_back(reader.int16());
        for (PgValue& value : row) value = reader.value();
        return;
      }
      case 'C':
        result_.tag = reader.text();
        return;
      case 'N':
        result_.warning = error_in(message.body).message;
        return;
      case 'E':
        error_ = error_in(message.body);
        if (!is_open_ || error_->is_fatal) fail(*error_);
        return;
      case 'Z':
        return ready();
      default:
        return;
    }
  }

  void describe(PgReader& reader) {
    result_.columns.clear();
    for (unsigned left = reader.int16(); left > 0; --left) {
      PgColumn column{reader.text(), PgType::text};
      reader.int32();
      reader.int16();
      column.type = static_cast<PgType>(reader.int32());
      reader.int16();
      reader.int32();
      reader.int16();
      result_.columns.push_back(std::move(column));
    }
  }

  // protocol-message-formats.html: AuthenticationOk, ...CleartextPassword, ...MD5Password, ...SASL and on.
  void prove(PgReader& reader) {
    constexpr std::uint32_t kClear = 3, kMd5 = 5, kSasl = 10, kSaslContinue = 11, kSaslFinal = 12;
    const std::uint32_t how = reader.int32();
    if (how == 0) return;
    if (how != kSaslFinal && target_.password.empty())
      return fail({"28P01", "the server wants a password, and there is none", true});
    switch (how) {
      case kClear:
        return write(PgWriter('p').text(target_.password).done());
      case kMd5:
        return write(PgWriter('p').text(md5_password(target_.user, target_.password, reader.rest())).done());
      case kSasl: {
        bool is_known = false;
        while (!reader.at_end()) is_known = reader.text() == "SCRAM-SHA-256" || is_known;
        if (!is_known) break;
        scram_.emplace(target_.password, unused_nonce());
        const std::string first = scram_->first_message();
        return write(PgWriter('p')
                         .text("SCRAM-SHA-256")
                         .int32(static_cast<std::uint32_t>(first.size()))
                         .bytes(first)
                         .done());
      }
      case kSaslContinue: {
        if (!scram_) break;
        const auto last = scram_->final_message(reader.rest());
        if (!last) return fail({"28P01", last.error(), true});
        return write(PgWriter('p').bytes(*last).done());
      }
      case kSaslFinal:
        if (scram_ && scram_->is_server(reader.rest())) return;
        return fail({"28P01", "the server does not know the password itself", true});
      default:
        break;
    }
    fail({"28000", "the server wants a proof of identity that is not supported here", true});
  }

  void ready() {
    timer_.cancel();
    if (const auto on_ready = std::exchange(on_ready_, nullptr)) {
      is_open_ = true;
      return on_ready({});
    }
    if (const auto on_result = std::exchange(on_result_, nullptr))
      on_result(error_ ? Result(std::unexpected(*std::exchange(error_, std::nullopt))) : Result(result_));
  }

  void fail(const PgError& error) {
    end();
    if (const auto on_ready = std::exchange(on_ready_, nullptr)) on_ready(std::unexpected(error));
    if (const auto on_result = std::exchange(on_result_, nullptr)) on_result(std::unexpected(error));
  }

  PgTarget target_;
  PgTcp::resolver resolver_;
  pg_asio::ssl::stream<PgTcp::socket> stream_;
  pg_asio::steady_timer timer_;
  std::array<char, 16384> chunk_{};
  std::string in_, out_;
  std::optional<Scram> scram_;
  OnReady on_ready_;
  OnResult on_result_;
  PgResult result_;
  std::optional<PgError> error_;
  bool is_tls_ = false;
  bool is_open_ = false;
};

PgClient::PgClient(Loop& loop, PgTarget target, std::chrono::milliseconds longest)
    : loop_(&loop), longest_(longest), connection_(std::make_shared<Connection>(loop, std::move(target))) {}
PgClient::PgClient(PgClient&&) noexcept = default;
PgClient& PgClient::operator=(PgClient&& other) noexcept {
  std::swap(loop_, other.loop_);
  std::swap(longest_, other.longest_);
  std::swap(connection_, other.connection_);
  return *this;
}
PgClient::~PgClient() {
  if (connection_) connection_->end();
}

void PgClient::connect(std::function<void(std::expected<void, PgError>)> on_ready) {
  connection_->connect(longest_, std::move(on_ready));
}

void PgClient::run(const std::string& sql, const std::vector<PgValue>& parameters, OnResult on_result,
                   PgTrip trip) {
  connection_->run(longest_, sql, parameters, std::move(on_result), trip);
}

std::expected<void, PgError> PgClient::connect() {
  std::optional<std::expected<void, PgError>> ready;
  connect([&](auto result) { ready = std::move(result); });
  loop_->run_until([&] { return ready.has_value(); }, longest_ + std::chrono::minutes(1));
  return ready ? *std::move(ready) : std::unexpected(no_connection("no answer in time"));
}

PgClient::Result PgClient::run(const std::string& sql, const std::vector<PgValue>& parameters, PgTrip trip) {
  std::optional<Result> result;
  run(sql, parameters, [&](Result one) { result = std::move(one); }, trip);
  loop_->run_until([&] { return result.has_value(); }, longest_ + std::chrono::minutes(1));
  return result ? *std::move(result) : std::unexpected(lost_connection("no answer in time"));
}

bool PgClient::is_open() const { return connection_->is_open(); }
void PgClient::close() { connection_->close(); }

}  // namespace lockstorm::wire
