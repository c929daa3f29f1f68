// The settings of the pg backend (backend-protocols.md 3.8).
#pragma once

#include <cstdint>
#include <string>

#include "scenarios/backends/workspace_settings.hpp"
#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

struct PgConfig final : BackendConfig, WorkspaceSettings {
  /// The fence that the fixes add: the row is replaced only if it still is the one that was read.
  bool fenced_put = false;
  std::uint8_t pooled_sessions = 0;  ///< store: server sessions of a pooler in transaction mode
  std::uint8_t session_losses = 0;   ///< store: sessions that the server ends by itself
  bool binary_parameters = false;    ///< of conn_str: every statement is one round trip (lib/pq)
  bool skip_schema_creation = false;
  bool skip_table_creation = false;
  bool skip_index_creation = false;
  bool tables_exist = true;  ///< false: an empty database; the first jobs create schema and table
  /// Jobs that lock or create other workspaces under the same creation key meanwhile.
  std::uint8_t neighbours = 0;

  [[nodiscard]] const BackendType& type() const override;
  void read_yaml(YamlReader& reader, const YAML::Node& section) override;
  void read_store(YamlReader& reader, const YAML::Node& section) override;
  std::optional<InputError> read_arguments(const BackendArguments& arguments,
                                           std::vector<std::string>& assumptions) override;
  [[nodiscard]] std::optional<Objection> objection(const Scenario& scenario) const override;
  [[nodiscard]] std::string summary() const override;
  [[nodiscard]] std::vector<CountedEvent> counted_events() const override {
    return {{"session_losses", session_losses}};
  }
  [[nodiscard]] std::string canonical_text() const override;
  /// Whether a pooler may put the halves of a statement with parameters on two sessions.
  [[nodiscard]] bool two_round_trips() const { return pooled_sessions > 0 && !binary_parameters; }
  /// Whether every command begins with statements that create what is missing.
  [[nodiscard]] bool sets_up() const {
    return !(skip_schema_creation && skip_table_creation && skip_index_creation);
  }
  [[nodiscard]] BackendTraits traits() const override {
    return {.has_named_workspace = !is_default_workspace(),
            .lock_ends_by_itself = true,
            .lock_lasts = "once the server has noticed that its session is gone"};
  }
  [[nodiscard]] std::vector<BackendChange> changes() const override;
  void build(const Scenario& scenario, World& world, WorldParts& parts) const override;
  [[nodiscard]] std::vector<std::string> audit_modes() const override;
  bool read_audit_mode(std::string_view mode) override;
  [[nodiscard]] Adversities possible_adversities() const override;
};

const BackendType& pg_backend();

}  // namespace lockstorm::scenarios
