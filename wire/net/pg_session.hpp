// One connection of a server of PostgreSQL's protocol: start-up, simple and extended queries
// (postgresql.org/docs/15/protocol-flow.html). Each statement is a request to the handler.
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "wire/net/pg_exchange.hpp"
#include "wire/net/pg_side.hpp"
#include "wire/net/server.hpp"

namespace lockstorm::wire::detail {

/// Statements of a simple query, apart from each other; empty ones are left out.
std::vector<std::string> split_statements(std::string_view sql);

class PgSession final : public std::enable_shared_from_this<PgSession> {
 public:
  using Error = boost::system::error_code;
  using Tcp = boost::asio::ip::tcp;

  PgSession(Tcp::socket socket, const ServerOptions& options, Handler handler);
  PgSession(const PgSession&) = delete;
  PgSession& operator=(const PgSession&) = delete;
  ~PgSession();

  /// `read`: what the client has sent already.
  void start(std::string read);

 private:
  class StatementReply;
  struct Prepared {
    std::string sql;
    PgDescription description;
    std::uint64_t trip = 0;  ///< in which round trip
  };
  struct Portal {
    PgStatement statement;
    PgDescription description;
    std::vector<std::uint16_t> formats;
  };

  void read();
  void work();
  void take_start();
  void greet(PgReader& startup);
  void take(const PgMessage& message);
  void parse(PgReader& message);
  void bind(PgReader& message);
  void describe(PgReader& message);
  void execute(PgReader& message);
  void close_named(PgReader& message);
  void query(PgReader& message);
  void run_next_of_query();
  void sync();

  void run(const PgStatement& statement);
  void answered(const HttpAnswer& answer);
  void dropped(Drop how);
  void fail(const PgError& error);
  void violation(const std::string& what) { fail({"08P01", what, true}); }
  void send(std::string bytes) { out_ += std::move(bytes); }
  void flush();
  void shut(Drop how);
  void leave();

  Tcp::socket socket_;
  ServerOptions options_;
  Handler handler_;
  PgSide& side_;
  std::array<char, 16384> chunk_{};
  std::string in_, out_, writing_;
  std::map<std::string, Prepared> prepared_;
  std::map<std::string, Portal> portals_;
  std::vector<std::string> rest_of_query_;  // statements, the next one last
  std::uint32_t session_ = 0;               // 0: none yet, or none any more
  std::uint64_t trip_ = 1;
  Portal running_;
  bool has_started_ = false;
  bool is_simple_ = false;  // what runs is of a simple query
  bool waits_ = false;      // for the answer of a statement
  bool skips_ = false;      // after an error, up to Sync
  bool ends_ = false;       // once everything is written
  bool is_shut_ = false;
  bool is_reading_ = false;
  bool is_working_ = false;
};

}  // namespace lockstorm::wire::detail
