// The lock on the simplified table: L0, stale-lock recovery by age, and the corrected protocol
// (backend-protocols.md 5.2, 5.3, 5.4).
#pragma once

#include "models/backends/aws_sdk.hpp"
#include "models/services/lock_table.hpp"
#include "models/terraform/backend.hpp"

namespace lockstorm::models {

/// What a waiting client does with a lock that it takes for stale.
enum class TakeOver : std::uint8_t {
  never,             ///< L0: waits until it is released
  always,            ///< L1 a: writes without a condition
  if_locked,         ///< L1 b: IF IsLocked = true
  if_last_modified,  ///< L1 c: IF LastModified = the value seen
  if_epoch,          ///< 5.4: IF Epoch and Beat = the values seen
};

struct LockTableOptions {
  TakeOver take_over = TakeOver::never;
  /// A lock is stale when its record has not changed for so many ticks.
  std::uint8_t lease_ticks = 2;
  /// False: age = own clock - LastModified (5.3). True: time since this client first saw this record (L1-6's
  /// fix).
  bool observer_ageing = false;
  bool heartbeat = false;
  bool heartbeat_unconditional = false;  ///< false: IF LastModified = the value it wrote last (L1-5)
  bool conditional_acquire = true;       ///< false: reads IsLocked = false, then writes (L0-6)
  bool conditional_create = true;        ///< false: the first use creates the item with a plain write (L0-7)
  bool conditional_release = true;       ///< IF IsLocked = true, which anybody's lock satisfies (L0-2)
  bool token_release = false;            ///< release IF LastModified = the value it wrote last (L1-4)
  bool consistent_probe = true;  ///< false: looks at the lock with an eventually consistent read (L0-5, L1-7)
  bool long_apply = true;        ///< false: an apply takes no longer than its messages
  bool operator_clears = false;  ///< somebody sets IsLocked = false by hand
  unsigned max_attempts = 5;
  unsigned runs = 1;
  /// Clients have clocks, and give up after so many ticks; 0: time is free, there are no clocks, and they
  /// wait for ever.
  std::uint8_t clock_ticks = 0;
  /// Clients have clocks that never stop: they wait for ever, and an apply takes as long as it takes.
  bool virtual_time = false;

  [[nodiscard]] bool has_clocks() const { return virtual_time || clock_ticks != 0; }
  /// Owner, Epoch and the state in the lock's item (5.4).
  [[nodiscard]] bool fenced() const { return take_over == TakeOver::if_epoch; }
  /// The lock is looked at before it is written.
  [[nodiscard]] bool probes() const {
    return take_over != TakeOver::never || !conditional_acquire || !conditional_create || !consistent_probe;
  }
};

/// Makes a take-over conditional as the protocol has it, on the record `seen`.
void guard_take_over(LockTable::UpdateItem& update, TakeOver take_over, const LockTable::Row& seen);

inline bool is_retried(const LockTable::Response& response) {
  return response.status == LockTable::Status::server_error ||
         response.status == LockTable::Status::throttled;
}

inline bool succeeded(const SdkAnswer<LockTable::Response>& answer) {
  return answer.answered != 0 && answer.response.status == LockTable::Status::ok;
}

/// The part that an operator or a later visitor uses. Clients run `run_lock_table_client`: their waiting is
/// part of the protocol, not of `-lock-timeout`, and the text names no LockInfo to refuse with.
class LockTableBackend final : public Backend {
 public:
  LockTableBackend(LockTableOptions options, sim::ServiceRef<LockTable> table, sim::ServiceRef<S3> s3)
      : options_(options), table_(table), s3_(s3) {}

  DoneResult open(sim::Process&) const override { return {Done::ok}; }
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  LockInfo shown_lock(sim::Process& self) const override;
  DoneResult outwait(sim::Process& self) const override;

  [[nodiscard]] const LockTableOptions& options() const { return options_; }
  [[nodiscard]] SdkAnswer<LockTable::Response> call(sim::Process& self,
                                                    const LockTable::Request& request) const {
    return sdk_call(self, table_, request, options_.max_attempts);
  }
  /// Without the SDK's retries.
  [[nodiscard]] SdkAnswer<LockTable::Response> call_once(sim::Process& self,
                                                         const LockTable::Request& request) const {
    return sdk_call(self, table_, request, 1);
  }
  [[nodiscard]] SdkAnswer<S3::Response> call(sim::Process& self, const S3::Request& request) const {
    return sdk_call(self, s3_, request, options_.max_attempts);
  }
  /// What goes into LastModified; a world without clocks has nothing to write.
  [[nodiscard]] Tick read_clock(sim::Process& self) const {
    return options_.has_clocks() ? Tick::at(self.now()) : Tick{};
  }

 private:
  DoneResult clear_by_hand(sim::Process& self, const LockId& id) const;
  DoneResult recover_by_age(sim::Process& self) const;

  LockTableOptions options_;
  sim::ServiceRef<LockTable> table_;
  sim::ServiceRef<S3> s3_;
};

/// The body of one CI job: wait for the lock, read the state, apply, write the state, release.
void run_lock_table_client(sim::Process& self, const LockTableBackend& backend);

}  // namespace lockstorm::models
