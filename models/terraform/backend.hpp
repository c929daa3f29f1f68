// What Terraform asks of a backend: lock, get, put, unlock - the client side of a state store.
#pragma once

#include <cstdint>

#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"
#include "sim/process/process.hpp"

namespace lockstorm::models {

/// The two tools; where they differ both are modelled (backend-protocols.md 1.1).
enum class Dialect : std::uint8_t { terraform, opentofu };

/// How a lock request ended (backend-protocols.md 3, notation).
enum class LockStatus : std::uint16_t {
  granted,
  no_locking,              ///< nothing to lock with: id "" (2.3.4); some step lies before this answer
  refused,                 ///< LE(info): the command may wait and try again
  refused_showing_caller,  ///< LE(own info): the command may wait; who holds the lock is not shown
  refused_without_info,    ///< LE(-): not retriable
  refused_inconsistent,  ///< LE(InconsistentRead), OpenTofu: try again at once, whatever the deadline (2.2.5)
  failed,                ///< ERR: not retriable
};

/// Whether somebody has the lock; what failed or could not be asked for is no refusal.
constexpr bool is_refusal(LockStatus status) {
  switch (status) {
    case LockStatus::refused:
    case LockStatus::refused_showing_caller:
    case LockStatus::refused_without_info:
    case LockStatus::refused_inconsistent:
      return true;
    case LockStatus::granted:
    case LockStatus::no_locking:
    case LockStatus::failed:
      return false;
  }
  return false;
}

struct LockResult {
  LockStatus status = LockStatus::failed;
  LockInfo info;  ///< granted: the lock taken; refused: the holder that is shown
  /// A ghost: what stands in the way is the lock of another state.
  std::uint16_t elsewhere = 0;
  /// A ghost: what refused it was a conflict between requests, not the condition that it came with.
  std::uint16_t by_conflict = 0;
};

/// How reading the state ended.
enum class GetStatus : std::uint16_t { found, absent, failed };

struct GetResult {
  GetStatus status = GetStatus::failed;
  StateSnapshot snapshot;
  std::uint16_t mixed = 0;  ///< a ghost: parts of two versions, which the client takes for one
};

/// How a write or an unlock ended, as the client understands it.
enum class Done : std::uint16_t { ok, failed };

struct DoneResult {
  Done status = Done::failed;
  LeftUndone left = LeftUndone::nothing;  ///< a ghost, of `ok`
};

/// What `Workspaces()` says of this state's workspace.
struct WorkspaceListing {
  Done status = Done::failed;  ///< failed: the listing could not be read
  std::uint16_t listed = 0;
};

/// The client side of one state, default or named workspace. Implementations are straight-line code over
/// `Process::call`. What a real client keeps in memory between its calls they keep in a cell of the process,
/// which their constructor is told: one that no other backend of the same process uses.
class Backend {
 public:
  virtual ~Backend() = default;
  /// `Configure`'s own calls, which every command begins with and some make again on their way. Failed: the
  /// command stops there.
  virtual DoneResult configure(sim::Process&) const { return {Done::ok}; }
  /// `StateMgr`'s own calls before anything is locked: workspace listing and, for a new workspace, the
  /// creation of an empty state under an `init` lock (2.7). Failed: the command stops.
  virtual DoneResult open(sim::Process& self) const = 0;
  virtual LockResult lock(sim::Process& self, const LockInfo& info) const = 0;
  virtual GetResult get(sim::Process& self) const = 0;
  /// `read`: the version the manager knows to be stored; real clients ignore it, fenced variants condition on
  /// it.
  virtual DoneResult put(sim::Process& self, const StateSnapshot& snapshot,
                         const StateSnapshot& read) const = 0;
  virtual DoneResult unlock(sim::Process& self, const LockId& id) const = 0;
  /// Whether the backend has named workspaces; without, the next two are never asked for.
  [[nodiscard]] virtual bool has_workspaces() const { return false; }
  /// `Workspaces()`, which `workspace new` and `workspace delete` begin with.
  virtual WorkspaceListing list_workspace(sim::Process&) const { return {}; }
  /// `DeleteWorkspace`: the state and what belongs to it; never locks (2.5.2).
  virtual DoneResult remove(sim::Process&) const { return {}; }
  /// WriteState and PersistState of no state at all. Only a local state file is emptied so.
  virtual DoneResult erase(sim::Process&) const { return {}; }
  /// The lock info a person sees in the contention message; empty when there is none.
  virtual LockInfo shown_lock(sim::Process& self) const = 0;
  /// What an operator who looks for the holder finds, and how he gets rid of it: by that message and with
  /// force-unlock, unless the backend's documentation knows only another way.
  virtual LockInfo found_lock(sim::Process& self) const { return shown_lock(self); }
  virtual DoneResult evict(sim::Process& self, const LockId& id) const { return force_unlock(self, id); }
  /// False: `evict` is another way than the tool's `force-unlock`.
  [[nodiscard]] virtual bool evicts_by_command() const { return true; }
  /// `force-unlock ID` (2.10).
  virtual DoneResult force_unlock(sim::Process& self, const LockId& id) const;
  /// Where clients see to it that a lock is worth nothing after some time: what the next one does then.
  virtual DoneResult outwait(sim::Process&) const { return {}; }
  /// Something that is nobody's lock keeps everybody from locking, and no command of the tool clears it.
  virtual bool is_blocked(sim::Process&) const { return false; }
  /// What a person does in the store where state and digest differ: sets the digest to that of the object, if
  /// the digest is still the one that was looked at. Failed: it was not, or nothing keeps a digest.
  virtual DoneResult repair_digest(sim::Process&) const { return {}; }
};

/// Scope tags, one per place in the client code whose inside may be forgotten.
namespace scope_tag {
enum Tag : std::uint16_t {
  sdk_call = 1,
  open,
  lock,
  lock_wait,
  get,
  digest_loop,
  put,
  unlock,
  persist,
  resource,
  shown_lock,
  part,
  workspaces,
  remove,
  configure,
  ask_for_work,
  remote_state,
  renewal
};
}

// 2.10: a fresh backend and manager, which may need the creation lock first (2.7), then Unlock with the id
// that was shown.
inline DoneResult Backend::force_unlock(sim::Process& self, const LockId& id) const {
  const DoneResult configured = configure(self);
  if (configured.status != Done::ok) return configured;
  const DoneResult opened = self.scope<DoneResult>(scope_tag::open, [&] { return open(self); });
  if (opened.status != Done::ok) return opened;
  return self.scope<DoneResult>(scope_tag::unlock, [&] { return unlock(self, id); });
}

}  // namespace lockstorm::models
