// The lease on an Azure blob as a state machine (backend-protocols.md 4.3).
#pragma once

#include <cstdint>

#include "models/state/lock_info.hpp"

namespace lockstorm::models {

/// `x-ms-error-code` of an answer that is not a success.
enum class AzureError : std::uint16_t {
  none,
  blob_not_found,
  blob_already_exists,
  condition_not_met,
  invalid_header_value,
  lease_already_present,
  lease_id_missing,
  lease_id_mismatch_with_blob_operation,
  lease_id_mismatch_with_lease_operation,
  lease_not_present_with_blob_operation,
  lease_not_present_with_lease_operation,
  lease_lost,
  lease_is_breaking_and_cannot_be_acquired,
  lease_is_breaking_and_cannot_be_changed,
  lease_is_broken_and_cannot_be_renewed,
  internal_error,
  server_busy,
  authorization_failure,
};

/// `x-ms-lease-duration` of a lease that never expires.
inline constexpr std::uint16_t kInfiniteLease = 0xFFFF;
/// A break without `x-ms-lease-break-period`.
inline constexpr std::uint16_t kNoBreakPeriod = 0xFFFF;

/// One lease. Every operation returns the error that the service answers, `none` for success; a refused
/// operation changes nothing. Times are in seconds. A finite lease ends only in worlds whose time passes.
struct AzureLease {
  enum class State : std::uint16_t { available, leased, breaking, broken, expired };

  State state = State::available;
  LockId id;                     ///< of the current or the last holder; empty when available
  std::uint16_t duration_s = 0;  ///< what was asked for; kept by an expired lease, which may be renewed
  std::uint16_t left_s = 0;      ///< leased: until it expires; breaking: until it is broken

  /// `x-ms-lease-status: locked`.
  [[nodiscard]] bool is_locked() const { return state == State::leased || state == State::breaking; }

  AzureError acquire(const LockId& proposed, std::uint16_t duration);
  AzureError renew(const LockId& lease);
  AzureError change(const LockId& lease, const LockId& proposed);
  AzureError release(const LockId& lease);
  /// `break`: needs no lease id, so anybody may do it. `left_s` says afterwards how long it takes
  /// (`x-ms-lease-time`).
  AzureError break_lease(std::uint16_t period);

  /// May a request with this lease id (empty: without one) write? Reads may always go without.
  [[nodiscard]] AzureError check_write(const LockId& lease) const;
  [[nodiscard]] AzureError check_read(const LockId& lease) const;
  /// A successful write by somebody without a lease ends the memory of a broken or expired one.
  void note_write();
  void pass(std::uint16_t seconds);

  friend auto operator<=>(const AzureLease&, const AzureLease&) = default;
};

}  // namespace lockstorm::models
