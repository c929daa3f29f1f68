// What a command leaves behind when its process ends: exit reason and errored.tfstate.
#pragma once

#include <string>

#include "models/terraform/lock_info.hpp"
#include "models/terraform/state_snapshot.hpp"

namespace lockstorm::models {

enum class Ending : std::uint16_t {
  none,               ///< ended before it did anything
  applied,            ///< state saved, lock released
  lock_refused,       ///< failed fast on somebody's lock (-lock-timeout=0)
  lock_timed_out,     ///< waited for its -lock-timeout
  lock_wait_aborted,  ///< the lock error was not retriable: the wait ended at once
  open_failed,        ///< the state manager could not be created
  read_failed,        ///< state could not be read under the lock
  resource_failed,    ///< a resource operation failed; the rest was saved
  persist_failed,     ///< state could not be saved: errored.tfstate
  cancelled,          ///< second interrupt
  force_unlocked,     ///< the operator's force-unlock reported success
  force_unlock_failed,
  looked_only,  ///< the operator saw no lock to remove
};

/// The outcome of one process (its last run).
struct Outcome {
  Ending ending = Ending::none;
  std::uint16_t unlock_failed = 0;   ///< the lock could not be released: exit code 1, state already saved
  std::uint16_t own_lock_shown = 0;  ///< the lock error named this very process
  StateSnapshot errored;             ///< errored.tfstate in the working directory, if any
  template <class F>
  void visit_who(F&& f) {
    errored.visit_who(f);
  }
  [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
};

}  // namespace lockstorm::models
