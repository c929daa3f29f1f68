// The model of Consul, answering real requests: any states, and the sessions that lock them.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "models/services/consul.hpp"
#include "wire/services/consul_pairs.hpp"
#include "wire/services/contents.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::wire {

/// The model decides about locks and writes; kept here are bytes, indexes, and when a session is over: twice
/// its TTL after it was last renewed (backend-protocols.md 4.4.3).
class ConsulServer final : public ModelServer {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit ConsulServer(std::function<Time()> clock = std::chrono::steady_clock::now);

  [[nodiscard]] std::string_view service() const override { return models::Consul::kName; }
  [[nodiscard]] std::expected<RequestName, std::string> name(const HttpRequest& request) const override;
  [[nodiscard]] std::chrono::milliseconds waits(const HttpRequest& request) const override;
  HttpAnswer handle(const HttpRequest& request) override;
  [[nodiscard]] HttpAnswer refuse(const HttpRequest& request, sim::Refusal kind) const override;
  /// Nobody renews its session: from now on it may be over (models::Consul::process_ended).
  void falls_silent(const std::string& lock_id) override;
  void clear() override {
    places_.clear();
    sessions_.clear();
  }
  [[nodiscard]] nlohmann::ordered_json holds() const override;
  /// A lock's key that nobody holds is none to the model.
  [[nodiscard]] unsigned model_status(const HttpRequest& request, const HttpAnswer& answer) const override;

 private:
  struct Session {
    models::LockId id;
    std::string name;
    std::chrono::milliseconds ttl{0}, lock_delay{0};
    Time renewed;
    std::uint64_t index = 0;
    [[nodiscard]] bool is_over(Time now) const {
      return ttl > std::chrono::milliseconds::zero() && now >= renewed + 2 * ttl;
    }
  };
  struct Place {
    models::Consul::Value value;
    Contents contents;
    Time delayed_until;  ///< by the lock-delay
  };
  struct Step;  // one request on its way

  void end_session(const std::string& session);
  [[nodiscard]] std::string session_named(const models::LockId& id) const;
  [[nodiscard]] std::string holder_of(const std::string& state) const;
  [[nodiscard]] std::uint64_t index_of(const ConsulAsked& asked) const;
  HttpAnswer about_session(const ConsulAsked& asked);
  [[nodiscard]] HttpAnswer listed(const ConsulAsked& asked) const;
  [[nodiscard]] HttpAnswer shown(const ConsulAsked& asked, std::string body) const;
  [[nodiscard]] nlohmann::ordered_json shown(const std::string& key, bool with_value) const;
  [[nodiscard]] std::string stored_state(const std::string& state) const;

  models::Consul model_;
  std::function<Time()> clock_;
  std::map<std::string, Place> places_;
  ConsulPairs pairs_;
  [[nodiscard]] bool is_clean_up(const ConsulAsked& asked) const;

  std::map<std::string, Session> sessions_;
  std::uint64_t sessions_so_far_ = 0;
};

}  // namespace lockstorm::wire
