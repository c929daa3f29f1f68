// The settings of the consul backend (backend-protocols.md 3.5).
#pragma once

#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

struct ConsulConfig final : BackendConfig {
  bool lock = true;
  std::string workspace = "default";
  bool large_states = false;  ///< states above the 512 KiB that one key may hold
  /// Sessions that running jobs may lose: node health checks that fail, renewals that do not get through.
  std::uint8_t session_losses = 0;
  bool blind_writes = false;  ///< Terraform before 0.9.7 (hashicorp/terraform#14312)
  /// The fence that a fix would add: a first write with index 0, "only if absent".
  bool fenced_create = false;
  std::uint8_t stale_reads = 0;  ///< store: default reads that a deposed leader answers

  [[nodiscard]] const BackendType& type() const override;
  void read_yaml(YamlReader& reader, const YAML::Node& section) override;
  void read_store(YamlReader& reader, const YAML::Node& section) override;
  std::optional<InputError> read_arguments(const BackendArguments& arguments,
                                           std::vector<std::string>& assumptions) override;
  [[nodiscard]] std::optional<Objection> objection(const Scenario& scenario) const override;
  [[nodiscard]] std::string summary() const override;
  [[nodiscard]] std::vector<CountedEvent> counted_events() const override {
    return {{"session_losses", session_losses}, {"stale_reads", stale_reads}};
  }
  [[nodiscard]] std::string canonical_text() const override;
  [[nodiscard]] BackendTraits traits() const override {
    // 4.4
    return {.has_lock = lock,
            .has_named_workspace = workspace != "default",
            .lock_ends_by_itself = true,
            .lock_lasts = "22 to 30 s after the last renewal of its session, and 5 s of lock-delay later"};
  }
  [[nodiscard]] std::vector<BackendChange> changes() const override;
  void build(const Scenario& scenario, World& world, WorldParts& parts) const override;
  [[nodiscard]] std::vector<std::string> audit_modes() const override;
  bool read_audit_mode(std::string_view mode) override;
};

const BackendType& consul_backend();

}  // namespace lockstorm::scenarios
