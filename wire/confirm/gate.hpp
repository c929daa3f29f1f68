// Where requests of real tools are held until their turn: a port for each actor and service, so that the port
// tells who sent a request (confirm.md 4).
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wire/net/server.hpp"
#include "wire/record/recording.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::wire::confirm {

/// A service behind the gate.
struct Upstream {
  std::string service;
  const Tls* tls = nullptr;  ///< its clients may speak TLS; outlives the gate
  std::string hosts;         ///< whose names end so, of which it is the proxy; empty: of none
  /// A read that waits for a change: it is no step of anybody, unless it is waited for by name.
  std::function<std::chrono::milliseconds(const HttpRequest&)> waits;
  std::function<std::expected<RequestName, std::string>(const HttpRequest&)> name;
  /// The request takes effect, now. Where it is open what the service does: by that alternative of the model.
  std::function<HttpAnswer(const HttpRequest&, unsigned alternative)> handle;
  std::function<HttpAnswer(const HttpRequest&, sim::Refusal)> refuse;
  std::function<unsigned(const HttpRequest&, const HttpAnswer&)> model_status;  ///< ModelServer::model_status
  /// ModelServer::brings.
  std::function<std::optional<StateText>(const HttpRequest&, const HttpAnswer&)> brings;
  std::function<std::string(const HttpRequest&, const HttpAnswer&)> in_short;  ///< ModelServer::in_short
  std::function<std::string(const HttpRequest&, const HttpAnswer&)>
      model_words;                                               ///< ModelServer::model_words
  std::function<void(const std::string& lock_id)> falls_silent;  ///< ModelServer::falls_silent
  PgSide* sessions = nullptr;  ///< not null: its clients speak PostgreSQL's protocol; outlives the gate
};

/// The model itself. It has to outlive the gate.
Upstream upstream_of(ModelServer& server);
/// Provider calls, which are asked for permission and need no server.
Upstream provider();

/// A request that has come, and what has become of it.
struct Held {
  std::size_t actor = 0;
  const Upstream* upstream = nullptr;
  HttpRequest request;
  std::expected<RequestName, std::string> name;
  std::shared_ptr<Reply> reply;
  std::optional<HttpAnswer> answer{};  ///< once it has taken effect, or somebody has made one up
  bool has_effect = false;
  std::chrono::steady_clock::time_point took_effect{};  ///< if it has one
  bool is_claimed = false;  ///< it is the one that a step has waited for, or was let pass
  /// A read that waits for a change, until then at most.
  std::optional<std::chrono::steady_clock::time_point> patient_until{};
  bool is_over = false;  ///< its client has got an answer, or the end of its connection

  /// What it was answered, in a word. Once it was.
  [[nodiscard]] std::string answered() const { return upstream->in_short(request, *answer); }
  /// The service that it asks, as the models call it.
  [[nodiscard]] const std::string& service() const {
    return name && !name->service.empty() ? name->service : upstream->service;
  }
  Fate fate = Fate::open;  ///< which of these
};

class Gate {
 public:
  explicit Gate(Loop& loop) : loop_(loop) {}

  /// The port of an actor's requests to a service; or why nothing can listen, a clause.
  std::expected<std::uint16_t, std::string> open(std::size_t actor, const Upstream& upstream);

  /// Free: everything passes as it comes, also what is held by now and nobody has decided about.
  void set_free(bool is_free);
  /// Answers those that have waited for a change which has come, or long enough.
  void answer_patient();

  /// What has come from the actor and is not claimed, oldest first.
  [[nodiscard]] std::vector<Held*> waiting(std::size_t actor);
  /// All that were ever held, in the order in which they came.
  [[nodiscard]] std::deque<Held>& all() { return held_; }
  void forget() { held_.clear(); }

  static void take_effect(Held& held, unsigned alternative = 0);
  static void answer(Held& held);
  static void drop(Held& held, Drop how);
  /// The session of its connection is lost, which its client does not know yet. Of HTTP nothing is.
  static void lose_session(const Held& held);
  static void pass(Held& held);

 private:
  Loop& loop_;
  bool is_free_ = true;
  std::deque<Held> held_;  // references stay good
  std::deque<Upstream> upstreams_;
  std::vector<Server> servers_;
};

}  // namespace lockstorm::wire::confirm
