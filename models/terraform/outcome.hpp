// What a command leaves behind when its process ends: exit reason and errored.tfstate.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"

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
  looked_only,      ///< the operator saw no lock to remove
  done,             ///< did what it was asked to (commands other than apply)
  nothing_to_do,    ///< found nothing to do
  halted,           ///< stopped by the first interrupt before it wrote anything of its own
  stale_plan,       ///< the saved plan does not fit the state (2.8.2)
  import_refused,   ///< `state push` refused by lineage or serial (2.4.7)
  not_in_state,     ///< the state does not record what was to be moved or removed
  already_managed,  ///< `import`: the state records the address already
  workspace_exists,
  no_such_workspace,
  workspace_not_empty,
  save_failed,       ///< state could not be saved and nothing keeps it (2.6.11)
  not_repaired,      ///< `repair digest`: the digest was no longer what had been looked at
  not_admitted,      ///< refused by an orchestrator: somebody else is in the way, or nobody has approved
  nothing_planned,   ///< an orchestrator found no plan to apply
  directory_locked,  ///< somebody else has the lock of the working directory that they have in common
  no_remote_state,   ///< what it reads of another state is not there, or its lock was refused
};

/// How the command ended, in words: "failed: state cannot be read".
std::string_view ending_text(Ending ending);

/// Whether the command did what it was asked to; what became of its lock is another question.
bool is_success(Ending ending);

/// The outcome of one process: how its last command ended, and what all of them left behind.
struct Outcome {
  Ending ending = Ending::none;
  std::uint16_t unlock_failed = 0;      ///< the lock could not be released: exit code 1, state already saved
  std::uint16_t own_lock_shown = 0;     ///< a lock error named the very command that it refused
  std::uint16_t refused_elsewhere = 0;  ///< a lock of another state was in the way
  StateSnapshot errored{};              ///< errored.tfstate in the working directory, if any
  /// Instance per address that this process has the state forget on purpose, 0 = none.
  std::array<std::uint8_t, kMaxResources> released{};
  StateSnapshot copied{};      ///< the state that this process has copied to another backend
  std::uint16_t commands = 0;  ///< how many of its commands have ended
  LeftUndone unlock_left = LeftUndone::nothing;  ///< why a lock was not given back and nobody complained
  std::uint16_t still_named = 0;  ///< the operator: force-unlock reported success, and nothing had changed
  std::uint16_t vanished = 0;     ///< some command ended with success and never stored what it was to save
  std::uint16_t imported = 0;     ///< `import` ended with success
  std::uint16_t by_conflict = 0;  ///< the lock error that ended it was a conflict (LockResult::by_conflict)
  std::uint16_t mixed = 0;  ///< some command without a lock has acted on parts of two versions of the state
  /// In a world with two states: the version of the other state that went into what this process has applied,
  /// and the version of its own that it has saved last.
  StateSnapshot used{};
  StateSnapshot wrote{};
  [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
};

}  // namespace lockstorm::models
