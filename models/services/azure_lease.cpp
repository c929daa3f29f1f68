// Transitions of the lease: the table of backend-protocols.md 4.3, one operation a function, with the error
// codes of server-semantics.md 3.1.
#include "models/services/azure_lease.hpp"

#include <algorithm>

namespace lockstorm::models {
namespace {

using State = AzureLease::State;

constexpr std::uint16_t kShortestLease_s = 15;
constexpr std::uint16_t kLongestLease_s = 60;
constexpr std::uint16_t kLongestBreak_s = 60;

bool is_valid(std::uint16_t duration) {
  return duration == kInfiniteLease || (duration >= kShortestLease_s && duration <= kLongestLease_s);
}

}  // namespace

AzureError AzureLease::acquire(const LockId& proposed, std::uint16_t duration) {
  const bool same = id == proposed;
  if (state == State::breaking)
    return same ? AzureError::lease_is_breaking_and_cannot_be_acquired : AzureError::lease_already_present;
  if (state == State::leased && !same) return AzureError::lease_already_present;
  if (!is_valid(duration)) return AzureError::invalid_header_value;
  *this = {State::leased, proposed, duration, duration};
  return AzureError::none;
}

AzureError AzureLease::renew(const LockId& lease) {
  if (id != lease || state == State::available) return AzureError::lease_id_mismatch_with_lease_operation;
  if (state == State::breaking || state == State::broken)
    return AzureError::lease_is_broken_and_cannot_be_renewed;
  // An expired lease whose blob was written since is available, not expired (note_write).
  state = State::leased;
  left_s = duration_s;
  return AzureError::none;
}

AzureError AzureLease::change(const LockId& lease, const LockId& proposed) {
  if (state == State::breaking) {
    return id == lease ? AzureError::lease_is_breaking_and_cannot_be_changed
                       : AzureError::lease_id_mismatch_with_lease_operation;
  }
  if (state != State::leased) return AzureError::lease_not_present_with_lease_operation;
  if (id != lease && id != proposed) return AzureError::lease_id_mismatch_with_lease_operation;
  id = proposed;
  return AzureError::none;
}

AzureError AzureLease::release(const LockId& lease) {
  if (state == State::available || id != lease) return AzureError::lease_id_mismatch_with_lease_operation;
  *this = {};
  return AzureError::none;
}

AzureError AzureLease::break_lease(std::uint16_t period) {
  if (period != kNoBreakPeriod && period > kLongestBreak_s) return AzureError::invalid_header_value;
  const bool given = period != kNoBreakPeriod;
  std::uint16_t wait_s = 0;
  switch (state) {
    case State::available:
      return AzureError::lease_not_present_with_lease_operation;
    case State::leased:
      if (duration_s == kInfiniteLease)
        wait_s = given ? period : std::uint16_t{0};
      else
        wait_s = given ? std::min(period, left_s) : left_s;
      break;
    case State::breaking:
      wait_s = given ? std::min(period, left_s) : left_s;
      break;
    case State::broken:
    case State::expired:
      break;
  }
  *this = {wait_s == 0 ? State::broken : State::breaking, id, 0, wait_s};
  return AzureError::none;
}

AzureError AzureLease::check_write(const LockId& lease) const {
  if (is_locked() && lease.empty()) return AzureError::lease_id_missing;
  return check_read(lease);
}

AzureError AzureLease::check_read(const LockId& lease) const {
  if (lease.empty()) return AzureError::none;
  if (is_locked()) return id == lease ? AzureError::none : AzureError::lease_id_mismatch_with_blob_operation;
  return state == State::available ? AzureError::lease_not_present_with_blob_operation
                                   : AzureError::lease_lost;
}

void AzureLease::note_write() {
  if (state == State::broken || state == State::expired) *this = {};
}

void AzureLease::pass(std::uint16_t seconds) {
  if (!is_locked() || left_s == kInfiniteLease) return;
  left_s = static_cast<std::uint16_t>(left_s - std::min(left_s, seconds));
  if (left_s == 0) state = state == State::leased ? State::expired : State::broken;
}

}  // namespace lockstorm::models
