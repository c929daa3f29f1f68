// The lock id and the LockInfo record every backend stores with a lock (backend-protocols.md 2.1).
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/value.hpp"

namespace lockstorm::models {

/// Identity of one lock acquisition. Real ids are random UUIDs; here: who drew it and how many it drew
/// before.
struct LockId {
  sim::Who owner;
  std::uint16_t number = 0;  ///< 0 for the process's first LockInfo, then 1, 2, ...

  [[nodiscard]] bool empty() const { return owner.is_nobody(); }
  [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  friend auto operator<=>(const LockId&, const LockId&) = default;
};

/// Number of the lock id that a process draws to create a state (2.7); its applies count from 0.
inline constexpr std::uint16_t kInitLock = 100;

/// Added to the number each time that a client acquires a lost lock anew, under another id (consul, 3.5).
inline constexpr std::uint16_t kReacquired = 256;

/// Who asked for the lock; the caller names the operation (2.1, 4). The texts are those of the tools:
/// `import` locks as OperationTypeInvalid, `workspace delete` as state-replace-provider.
enum class LockOperation : std::uint16_t {
  none,
  plan,
  apply,
  init,
  state_push,
  refresh,
  invalid,
  state_mv,
  state_rm,
  workspace_new,
  state_replace_provider,
  migration_source,
  migration_destination,
};

/// Why something is left undone that is reported as done.
enum class LeftUndone : std::uint16_t {
  nothing,
  on_purpose,  ///< the client means to leave it so
  no_way,      ///< there is nobody whom the client could ask to do it
};

/// The text that is stored and shown as "Operation", e.g. OperationTypeApply; empty for none.
std::string_view lock_operation_name(LockOperation operation);

/// What is stored with the lock. Empty id: no lock info.
struct LockInfo {
  LockId id;
  LockOperation operation = LockOperation::none;

  [[nodiscard]] bool empty() const { return id.empty(); }
  [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  friend auto operator<=>(const LockInfo&, const LockInfo&) = default;
};

}  // namespace lockstorm::models
