// A scenario as data: who does what on which backend, what may go wrong, what is checked and expected.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checkers/properties.hpp"
#include "models/backends/backend.hpp"
#include "models/terraform/operator.hpp"
#include "scenarios/input_error.hpp"
#include "sim/faults.hpp"

namespace lockstorm::scenarios {

/// The backend kinds this version models.
enum class BackendKind : std::uint8_t { s3, local, lock_table };

/// How the lock-table backend recovers stale locks (backend-protocols.md 5.2-5.4).
enum class LockTableProtocol : std::uint8_t {
  l0,         ///< IsLocked, wait until released
  l1a,        ///< take over by age, unconditionally
  l1b,        ///< ... if IsLocked is still true
  l1c,        ///< ... if LastModified is the value seen
  corrected,  ///< owner, epoch, conditional state write
};

struct BackendSettings {
  BackendKind kind = BackendKind::s3;
  // s3
  bool dynamodb_table = false;
  bool use_lockfile = false;
  std::uint8_t max_retries = 5;
  std::string workspace = "default";
  bool workspace_exists = true;
  /// The fence that the fixes add: PutObject of the state carries If-Match of the version read.
  bool fenced_put = false;
  // lock-table
  LockTableProtocol protocol = LockTableProtocol::l0;
  bool heartbeat = false;
  bool heartbeat_unconditional = false;
  bool conditional_acquire = true;  ///< false: read, then write (L0-6)
  bool conditional_create = true;   ///< false: the first use creates the item with a plain write (L0-7)
  bool conditional_release = true;  ///< IF IsLocked = true, which anybody's lock satisfies
  bool token_release = false;       ///< IF LastModified = the value the client wrote last
  bool stale_lock = false;          ///< an earlier job died with the lock
  bool consistent_probe = true;     ///< false: the age is read with an eventually consistent GetItem
  bool observer_ageing =
      false;               ///< age = time since the observer first saw the record, not clock - LastModified
  bool long_apply = true;  ///< false: an apply takes no longer than its messages
  std::uint8_t lease_ticks = 2;  ///< a lock is stale when it is older than this
  bool retries = true;           ///< the SDK repeats unanswered requests
};

struct StorePromises {
  bool honours_if_none_match = true;
  bool honours_if_match = true;
  bool strong_reads = true;
  std::string versioning = "never";        ///< never, enabled, suspended
  bool versioned_conditional_puts = true;  ///< radosgw 16 breaks it
  bool suspended_conditional_puts = true;  ///< radosgw 16 breaks it
};

struct ClientSettings {
  models::Dialect tool = models::Dialect::terraform;
  std::uint16_t count = 2;
  std::chrono::milliseconds lock_timeout{0};
  std::uint8_t resources = 1;
  std::uint8_t runs = 1;
};

struct OperatorSettings {
  std::uint8_t force_unlock = 0;
  models::UnlockTarget target = models::UnlockTarget::dead;
};

struct TimeSettings {
  std::uint8_t ticks = 0;  ///< 0: free time
  bool urgent = false;
};

/// What stands in the state store before the first step.
enum class InitialState : std::uint8_t { empty, existing };

enum class Expectation : std::uint8_t { held, violated };

struct Scenario {
  std::string name;
  std::string description;  ///< the comment the file opens with
  BackendSettings backend;
  StorePromises store;
  ClientSettings client;
  OperatorSettings force_unlock;
  InitialState initial = InitialState::existing;
  TimeSettings time;
  sim::FaultBudget faults;
  std::optional<checkers::PropertySet> check;  ///< unset: all that apply
  std::map<checkers::Property, Expectation> expect;
};

/// Identifies what a scenario simulates (not its name or expectations); replay strings carry it.
std::uint64_t fingerprint(const Scenario& scenario);

/// "OpenTofu, s3 with use_lockfile, 2 clients".
std::string summary(const Scenario& scenario);

}  // namespace lockstorm::scenarios
