// What a log of a cloud says of one request to a lock or a state, whichever cloud wrote it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace lockstorm::checkers::logs {

enum class LogAct : std::uint8_t { take_lock, free_lock, break_lock, read_state, write_state, delete_state };

/// `unknown`: the log does not say, or the server failed: it may have happened or not.
enum class LogOutcome : std::uint8_t { done, refused, unknown };

/// What somebody who removes a lock means by it: nobody knows; the lock of that id, whoever has it
/// (force-unlock); or the lock that he took.
enum class LogPurpose : std::uint8_t { unknown, that_lock, own_lock };

struct LogEntry {
  /// Which of the files, from 0, and where in it, from 1.
  std::uint32_t file = 0, line = 0, column = 1;
  /// Since 1970 in UTC: what the log says, and the two moments between which it took effect.
  std::chrono::nanoseconds at{}, earliest{}, latest{};
  LogAct act{};
  LogOutcome outcome{};
  /// The read found no state.
  bool found_none = false;
  LogPurpose purpose = LogPurpose::unknown;
  /// The state; its lock has the same name.
  std::string object{};
  /// Who asked, as it may be printed; `run` tells apart more than may be, and is only compared.
  std::string who{}, run{};
  /// In the log's own words: "REST.PUT.OBJECT 200".
  std::string operation{};
  /// Where the log has them.
  std::string lock_id{}, version{};
  /// Told twice, it is one request; empty where the log has none.
  std::string request_id{};
};

/// What was read of one or more files of one format.
struct LogReading {
  std::vector<LogEntry> entries;
  /// Records that are about neither locks nor states, and records that were delivered twice.
  std::uint64_t ignored = 0, repeated = 0;
};

}  // namespace lockstorm::checkers::logs
