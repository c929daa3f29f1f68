// Checks the history of one lock: who held it with whom, whose lock was released, in which order tokens rose,
// how long waits were and how fast the lock of a dead holder came free.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checkers/formats/initial.hpp"
#include "checkers/history/finding.hpp"
#include "checkers/history/history.hpp"
#include "checkers/linearizability/linearizability.hpp"

namespace lockstorm::checkers {

/// `evict` takes the lock from whoever holds it, under its id where it has one (force-unlock); `crash` is the
/// end of a process, an event of its own of any type; `write` changes what the lock guards.
enum class LockStep : std::uint8_t { acquire, release, evict, crash, write };

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
  /// In the history that it was read from, rising.
  std::uint32_t position = 0;
};

/// What was there before the history. An id that nobody in the history acquires was held at the beginning
/// where that is not known; without a name there was nothing.
struct LockBeginning {
  InitialPart::Kind kind = InitialPart::Kind::unknown;
  std::uint64_t id = 0;  ///< of a given one
};

/// A time, in positions, in which a process held the lock whatever happened when.
struct CertainHold {
  std::uint32_t process = 0, line = 0;
  std::uint32_t from = 0, until = kNever;
  std::optional<std::chrono::nanoseconds> expires;
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
  /// In the order in which they ended.
  std::vector<CertainHold> certain_holds;
  /// Why it could not be decided, within the budget, whether anything explains the history.
  std::string why_unknown;
  /// Configurations that the search for an explanation went through.
  std::uint64_t states = 0;
};

/// Everything takes effect at some moment from its invocation to its response; what failed does not; what has
/// an unknown result does at any later moment, or never. A hold may end with its holder's crash and at the
/// end of its lease, counted from the acquire's invocation. A grant to the process that holds the lock
/// already, under the same id, is a re-entry. Findings (tokens apart) stand where no choice of moments
/// explains the history, and are told by the holds that are certain. The budget is the search's for such a
/// choice.
[[nodiscard]] LockReport check_lock_history(std::span<const LockEvent> events,
                                            const LockBeginning& beginning = {},
                                            const SearchBudget& budget = {});

}  // namespace lockstorm::checkers
