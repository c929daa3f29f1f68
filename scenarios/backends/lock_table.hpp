// The settings of the lock-table backend: a lock built on a table with IsLocked and LastModified
// (backend-protocols.md 5).
#pragma once

#include <cstdint>

#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

/// How the lock-table backend recovers stale locks (backend-protocols.md 5.2-5.4).
enum class LockTableProtocol : std::uint8_t {
  l0,         ///< IsLocked, wait until released
  l1a,        ///< take over by age, unconditionally
  l1b,        ///< ... if IsLocked is still true
  l1c,        ///< ... if LastModified is the value seen
  corrected,  ///< owner, epoch, conditional state write, a lease that runs out
};

struct LockTableConfig final : BackendConfig {
  LockTableProtocol protocol = LockTableProtocol::l0;
  bool heartbeat = false;
  bool heartbeat_unconditional = false;
  bool conditional_acquire = true;  ///< false: read, then write (L0-6)
  bool conditional_create = true;   ///< false: the first use creates the item with a plain write (L0-7)
  bool conditional_release = true;  ///< IF IsLocked = true, which anybody's lock satisfies
  bool token_release = false;       ///< IF LastModified = the value the client wrote last
  bool stale_lock = false;          ///< an earlier job died with the lock
  bool held_lock = false;           ///< an earlier job, still alive, took the lock a moment ago
  bool consistent_probe = true;     ///< false: the age is read with an eventually consistent GetItem
  bool observer_ageing =
      false;               ///< age = time since the observer first saw the record, not clock - LastModified
  bool long_apply = true;  ///< false: an apply takes no longer than its messages
  std::uint8_t lease_ticks = 2;  ///< a lock is stale when it is older than this
  bool retries = true;           ///< the SDK repeats unanswered requests

  [[nodiscard]] const BackendType& type() const override;
  void read_yaml(YamlReader& reader, const YAML::Node& section) override;
  [[nodiscard]] std::optional<Objection> objection(const Scenario& scenario) const override;
  [[nodiscard]] std::string summary() const override;
  [[nodiscard]] BackendTraits traits() const override { return {.runs_commands = false}; }
  [[nodiscard]] std::string canonical_text() const override;
  [[nodiscard]] std::vector<std::string> audit_modes() const override;
  bool read_audit_mode(std::string_view mode) override;
  void prepare_audit(Scenario& scenario) const override;
  void build(const Scenario& scenario, World& world, WorldParts& parts) const override;
};

const BackendType& lock_table_backend();

}  // namespace lockstorm::scenarios
