// A server of Terraform's HTTP state protocol, in the variants met in the field (backend-protocols.md 3.9).
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "models/services/process_set.hpp"
#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// What the server makes of the protocol, which leaves nearly everything to it. The defaults are GitLab's
/// (3.9 b, [GLAB]).
struct HttpServerPolicy {
  /// What a lock request does.
  enum class Lock : std::uint8_t {
    exclusive,   ///< refused while somebody holds the lock
    overwrites,  ///< a plain PUT: 201 when it creates the lock file, 200 when it replaces one (RB-08)
  };
  /// Whose state writes are taken.
  enum class Write : std::uint8_t {
    holder,       ///< the `?ID=` of the request is the lock's, and there is none when nothing is locked
    if_unlocked,  ///< ... but anybody's while nothing is locked (RB-10)
    anybody,      ///< `?ID=` is ignored (3.9 a)
  };
  /// Whose unlock requests are taken.
  enum class Unlock : std::uint8_t {
    id_or_none,  ///< the lock's id, or none: TF's force-unlock sends no id
    id,          ///< only the lock's id
    anybody,     ///< the body is ignored
  };
  /// What a refused lock request is told.
  enum class RefusedBody : std::uint8_t {
    info,        ///< the holder's lock info
    without_id,  ///< JSON that names no lock id
    none,        ///< nothing a client can read
  };
  /// When the server drops a lock by itself.
  enum class Expiry : std::uint8_t {
    never,
    age,      ///< after a time, whether the holder lives or not: the protocol has no renewal
    silence,  ///< when the holder's runner is not heard of for a time: it is frozen, or dead
  };

  Lock lock = Lock::exclusive;
  Write write = Write::holder;
  Unlock unlock = Unlock::id_or_none;
  RefusedBody refused_body = RefusedBody::info;
  Expiry expiry = Expiry::never;
  bool locked_is_423 = false;        ///< refused with 423 Locked, not 409 Conflict; clients take both alike
  bool same_id_locks_again = false;  ///< a lock request with the id of the lock is granted
  bool unlock_is_204 = false;        ///< an unlock is a plain DELETE and answers 204 No Content
};

/// One state. Every request is atomic: GitLab takes a row lock for each of them.
struct HttpState {
  static constexpr std::string_view kName = "http";

  enum class Status : std::uint16_t {
    ok = 200,
    created = 201,
    no_content = 204,
    forbidden = 403,
    not_found = 404,
    conflict = 409,
    locked = 423,
    too_many_requests = 429,
    server_error = 500,
  };

  struct Value {
    StateSnapshot state;
    LockInfo lock;
    std::uint16_t was_silent = 0;  ///< the holder has been frozen: for too long? the next request tells
    /// Runners that are frozen or dead, only kept where `Expiry::silence` asks.
    ProcessSet silent;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  struct GetState {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// POST (or `update_method`) of the state.
  struct PostState {
    StateSnapshot body;
    LockId id;  ///< `?ID=`; empty: not sent
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct Lock {
    LockInfo info;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct Unlock {
    LockId id;        ///< in the body; empty: an empty body
    LockId intended;  ///< a ghost: the lock the client believes it removes
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// No request of the protocol: what a person is shown who looks at the message of a refused job.
  struct LookAtLock {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<GetState, PostState, Lock, Unlock, LookAtLock>;

  struct Response {
    Status status = Status::ok;
    StateSnapshot state;         ///< GetState
    LockInfo lock;               ///< a refused lock request: the holder, as far as the body tells
    std::uint16_t readable = 0;  ///< the body of a refusal is JSON
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  HttpServerPolicy policy;
  bool lock_here = true;        ///< false: no job asks this server for a lock
  StateSnapshot initial_state;  ///< what stands there before the first step

  [[nodiscard]] Value initial() const { return {initial_state, {}, 0, {}}; }
  /// Alternative 1 of any request: the lock had expired before it.
  [[nodiscard]] unsigned alternatives(const Value& value, const Request& request) const;
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request,
                                            unsigned alternative) const;
  [[nodiscard]] static Response refuse(const Request& request, sim::Refusal kind);
  void process_ended(Value& value, sim::Slot slot) const;
  void process_started(Value& value, sim::Slot slot) const;
  void process_paused(Value& value, sim::Slot slot, bool paused) const;
  /// A lock that expires has expired.
  void settled(Value& value) const;
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  /// Whose lock the server has dropped by itself.
  static sim::RanOut ran_out(const Value& before, const Request& request, unsigned alternative,
                             const Value& after);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
