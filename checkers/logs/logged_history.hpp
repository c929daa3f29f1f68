// The entries of logs as histories of locks and of states, one of each for each state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checkers/history/history.hpp"
#include "checkers/logs/log_entry.hpp"

namespace lockstorm::checkers::logs {

/// Somebody removed a lock that another had taken; numbers of entries.
struct Removal {
  std::uint32_t taken = 0, removed = 0;
  /// `own_lock`: a foreign unlock, which the lock's verdict has.
  LogPurpose purpose = LogPurpose::unknown;
};

/// Events have the numbers of entries as their lines, and no times: the moments between which a request took
/// effect are the places of its invocation and its answer.
struct LoggedState {
  std::string name;
  /// Of its lock, with the writes. A client does one thing after the other here; where the log's times do not
  /// say that, some order of its requests was chosen (`is_ordered_by_guess`). What explains this history
  /// explains the log.
  History locks;
  bool is_ordered_by_guess = false;
  /// The same with less order than there was: what is wrong with this one is wrong with the log. Nothing
  /// where it cannot be told so.
  std::optional<History> loose_locks;
  /// Of its versions, as far as they are known to replace each other; a removal of the state begins a new
  /// one.
  std::vector<History> versions;
  /// Writes of which the log does not say what they replaced, but for a first one.
  std::uint64_t unknown_bases = 0;
  std::uint64_t grants = 0, refused_locks = 0, reads = 0, writes = 0, refused_writes = 0;
  std::vector<Removal> removals;
};

struct LoggedHistory {
  /// In the order of the files; [i] has the number numbers[i], and these rise.
  std::vector<LogEntry> entries;
  std::vector<std::uint32_t> numbers;
  /// One file, and each number is its line.
  bool numbers_are_lines = false;
  /// By name.
  std::vector<LoggedState> states;

  /// Null where no entry has that number.
  [[nodiscard]] const LogEntry* entry(std::uint32_t number) const;
};

/// What was delivered twice is counted in `reading.repeated` and left out.
[[nodiscard]] LoggedHistory logged_history(LogReading& reading);

}  // namespace lockstorm::checkers::logs
