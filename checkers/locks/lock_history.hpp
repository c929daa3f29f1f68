// Checks the history of one lock in linear time: who held it with whom, whose lock was released, in which
// order tokens rose, how long waits were and how fast the lock of a dead holder came free.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checkers/finding.hpp"
#include "checkers/history.hpp"

namespace lockstorm::checkers {

/// `evict` takes the lock from whoever holds it (force-unlock); `crash` is the end of a process, an event of
/// its own of any type.
enum class LockStep : std::uint8_t { acquire, release, evict, crash };

/// In the order in which they were seen. A process has at most one call waiting.
struct LockEvent {
  EventType type{};
  LockStep step{};
  std::uint32_t process = 0;
  std::uint32_t line = 0;
  /// Of the grant that is acquired or released; 0 where locks have no ids. An invocation and its response
  /// have the same, or only one of them has it.
  std::uint64_t id = 0;
  std::optional<std::int64_t> token;
  std::optional<std::chrono::nanoseconds> time;
  /// Of an acquire's response or invocation: after that time the lock may be another's.
  std::optional<std::chrono::nanoseconds> lease;
};

/// A wait or a recovery; `duration` only where the events have times.
struct LockInterval {
  std::uint32_t process = 0;
  std::uint32_t first_line = 0, last_line = 0;
  std::uint64_t events = 0;
  std::optional<std::chrono::nanoseconds> duration;
};

struct LockReport {
  std::vector<Finding> findings;
  std::uint64_t grants = 0;
  std::optional<LockInterval> longest_wait;
  /// How many acquires that were invoked later were granted before, at most; and whose acquire that was.
  std::uint64_t most_overtakes = 0;
  std::optional<LockInterval> most_overtaken;
  /// From a holder's crash to the next grant; the slowest one.
  std::optional<LockInterval> slowest_recovery;
  /// A holder crashed, another process asked for the lock afterwards and nobody ever got it.
  std::optional<LockInterval> never_recovered;
};

/// A hold is certain from the grant's response to the invocation of its release (or an eviction, the holder's
/// crash, the end of its lease counted from the acquire's invocation). Holders overlap where certain holds
/// do; what may have been is no finding. A grant to the process that holds the lock already, under the same
/// id, is a re-entry.
[[nodiscard]] LockReport check_lock_history(std::span<const LockEvent> events);

}  // namespace lockstorm::checkers
