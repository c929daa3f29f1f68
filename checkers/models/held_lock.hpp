// A lock with holders and ids as a sequential object: grants, releases, evictions (force-unlock), and the
// ends of holds that nobody reports: a holder's death, a lease.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "checkers/history/history.hpp"

namespace lockstorm::checkers::models {

struct HeldLockOperation {
  enum class Kind : std::uint8_t {
    acquire,
    release,
    /// A release of unknown result. Like evictions and ends of holds it is possible in every state, and does
    /// nothing to a lock that is not the one it means.
    may_release,
    evict,
    death,   ///< of the process
    expiry,  ///< of the process's lease
    lapse,   ///< of the lease of the hold that was there at the beginning
    /// A refused acquire named a holder that nobody in the history became: it was there at the beginning.
    refusal,
    /// Of what the lock guards: no other process holds it at that moment.
    write,
  } kind{};
  std::uint32_t process = 0;
  std::uint64_t id = 0;  ///< 0: any
  /// Nobody in the history can have acquired the id, so it was held at the beginning.
  bool was_before = false;
  /// Of an acquire, a death or an expiry: its number, rising with time; an end ends what began before it. An
  /// expiry has its grant's. 0 where nothing ends by itself.
  std::uint32_t number = 0;
  friend auto operator<=>(const HeldLockOperation&, const HeldLockOperation&) = default;
};

class HeldLock {
 public:
  struct State {
    std::uint32_t process = 0;
    std::uint32_t depth = 0;  ///< 0: free; more than 1: re-entered
    std::uint64_t id = 0;
    std::uint32_t since = 0;   ///< number of the acquire
    std::uint32_t latest = 0;  ///< number of the last acquire that re-entered
    friend bool operator==(const State&, const State&) = default;
  };
  using Operation = HeldLockOperation;

  /// Who holds a lock from the beginning is not known.
  static constexpr std::uint32_t kAnyone = kNever;

  /// `beginning`: the id that was held then; 0: the lock was free.
  explicit HeldLock(std::uint64_t beginning) : beginning_(beginning) {}

  [[nodiscard]] State initial() const {
    return beginning_ == 0 ? State{} : State{.process = kAnyone, .depth = 1, .id = beginning_};
  }
  [[nodiscard]] static std::uint64_t hash(const State& state) {
    std::uint64_t hash = (std::uint64_t{state.process} << 32U) | state.depth;
    const std::uint64_t numbers = (std::uint64_t{state.since} << 20U) ^ (std::uint64_t{state.latest} << 32U);
    hash = (hash ^ state.id ^ numbers) * 0x9E3779B97F4A7C15U;
    return (hash ^ (hash >> 29U)) * 0xBF58476D1CE4E5B9U;
  }

  [[nodiscard]] std::optional<State> step(const State& state, const Operation& operation) const {
    using enum HeldLockOperation::Kind;
    if (operation.was_before && operation.id != beginning_) return std::nullopt;
    switch (operation.kind) {
      case acquire:
        return acquired(state, operation);
      case release:
        return is_own(state, operation) ? std::optional(left(state)) : std::nullopt;
      case may_release:
        return is_own(state, operation) ? left(state) : state;
      case evict:
        return state.depth > 0 && fits(state.id, operation.id) ? State{} : state;
      case death:
        // Who has entered again afterwards lives.
        return is_own(state, operation) && state.latest <= operation.number ? State{} : state;
      case expiry:
        return is_own(state, operation) && state.process == operation.process &&
                       state.since <= operation.number
                   ? State{}
                   : state;
      case lapse:
        return state.depth > 0 && state.process == kAnyone ? State{} : state;
      case refusal:
        return state;
      case write:
        return state.depth == 0 || state.process == operation.process || state.process == kAnyone
                   ? std::optional(state)
                   : std::nullopt;
    }
    return std::nullopt;
  }

  static bool changes_nothing(const Operation& operation) {
    return operation.kind == Operation::Kind::write || operation.kind == Operation::Kind::refusal;
  }

  [[nodiscard]] std::string why_not(const State& state, const Operation& operation) const {
    if (operation.was_before && operation.id != beginning_)
      return std::string("nobody acquired the lock that it names, and at the beginning ") +
             (beginning_ == 0 ? "the lock was free" : "there was another one");
    if (state.depth == 0) return "the lock is free";
    if (state.process == kAnyone) return "the lock that was there at the beginning is still held";
    return "process " + std::to_string(state.process) + " holds the lock";
  }

 private:
  static bool fits(std::uint64_t a, std::uint64_t b) { return a == 0 || b == 0 || a == b; }
  static bool is_own(const State& state, const Operation& operation) {
    return state.depth > 0 && fits(state.id, operation.id) &&
           (state.process == operation.process || state.process == kAnyone);
  }
  static State left(State state) {
    if (state.depth == 1) return {};
    --state.depth;
    return state;
  }

  static std::optional<State> acquired(State state, const Operation& operation) {
    if (state.depth == 0)
      return State{.process = operation.process,
                   .depth = 1,
                   .id = operation.id,
                   .since = operation.number,
                   .latest = operation.number};
    if (state.process != operation.process || !fits(state.id, operation.id)) return std::nullopt;
    ++state.depth;
    state.latest = std::max(state.latest, operation.number);
    if (state.id == 0) state.id = operation.id;
    return state;
  }

  std::uint64_t beginning_;
};

}  // namespace lockstorm::checkers::models
