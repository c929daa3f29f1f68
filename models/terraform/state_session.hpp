// A command's hold on one state: its manager, its lock, and the mutex between them (backend-protocols.md 2.3,
// 2.4).
#pragma once

#include <functional>
#include <optional>

#include "checkers/monitors.hpp"
#include "models/terraform/command.hpp"
#include "models/terraform/lock_wait.hpp"
#include "models/terraform/state_manager.hpp"

namespace lockstorm::models {

class Interrupts;

class StateSession {
 public:
  /// `number`: how many locks this process drew before. `critical_section`: the flag that says that it acts
  /// as one that holds the lock.
  StateSession(sim::Process& self, const Backend& backend, StateManager manager, bool writes_at_once,
               std::uint16_t number, const Release& release, const Interrupts& interrupts,
               std::uint16_t critical_section = checkers::kInCriticalSection)
      : self_(self),
        backend_(backend),
        kind_(manager),
        writes_at_once_(writes_at_once),
        number_(number),
        release_(release),
        interrupts_(interrupts),
        critical_section_(critical_section) {}
  StateSession(const StateSession&) = delete;
  StateSession& operator=(const StateSession&) = delete;

  /// StateMgr's own calls (2.7).
  Done open();
  /// 2.2; `stopped` ends a wait. `command`: number of the one that locks, in its script.
  LockWaitResult lock(LockOperation operation, std::chrono::milliseconds lock_timeout,
                      const std::function<bool()>& stopped, std::size_t command);
  /// The same again, by something inside the command that does not know of it.
  LockWaitResult lock_again(LockOperation operation, std::chrono::milliseconds lock_timeout,
                            const std::function<bool()>& stopped, std::size_t command);
  [[nodiscard]] bool holds_lock() const { return !lock_id_.empty(); }
  /// From here on the command acts as one that holds the lock.
  void enter_critical_section();
  /// 2.4.1.
  Done refresh();
  /// WriteState followed by PersistState: stores what is in memory (2.4.3; 3.10).
  Done save();
  /// PersistState alone: Terraform's local backend has nothing to do, every WriteState has gone to disk
  /// (3.10).
  Done persist();
  /// WriteStateForMigration with the force flag: takes over content, lineage and serial (2.4.6). The local
  /// backend stores at once. [statemgr/filesystem.go: WriteStateForMigration]
  Done adopt(const StateSnapshot& file);
  /// 2.3.2: exactly once; nothing when nothing was locked.
  Done unlock();
  /// `unlock`, unless this release forgets it after such an ending.
  Done unlock_after(bool success);

  [[nodiscard]] const StateSnapshot& state() const { return manager_.current; }
  /// What the backend holds as far as the manager knows; no state at all when nothing was read.
  [[nodiscard]] bool has_state() const { return manager_.has_read != 0; }
  /// The last save that succeeded did not store what was in memory before it.
  [[nodiscard]] bool content_vanished() const { return manager_.vanished != 0; }
  /// What was read is parts of two versions, and nobody has noticed.
  [[nodiscard]] bool read_mixture() const { return manager_.mixed != 0; }
  /// Why the lock was not given back, although `unlock` says that all is well.
  [[nodiscard]] LeftUndone unlock_left() const { return unlock_left_; }
  /// WriteState: replaces the recorded content, not lineage and serial.
  void write(const StateSnapshot& content);
  /// MutateState: the instance of one address (2.4.2). The local backend looks at the file again as long as
  /// none was read, and adds to what it finds: with nothing there, what was recorded before is forgotten.
  Done mutate(std::size_t address, std::uint8_t instance, std::uint16_t change);
  /// WriteState after one change: the same without looking again.
  void record(std::size_t address, std::uint8_t instance, std::uint16_t change);
  /// From here on what it records is made from that version of another state.
  void record_as_made_from(const StateVersion& version) {
    made_from_ = version;
    manager_.current.made_from = version;
  }
  /// A number for the nth change that this command records, so that no two writes of a process are equal.
  [[nodiscard]] std::uint16_t change_number(std::uint16_t nth) const {
    return static_cast<std::uint16_t>(number_ * 16U + nth);
  }

 private:
  // 2.4.8: one manager never issues two client calls at once.
  void begin_client_call();
  void end_client_call() { busy_ = false; }

  sim::Process& self_;
  const Backend& backend_;
  StateManager kind_;
  bool writes_at_once_;
  std::uint16_t number_;
  const Release& release_;
  const Interrupts& interrupts_;
  std::uint16_t critical_section_;
  LockId lock_id_;
  ManagerState manager_;
  std::optional<StateVersion> made_from_;
  LeftUndone unlock_left_ = LeftUndone::nothing;
  bool busy_ = false;
};

}  // namespace lockstorm::models
