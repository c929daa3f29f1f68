// A Redis that holds one state and one lock: what it does, command by command. A pure value and its
// transitions.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <variant>

#include "models/services/contents.hpp"
#include "models/services/state_write.hpp"
#include "models/state/lock_info.hpp"

namespace mine {

using lockstorm::models::LockInfo;
using lockstorm::models::StateSnapshot;
namespace sim = lockstorm::sim;

struct Redis {
  static constexpr std::string_view kName = "redis";

  // What the server holds. Each process is named by a `Who`, so that equal clients can be exchanged.
  struct Value {
    StateSnapshot state;
    LockInfo lock;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const {
      return lockstorm::models::contents_text(
          {{"state", state.describe(names)}, {"lock", lock.describe(names)}});
    }
  };

  // GET state
  struct GetState {
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const { return "GET state"; }
  };
  // SET state ..., or a script that does so only while the lock is the writer's.
  struct SetState {
    StateSnapshot body;
    LockInfo only_under;  ///< empty: unconditionally
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const {
      const std::string condition = only_under.empty() ? "" : " if the lock is mine";
      return "SET state" + condition + " (" + body.describe(names) + ")";
    }
  };
  // SET lock ... NX PX ttl
  struct TakeLock {
    LockInfo info;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const {
      return "SET lock NX PX (" + info.describe(names) + ")";
    }
  };
  // GET lock
  struct GetLock {
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const { return "GET lock"; }
  };
  // DEL lock, or a script that deletes it only if it still is the one that was meant.
  struct DeleteLock {
    LockInfo meant;
    std::uint16_t compares = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const {
      return std::string("DEL lock") + (compares != 0 ? " if it is " : " (meaning ") + meant.describe(names) +
             (compares != 0 ? "" : ")");
    }
  };
  using Request = std::variant<GetState, SetState, TakeLock, GetLock, DeleteLock>;

  struct Response {
    std::uint16_t done = 0;  ///< OK or 1, rather than nil or 0
    StateSnapshot state;
    LockInfo lock;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const {
      if (state.exists()) return state.describe(names);
      if (!lock.empty()) return lock.describe(names);
      return done != 0 ? "OK" : "nil";
    }
  };

  bool locks_expire = true;     ///< with PX; a lock can then be gone at any moment
  StateSnapshot initial_state;  ///< what stands there before the first step

  [[nodiscard]] Value initial() const { return {initial_state, {}}; }

  // Alternative 1 of any request: the lock had expired just before it. Nobody can tell earlier.
  [[nodiscard]] unsigned alternatives(const Value& value, const Request&) const {
    return locks_expire && !value.lock.empty() ? 2 : 1;
  }
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request,
                                            unsigned alternative) const;
  // Who holds the lock by this server's record: bit i for process i.
  [[nodiscard]] sim::SlotSet holders(const Value& value) const;

  static std::string_view operation(const Request& request) {
    constexpr std::array<std::string_view, 5> kNames{"GET", "SET", "SET NX", "GET", "DEL"};
    return kNames[request.index()];
  }
};

}  // namespace mine
