// Consul's HTTP API: keys, sessions and transactions (developer.hashicorp.com/consul/api-docs/kv,
// .../session,
// .../txn, .../features/blocking; backend-protocols.md 3.5 and 4.4).
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "models/services/consul.hpp"
#include "wire/net/exchange.hpp"

namespace lockstorm::wire {

/// What a request asks for, in the API's own terms.
struct ConsulAsked {
  enum class What : std::uint8_t {
    create_session,
    destroy_session,
    renew_session,
    session_info,
    get,
    list,
    put,
    remove,
    transaction
  };
  enum class Lock : std::uint8_t { none, acquire, release };

  What what = What::get;
  std::string session{};  ///< which one; that acquires or releases
  std::string name{};     ///< of a session that is created
  std::chrono::milliseconds ttl{0}, lock_delay{15'000};

  std::string key{};
  std::string text{};  ///< the value that is written
  std::uint64_t flags = 0;
  Lock lock = Lock::none;
  std::optional<std::uint64_t> cas{};
  bool recurse = false, keys = false, raw = false, consistent = false;
  std::string separator{};
  std::uint64_t index = 0;  ///< of a blocking read
  std::chrono::milliseconds wait{0};
};

/// A key by what Terraform keeps there.
struct ConsulKey {
  enum class Kind : std::uint8_t { state, lock, lock_info, chunk };
  Kind kind = Kind::state;
  std::string state;  ///< key of the state that it belongs to: "app", "app-env:other"
};
ConsulKey consul_key(const std::string& key);

/// Or Consul's own answer to what is no request of it, or none that this server knows.
std::expected<ConsulAsked, HttpAnswer> parse_consul(const HttpRequest& request);

/// The model's operation, without what it is about. Nothing: the model has no word for it.
std::optional<models::Consul::Request> consul_request(const ConsulAsked& asked);

/// What is refused or fails, as Consul says it: a line of text.
HttpAnswer consul_error(const models::Consul::Response& response, const ConsulAsked& asked);

/// What the largest value may be (`kv_max_value_size`).
inline constexpr std::size_t kConsulLargestValue = 512 * 1024;

}  // namespace lockstorm::wire
