// A recorded history: who invoked what, and how it ended, in the order in which it was seen.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkers/history/value.hpp"

namespace lockstorm::checkers {

/// `unknown` (Jepsen's :info): the operation may take effect at any later time, or never.
enum class EventType : std::uint8_t { invoke, ok, fail, unknown };

struct Event {
  EventType type = EventType::invoke;
  std::uint32_t process = 0;
  /// Of the file it was read from, from 1; 0 where there is no file.
  std::uint32_t line = 0;
  /// What is done: read, write, cas, get, put, append, txn, acquire, release, ...
  std::string function{};
  /// The object it is done to; nil where there is only one.
  Value key{};
  Value value{};
  std::optional<std::chrono::nanoseconds> time{};

  /// Where it stood in a file is not part of an event.
  friend bool operator==(const Event& a, const Event& b) {
    return a.type == b.type && a.process == b.process && a.function == b.function && a.key == b.key &&
           a.value == b.value && a.time == b.time;
  }
};

using History = std::vector<Event>;

/// What is wrong with a history, what was expected instead, and where.
struct HistoryError {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string message;
};

/// "FILE:LINE:COLUMN: message".
[[nodiscard]] std::string to_text(const HistoryError& error, std::string_view file);

/// Where nothing completed: an operation whose result is not known.
inline constexpr std::uint32_t kNever = std::numeric_limits<std::uint32_t>::max();

/// An operation: its invocation and its completion, as indices of events.
struct Call {
  std::uint32_t invoked = 0;
  /// kNever where the result is unknown, whether or not an event says so.
  std::uint32_t completed = kNever;
  EventType outcome = EventType::unknown;

  friend bool operator==(const Call&, const Call&) = default;
};

/// The end of a process: an event of that function, of any type, is no call.
inline constexpr std::string_view kCrash = "crash";

/// In the order of the invocations. An invocation without a response is a call whose result is unknown; a
/// response without an invocation, a second invocation of a process that still waits, a response to another
/// function or key, and times that run backwards are errors.
[[nodiscard]] std::expected<std::vector<Call>, HistoryError> calls_of(const History& history);

}  // namespace lockstorm::checkers
