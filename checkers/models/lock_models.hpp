// Locks as sequential objects: a mutex, a mutex that its owner may enter again, and one whose tokens must
// rise.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "checkers/history/history.hpp"

namespace lockstorm::checkers::models {

struct LockOperation {
  bool is_acquire = false;
  std::uint32_t process = 0;
  std::optional<std::int64_t> token;  ///< where it is unknown any will do
  friend auto operator<=>(const LockOperation&, const LockOperation&) = default;
};

class Mutex {
 public:
  using State = bool;
  using Operation = LockOperation;

  [[nodiscard]] static State initial() { return false; }
  [[nodiscard]] static std::uint64_t hash(State state) { return state ? 1 : 0; }
  [[nodiscard]] static std::optional<State> step(State held, const Operation& operation) {
    return held != operation.is_acquire ? std::optional(operation.is_acquire) : std::nullopt;
  }
  [[nodiscard]] static std::string why_not(State held, const Operation&) {
    return held ? "the lock is held" : "the lock is free";
  }
};

class ReentrantMutex {
 public:
  struct State {
    std::uint32_t owner = 0, depth = 0;
    friend bool operator==(const State&, const State&) = default;
  };
  using Operation = LockOperation;

  [[nodiscard]] static State initial() { return {}; }
  [[nodiscard]] static std::uint64_t hash(State state) {
    return (std::uint64_t{state.owner} << 32U) | state.depth;
  }
  [[nodiscard]] static std::optional<State> step(State state, const Operation& operation) {
    if (state.depth > 0 && state.owner != operation.process) return std::nullopt;
    if (operation.is_acquire) return State{operation.process, state.depth + 1};
    if (state.depth == 0) return std::nullopt;
    return state.depth == 1 ? State{} : State{state.owner, state.depth - 1};
  }
  [[nodiscard]] static std::string why_not(State state, const Operation&) {
    return state.depth == 0 ? "the lock is free"
                            : "process " + std::to_string(state.owner) + " holds the lock";
  }
};

class FencingLock {
 public:
  struct State {
    bool is_held = false;
    std::int64_t token = std::numeric_limits<std::int64_t>::min();
    friend bool operator==(const State&, const State&) = default;
  };
  using Operation = LockOperation;

  [[nodiscard]] static State initial() { return {}; }
  [[nodiscard]] static std::uint64_t hash(State state) {
    return 2 * static_cast<std::uint64_t>(state.token) + (state.is_held ? 1 : 0);
  }
  [[nodiscard]] static std::optional<State> step(State state, const Operation& operation) {
    if (state.is_held == operation.is_acquire) return std::nullopt;
    if (!operation.is_acquire) return State{false, state.token};
    if (!operation.token) return State{true, state.token};
    return *operation.token > state.token ? std::optional(State{true, *operation.token}) : std::nullopt;
  }
  [[nodiscard]] static std::string why_not(State state, const Operation& operation) {
    if (state.is_held == operation.is_acquire) return state.is_held ? "the lock is held" : "the lock is free";
    return "token " + std::to_string(operation.token.value_or(0)) + " is not higher than " +
           std::to_string(state.token);
  }
};

}  // namespace lockstorm::checkers::models
