// Judges locks while their history is read from JSON Lines: in one pass, at the speed of the disk, and
// without the history in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "checkers/history/value.hpp"
#include "checkers/locks/lock_history.hpp"

namespace lockstorm::checkers {

struct StreamedLocks {
  struct Lock {
    Value key;  ///< nil where there is only one
    std::uint64_t calls = 0;
    LockReport report;
  };
  /// In the order in which they are first asked for.
  std::vector<Lock> locks;
  /// Whether any call is known to have happened, or not to have happened.
  bool some_completed = false;
  bool some_succeeded = false;
};

class LockStream {
 public:
  LockStream();
  ~LockStream();
  LockStream(const LockStream&) = delete;
  LockStream& operator=(const LockStream&) = delete;

  /// The next lines, whole ones. False where anything in them is unusual: an error, an escape, a key or an id
  /// that is no text, an operation of something else or out of order, a crash, or what the simplest account
  /// of a lock does not explain (checkers/locks/plain_lock.hpp). What it is the judge of whole histories
  /// says; nothing can be added after that.
  bool add(std::string_view lines);

  /// After all lines. Every lock held.
  [[nodiscard]] StreamedLocks end() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lockstorm::checkers
