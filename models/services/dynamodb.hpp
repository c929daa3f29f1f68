// Amazon DynamoDB holding Terraform's two items: the lock and the state's digest
// (backend-protocols.md 3.1, 4.1).
#pragma once

#include <string>
#include <variant>

#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

struct DynamoDb {
  static constexpr std::string_view kName = "dynamodb";

  enum class Status : std::uint16_t { ok, conditional_check_failed, throttled, server_error, access_denied };
  enum class Condition : std::uint16_t { none, attribute_not_exists, info_unchanged, digest_unchanged };
  enum class Item : std::uint16_t { lock, digest };

  struct Value {
    LockInfo lock;         ///< item `<bucket>/<key>`; empty: no such item
    StateSnapshot digest;  ///< item `<bucket>/<key>-md5`: the state whose MD5 it holds; absent: no such item
    LockInfo older_lock;   ///< what an eventually consistent read may still show
    StateSnapshot older_digest;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  struct PutLock {
    LockInfo info;
    Condition condition = Condition::none;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct PutDigest {
    StateSnapshot digest;
    Condition condition = Condition::none;
    StateSnapshot expected{};  ///< digest_unchanged: the Digest attribute must be this
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct GetItem {
    Item item = Item::lock;
    std::uint16_t consistent_read = 1;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// `intended` is a ghost: the lock the client believes it removes.
  struct DeleteLock {
    LockId intended;
    LockInfo expected;  ///< info_unchanged: the Info attribute must be this
    Condition condition = Condition::none;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct DeleteDigest {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<PutLock, PutDigest, GetItem, DeleteLock, DeleteDigest>;

  struct Response {
    Status status = Status::ok;
    LockInfo lock;              ///< GetItem lock; empty: no item
    StateSnapshot digest;       ///< GetItem digest
    std::uint16_t is_read = 0;  ///< GetItem: found or not
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  bool lock_here = true;        ///< the lock item makes a holder
  bool eventual_reads = false;  ///< somebody reads without ConsistentRead, so older versions matter
  StateSnapshot initial_digest;

  [[nodiscard]] Value initial() const {
    return {{}, initial_digest, {}, eventual_reads ? initial_digest : StateSnapshot{}};
  }
  [[nodiscard]] unsigned alternatives(const Value& value, const Request& request) const;
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request,
                                            unsigned alternative) const;
  [[nodiscard]] static Response refuse(const Request& request, sim::Refusal kind);
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
