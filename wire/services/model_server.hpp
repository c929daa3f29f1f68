// A modelled server behind its real protocol, as those see it who serve it, watch it or hold its requests
// back.
#pragma once

#include <chrono>
#include <expected>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>

#include "sim/service.hpp"
#include "wire/net/exchange.hpp"
#include "wire/net/pg_side.hpp"
#include "wire/services/contents.hpp"

namespace lockstorm::wire {

/// A request in the words of the models (`sim::RequestFacts` and the service's `operation`), with what it
/// carries.
struct RequestName {
  std::string operation;  ///< "PutObject"
  std::string object;     ///< "state", ".tflock"
  std::string place;      ///< which of the states the service keeps: "bucket/app/terraform.tfstate"
  std::string lock_id;    ///< that it asks for, releases or writes under; empty: none
  std::optional<StateText> state{};  ///< that it writes
  /// It may change what is stored; false: it only reads, as GET and HEAD of HTTP always do (`named`).
  bool changes = true;
  std::string service{};  ///< of the models, where one server is several; empty: ModelServer::service
  /// The models count it to the request before it.
  bool is_rest = false;
};

class ModelServer {
 public:
  virtual ~ModelServer() = default;

  /// The service's name among the models: "s3".
  [[nodiscard]] virtual std::string_view service() const = 0;
  /// Another service of the models that it is, too; empty: none.
  [[nodiscard]] virtual std::string_view second_service() const { return {}; }
  /// What the models call a request, and whether it is one: or why it is none of this service's, a sentence.
  [[nodiscard]] virtual std::expected<RequestName, std::string> name(const HttpRequest& request) const = 0;
  /// How long a request waits at most for something to change before it is handled: not at all, unless it is
  /// a blocking read of what has not changed yet. It is asked again whenever something may have changed.
  [[nodiscard]] virtual std::chrono::milliseconds waits(const HttpRequest& /*request*/) const { return {}; }
  /// One request, which is atomic. What is no request of the service is answered as that service does.
  virtual HttpAnswer handle(const HttpRequest& request) = 0;
  /// Where the model leaves open what the service does with the next request (sim::AnyService): which of the
  /// alternatives. The first one, unless it is said; what hangs on time is decided by the clock then.
  void choose(unsigned alternative) { chosen_ = alternative; }
  /// The answer of a service that fails by itself.
  [[nodiscard]] virtual HttpAnswer refuse(const HttpRequest& request, sim::Refusal kind) const = 0;
  /// The status that the model gives an answer like this one to a request like that: where it differs from
  /// the real one's, as of what is there and means nothing any more.
  [[nodiscard]] virtual unsigned model_status(const HttpRequest& /*request*/,
                                              const HttpAnswer& answer) const {
    return answer.status;
  }
  /// The model's own words for such an answer, where its status alone does not tell answers apart; empty:
  /// it does.
  [[nodiscard]] virtual std::string model_words(const HttpRequest& /*request*/,
                                                const HttpAnswer& /*answer*/) const {
    return "";
  }
  /// The state that an answer brings; nothing: none, or none that is written out.
  [[nodiscard]] virtual std::optional<StateText> brings(const HttpRequest& /*request*/,
                                                        const HttpAnswer& answer) const {
    return parse_state_text(answer.body);
  }
  /// An answer in a word, for people: its status.
  [[nodiscard]] virtual std::string in_short(const HttpRequest& /*request*/, const HttpAnswer& answer) const {
    return std::to_string(answer.status);
  }
  /// Not null: its clients speak PostgreSQL's protocol, and these are their sessions.
  virtual PgSide* sessions() { return nullptr; }
  /// Whoever has asked for the lock with this id sends nothing more by itself: it was killed, or is frozen.
  virtual void falls_silent(const std::string& /*lock_id*/) {}
  /// All states and locks are gone; workspaces that were made for them stay.
  virtual void clear() = 0;
  /// What it holds, for people and tests: an object with a member for each place, with "state" (lineage,
  /// serial) and "lock" (ID, Operation, Who; "unlock_with", if whoever frees it by force names something else
  /// than the ID) where there is one.
  [[nodiscard]] virtual nlohmann::ordered_json holds() const = 0;

 protected:
  /// Of the request that is being handled; nothing: nobody has said.
  std::optional<unsigned> said() { return std::exchange(chosen_, std::nullopt); }
  /// The same, where the first one stands for what usually happens.
  unsigned chosen() { return said().value_or(0U); }

 private:
  std::optional<unsigned> chosen_{};
};

/// ModelServer::name, which knows of every service that GET and HEAD only read.
inline std::expected<RequestName, std::string> named(const ModelServer& server, const HttpRequest& request) {
  auto name = server.name(request);
  if (name && (request.method == "GET" || request.method == "HEAD")) name->changes = false;
  return name;
}

}  // namespace lockstorm::wire
