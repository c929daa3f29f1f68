#include "wire/net/pg_session.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace lockstorm::wire::detail {
namespace {

// postgresql.org/docs/15/protocol-message-formats.html: StartupMessage, SSLRequest, GSSENCRequest,
// CancelRequest.
constexpr std::uint32_t kVersion3 = 3U << 16U;
constexpr std::uint32_t kCancelRequest = 1234U << 16U | 5678U;
constexpr std::uint32_t kSslRequest = 1234U << 16U | 5679U;
constexpr std::uint32_t kGssRequest = 1234U << 16U | 5680U;

// What a connection may leave behind.
constexpr std::size_t kMostNamed = 1'000;
constexpr std::size_t kMostStatements = 100;

// Where a literal, a quoted name or a comment that begins at `from` has ended.
std::size_t end_of_quoted(std::string_view sql, std::size_t from) {
  if (sql.substr(from).starts_with("--")) return std::min(sql.find('\n', from), sql.size());
  const char quote = sql[from];
  if (quote != '\'' && quote != '"') return from + 1;
  return std::min(sql.find(quote, from + 1), sql.size() - 1) + 1;
}

}  // namespace

std::vector<std::string> split_statements(std::string_view sql) {
  std::vector<std::string> statements;
  std::size_t begin = 0;
  const auto add = [&](std::size_t end) {
    const std::string_view one = sql.substr(begin, end - begin);
    if (one.find_first_not_of(" \t\r\n") != std::string_view::npos) statements.emplace_back(one);
    begin = end + 1;
  };
  for (std::size_t i = 0; i < sql.size();) {
    if (sql[i] == ';') add(i);
    i = end_of_quoted(sql, i);
  }
  if (begin < sql.size()) add(sql.size());
  return statements;
}

// Hands the answer to its session.
class PgSession::StatementReply final : public Reply {
 public:
  explicit StatementReply(std::shared_ptr<PgSession> session) : session_(std::move(session)) {}
  void answer(const HttpAnswer& answer) override {
    if (const auto session = std::exchange(session_, nullptr)) session->answered(answer);
  }
  void drop(Drop how) override {
    if (const auto session = std::exchange(session_, nullptr)) session->dropped(how);
  }

 private:
  std::shared_ptr<PgSession> session_;
};

PgSession::PgSession(Tcp::socket socket, const ServerOptions& options, Handler handler)
    : socket_(std::move(socket)),
      options_(options),
      handler_(std::move(handler)),
      side_(*options_.sessions) {}

PgSession::~PgSession() = default;

void PgSession::start(std::string read) {
  in_ = std::move(read);
  work();
  this->read();
}

// Also while a statement waits for its answer: a client that goes takes its session with it.
void PgSession::read() {
  if (is_shut_ || is_reading_ || in_.size() > options_.max_body_bytes + chunk_.size()) return;
  is_reading_ = true;
  socket_.async_read_some(boost::asio::buffer(chunk_),
                          [self = shared_from_this()](Error error, std::size_t size) {
                            self->is_reading_ = false;
                            if (error) return self->leave();
                            self->in_.append(self->chunk_.data(), size);
                            self->work();
                            self->read();
                          });
}

// An answer that comes at once goes on in the loop that has asked for it.
void PgSession::work() {
  if (std::exchange(is_working_, true)) return;
  while (!waits_ && !ends_ && !is_shut_) {
    if (!has_started_) {
      const std::size_t before = in_.size();
      take_start();
      if (in_.size() == before) break;
      continue;
    }
    auto message = take_message(in_, options_.max_body_bytes);
    if (!message) {
      violation("invalid message length");
      break;
    }
    if (!*message) break;
    take(**message);
  }
  is_working_ = false;
  flush();
}

void PgSession::take_start() {
  const auto message = take_startup(in_);
  if (!message) return violation("invalid length of startup packet");
  if (!*message) return;
  PgReader reader((*message)->body);
  const std::uint32_t code = reader.int32();
  if (code == kSslRequest || code == kGssRequest) return send("N");
  if (code == kCancelRequest) return shut(Drop::close);
  if (code >> 16U != kVersion3 >> 16U)
    return fail({"0A000", "unsupported frontend protocol: server supports 3.0", true});
  // Another minor version, or options of it, are what the client may do without.
  if (code != kVersion3) send(PgWriter('v').int32(0).int32(0).done());
  greet(reader);
}

void PgSession::greet(PgReader& startup) {
  bool has_user = false;
  while (!startup.at_end()) {
    const std::string name = startup.text();
    if (name.empty()) break;
    const std::string value = startup.text();
    has_user = has_user || (name == "user" && !value.empty());
  }
  if (!startup.good() || !has_user)
    return fail({"28000", "no PostgreSQL user name specified in startup packet", true});
  const auto session = side_.begin();
  if (!session) return fail(session.error());
  session_ = *session;
  has_started_ = true;
  send(PgWriter('R').int32(0).done());
  for (const auto& [name, value] : {std::pair{"server_version", "15.18"},
                                    {"server_encoding", "UTF8"},
                                    {"client_encoding", "UTF8"},
                                    {"DateStyle", "ISO, MDY"},
                                    {"TimeZone", "Etc/UTC"},
                                    {"integer_datetimes", "on"},
                                    {"standard_conforming_strings", "on"}})
    send(PgWriter('S').text(name).text(value).done());
  send(PgWriter('K').int32(session_).int32(0).done() + ready_message());
}

void PgSession::take(const PgMessage& message) {
  if (message.type == 'X') {
    ends_ = true;
    return;
  }
  if (message.type == 'S') return sync();
  if (skips_) return;
  PgReader reader(message.body);
  switch (message.type) {
    case 'Q':
      return query(reader);
    case 'P':
      return parse(reader);
    case 'B':
      return bind(reader);
    case 'D':
      return describe(reader);
    case 'E':
      return execute(reader);
    case 'C':
      return close_named(reader);
    case 'H':
      return flush();
    case 'd':  // COPY, of which nothing was begun
    case 'c':
    case 'f':
      return;
    case 'F':
      return fail({"0A000", "function calls are not supported"});
    default:
      return violation("invalid frontend message type " +
                       std::to_string(static_cast<unsigned char>(message.type)));
  }
}

void PgSession::parse(PgReader& message) {
  const std::string name = message.text();
  Prepared prepared{message.text(), {}, trip_};
  if (!message.good()) return violation("invalid string in message");
  auto description = side_.describe(prepared.sql);
  if (!description) return fail(description.error());
  if (!name.empty() && prepared_.contains(name))
    return fail({"42P05", "prepared statement \"" + name + "\" already exists"});
  if (prepared_.size() >= kMostNamed) return fail({"54000", "too many prepared statements"});
  prepared.description = *std::move(description);
  prepared_[name] = std::move(prepared);
  send(PgWriter('1').done());
}

void PgSession::bind(PgReader& message) {
  const std::string portal = message.text();
  const std::string name = message.text();
  std::vector<std::uint16_t> formats(message.int16());
  for (std::uint16_t& format : formats) format = message.int16();
  std::vector<PgValue> values(message.int16());
  for (PgValue& value : values) value = message.value();
  Portal made;
  made.formats.resize(message.int16());
  for (std::uint16_t& format : made.formats) format = message.int16();
  if (!message.good()) return violation("invalid message format");
  const auto prepared = prepared_.find(name);
  if (prepared == prepared_.end())
    return fail({"26000", name.empty() ? "unnamed prepared statement does not exist"
                                       : "prepared statement \"" + name + "\" does not exist"});
  made.description = prepared->second.description;
  const std::vector<PgType>& types = made.description.parameters;
  if (values.size() != types.size())
    return fail({"08P01", "bind message supplies " + std::to_string(values.size()) +
                              " parameters, but prepared statement \"" + name + "\" requires " +
                              std::to_string(types.size())});
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint16_t format = formats.empty() ? 0 : formats[formats.size() == 1 ? 0 : i % formats.size()];
    if (format == 0 || !values[i]) continue;
    values[i] = text_of_binary(*values[i], types[i]);
    if (!values[i]) return fail({"22P03", "incorrect binary data format in bind parameter"});
  }
  if (portals_.size() >= kMostNamed) return fail({"54000", "too many portals"});
  made.statement = {session_, prepared->second.sql, std::move(values), prepared->second.trip != trip_};
  portals_[portal] = std::move(made);
  send(PgWriter('2').done());
}

void PgSession::describe(PgReader& message) {
  const bool is_statement = message.byte() == 'S';
  const std::string name = message.text();
  const auto prepared = prepared_.find(name);
  const auto portal = portals_.find(name);
  if (is_statement ? prepared == prepared_.end() : portal == portals_.end())
    return fail(is_statement ? PgError{"26000", "prepared statement \"" + name + "\" does not exist"}
                             : PgError{"34000", "portal \"" + name + "\" does not exist"});
  const PgDescription& known = is_statement ? prepared->second.description : portal->second.description;
  if (is_statement) send(parameter_description(known.parameters));
  if (!known.has_rows) return send(PgWriter('n').done());
  send(row_description(known.columns, is_statement ? std::vector<std::uint16_t>{} : portal->second.formats));
}

void PgSession::execute(PgReader& message) {
  const std::string name = message.text();
  const std::uint32_t most_rows = message.int32();
  const auto portal = portals_.find(name);
  if (portal == portals_.end()) return fail({"34000", "portal \"" + name + "\" does not exist"});
  if (most_rows != 0) return fail({"0A000", "a limit of rows is not supported"});
  running_ = std::move(portal->second);
  portals_.erase(portal);
  is_simple_ = false;
  run(running_.statement);
}

void PgSession::close_named(PgReader& message) {
  const bool is_statement = message.byte() == 'S';
  const std::string name = message.text();
  if (is_statement) prepared_.erase(name);
  if (!is_statement) portals_.erase(name);
  send(PgWriter('3').done());
}

void PgSession::sync() {
  skips_ = false;
  portals_.clear();  // none outlives its transaction
  ++trip_;
  send(ready_message());
}

// A simple query takes the unnamed statement away (postgres.c: exec_simple_query).
void PgSession::query(PgReader& message) {
  const std::string sql = message.text();
  if (!message.good()) return violation("invalid string in message");
  prepared_.erase("");
  rest_of_query_ = split_statements(sql);
  if (rest_of_query_.size() > kMostStatements) return violation("too many statements in one query");
  std::ranges::reverse(rest_of_query_);
  if (rest_of_query_.empty()) send(PgWriter('I').done());
  run_next_of_query();
}

void PgSession::run_next_of_query() {
  if (rest_of_query_.empty()) return sync();
  is_simple_ = true;
  running_ = {};
  running_.statement.session = session_;
  running_.statement.sql = std::move(rest_of_query_.back());
  rest_of_query_.pop_back();
  run(running_.statement);
}

void PgSession::run(const PgStatement& statement) {
  auto request = request_of(statement);
  if (!request) return answered(answer_of(request.error()));
  waits_ = true;
  handler_(*std::move(request), std::make_shared<StatementReply>(shared_from_this()));
}

void PgSession::answered(const HttpAnswer& answer) {
  waits_ = false;
  if (is_shut_) return;
  const auto result = result_of(answer);
  if (!result) {
    rest_of_query_.clear();
    fail(result.error());
    if (is_simple_ && !ends_) sync();
    work();
    return read();
  }
  if (!result->warning.empty()) send(warning_message(result->warning));
  if (is_simple_ && !result->columns.empty()) send(row_description(result->columns, {}));
  for (const auto& row : result->rows) send(data_row(row, result->columns, running_.formats));
  send(PgWriter('C').text(result->tag).done());
  if (is_simple_) run_next_of_query();
  work();
  read();
}

void PgSession::fail(const PgError& error) {
  send(error_message(error));
  skips_ = true;
  ends_ = ends_ || error.is_fatal;
}

// The client's end of it; whether the server notices is its own affair.
void PgSession::dropped(Drop how) {
  waits_ = false;
  if (session_ != 0) side_.lose(std::exchange(session_, 0));
  shut(how);
}

void PgSession::flush() {
  if (!writing_.empty() || is_shut_) return;
  if (out_.empty()) {
    if (ends_) shut(Drop::close);
    return;
  }
  writing_ = std::exchange(out_, {});
  boost::asio::async_write(socket_, boost::asio::buffer(writing_),
                           [self = shared_from_this()](Error error, std::size_t) {
                             self->writing_.clear();
                             if (error) return self->leave();
                             self->flush();
                           });
}

void PgSession::leave() {
  if (session_ != 0) side_.end(std::exchange(session_, 0));
  shut(Drop::close);
}

void PgSession::shut(Drop how) {
  if (std::exchange(is_shut_, true)) return;
  if (session_ != 0) side_.end(std::exchange(session_, 0));
  Error ignored;
  if (how == Drop::reset) (void)socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  (void)socket_.close(ignored);
}

}  // namespace lockstorm::wire::detail
