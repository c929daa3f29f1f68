// The model of PostgreSQL, answering real statements: rows of states, and the advisory locks of its sessions.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "models/services/pg_catalog.hpp"
#include "models/services/postgres.hpp"
#include "wire/net/pg_exchange.hpp"
#include "wire/services/contents.hpp"
#include "wire/services/model_server.hpp"
#include "wire/services/postgres_codec.hpp"
#include "wire/services/postgres_sql.hpp"

namespace lockstorm::wire {

/// One database. Each connection is a client of the model with one session, and ends with it. The model
/// decides about every lock and write of a row; kept here are bytes, keys, and what was created.
class PostgresServer final : public ModelServer, public PgSide {
 public:
  /// Sessions at once, as a real server has by default (max_connections).
  static constexpr std::size_t kMostSessions = 100;

  /// `pooled_sessions`, `session_losses`: as models::Postgres has them.
  explicit PostgresServer(std::uint16_t pooled_sessions = 0, std::uint16_t session_losses = 0);

  [[nodiscard]] std::uint16_t pooled_sessions() const { return model_.pooled_sessions; }
  [[nodiscard]] std::string_view service() const override { return models::Postgres::kName; }
  [[nodiscard]] std::string_view second_service() const override { return models::PgCatalog::kName; }
  [[nodiscard]] std::expected<RequestName, std::string> name(const HttpRequest& request) const override;
  HttpAnswer handle(const HttpRequest& request) override;
  [[nodiscard]] HttpAnswer refuse(const HttpRequest& request, sim::Refusal kind) const override;
  [[nodiscard]] unsigned model_status(const HttpRequest& request, const HttpAnswer& answer) const override {
    return status_of_statement(request, answer);
  }
  [[nodiscard]] std::optional<StateText> brings(const HttpRequest& request,
                                                const HttpAnswer& answer) const override {
    return state_in_rows(request, answer);
  }
  [[nodiscard]] std::string model_words(const HttpRequest& request, const HttpAnswer& answer) const override {
    return words_of_statement(request, answer);
  }
  [[nodiscard]] std::string in_short(const HttpRequest& request, const HttpAnswer& answer) const override {
    return rows_in_short(request, answer);
  }
  PgSide* sessions() override { return this; }
  /// What was created stays.
  void clear() override;
  [[nodiscard]] nlohmann::ordered_json holds() const override;

  std::expected<std::uint32_t, PgError> begin() override;
  void end(std::uint32_t session) override;
  void lose(std::uint32_t session) override;
  [[nodiscard]] std::expected<PgDescription, PgError> describe(const std::string& sql) const override;

 private:
  using Key = std::int64_t;
  struct Session {
    sim::Slot slot = 0;
    bool is_lost = false;  ///< by its client; the server has not noticed
    bool creates = false;  ///< it is creating what was missing
    std::string place{};   ///< that it has worked on last
  };
  struct Place {
    Key id = 0;  ///< of the row
    models::StateSnapshot state;
    Contents contents;
  };
  struct Step;  // one statement on its way

  using Answer = std::expected<PgResult, PgError>;
  Answer look(const SqlCall& call, const PgStatement& statement);
  Answer create(const SqlCall& call, Session& session);
  [[nodiscard]] Answer names(const std::string& table) const;
  [[nodiscard]] Answer locks() const;
  Answer on_model(Step& step);
  [[nodiscard]] std::expected<models::Postgres::Request, PgError> request_of_model(Step& step);
  models::Postgres::Response apply(Step& step, const models::Postgres::Request& request);
  [[nodiscard]] Answer result(const Step& step, const models::Postgres::Response& response) const;
  /// The server has ended it; its client learns of that when it sends something.
  [[nodiscard]] bool is_over(const Session& session) const;
  void forget_ended();
  void free_slot(const Session& session);
  [[nodiscard]] bool exists(const SqlCall& call) const;
  [[nodiscard]] bool is_row(Key key) const;

  models::Postgres model_;
  models::PgCatalog catalog_;
  models::Postgres::Value value_;  ///< with the row and the keys of the statement that runs
  std::map<Key, models::Postgres::AdvisoryLock> locks_;
  std::map<std::string, Place> places_;  ///< "schema.table/name"
  std::set<std::string> created_;        ///< schemata, sequences, tables and indices
  std::map<std::uint32_t, Session> sessions_;
  std::uint32_t sessions_so_far_ = 0;
  Key rows_so_far_ = 0;
};

}  // namespace lockstorm::wire
