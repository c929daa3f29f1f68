// The in-memory state manager over a backend: lineage, serial and what it knows of the stored state
// (backend-protocols.md 2.4, remote.State; 3.10, statemgr.Filesystem).
#pragma once

#include "models/terraform/backend.hpp"

namespace lockstorm::models {

/// A state manager as a value: operations take one and return the next, so that a scope can forget how it
/// came about.
struct ManagerState {
  StateSnapshot current;       ///< in memory
  StateSnapshot read;          ///< last value known to be in the backend (the `read*` twins)
  std::uint16_t has_read = 0;  ///< `readState != nil`
  Done last = Done::ok;        ///< whether the operation that returned this value succeeded
  /// A ghost: `last` is a success that did not store what was to be stored, but somebody else's state
  /// (2.4.3b), or nothing.
  std::uint16_t vanished = 0;
  std::uint16_t mixed = 0;  ///< a ghost: what was read is parts of two versions
};

/// 2.4.1: reads the backend; an empty answer leaves the in-memory state as it was.
ManagerState refresh_state(sim::Process& self, const Backend& backend, ManagerState manager);

/// 2.4.3: skips the write when nothing changed, re-reads when nothing was ever read, then puts. A failed put
/// does not roll the serial back (2.4.3c).
ManagerState persist_state(sim::Process& self, const Backend& backend, ManagerState manager);

/// The local backend's manager (3.10, statemgr.Filesystem): writes whether anything changed or not. The
/// serial grows with every write that differs from the state first read; `read` stays that state.
ManagerState write_state_file(sim::Process& self, const Backend& backend, ManagerState manager);

/// 2.4.6 for remote.State: takes over content, lineage and serial, in memory.
ManagerState adopt_state(ManagerState manager, const StateSnapshot& file);

/// The local backend's WriteStateForMigration, which stores at once: Terraform the very file, OpenTofu with
/// the serial raised when the content differs from the state first read. [statemgr/filesystem.go:
/// WriteStateForMigration; OT persistState]
ManagerState adopt_state_file(sim::Process& self, const Backend& backend, ManagerState manager,
                              const StateSnapshot& file, bool raises_serial);

/// CheckValidImport (2.4.7): may `file` replace `existing` without -force?
bool is_valid_import(const StateSnapshot& file, const StateSnapshot& existing);

/// Everything but lineage and serial: what "state equal (marshalled)" compares.
bool same_content(const StateSnapshot& a, const StateSnapshot& b);

/// Takes over what `same_content` compares; lineage and serial stay.
void take_content(StateSnapshot& state, const StateSnapshot& from);

/// No managed resource is recorded: `State.Empty()`, as far as resources go.
bool records_nothing(const StateSnapshot& state);

/// Records that this process's configuration set `address` to `instance` (0: destroyed).
void record_resource(ManagerState& manager, std::size_t address, std::uint8_t instance,
                     std::uint16_t change_number);

}  // namespace lockstorm::models
