// The settings of the oss backend (backend-protocols.md 3.12).
#pragma once

#include <string>

#include "scenarios/backends/workspace_settings.hpp"
#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

struct OssConfig final : BackendConfig, WorkspaceSettings {
  bool tablestore_table = false;
  bool strong_reads = true;  ///< store: the reference takes it for granted (8.3)

  [[nodiscard]] const BackendType& type() const override;
  void read_yaml(YamlReader& reader, const YAML::Node& section) override;
  void read_store(YamlReader& reader, const YAML::Node& section) override;
  std::optional<InputError> read_arguments(const BackendArguments& arguments,
                                           std::vector<std::string>& assumptions) override;
  [[nodiscard]] std::string summary() const override;
  [[nodiscard]] std::string canonical_text() const override;
  [[nodiscard]] BackendTraits traits() const override {
    return {.has_lock = tablestore_table,
            .keeps_digest = tablestore_table,
            .has_named_workspace = !is_default_workspace()};
  }
  [[nodiscard]] std::vector<BackendChange> changes() const override;
  void build(const Scenario& scenario, World& world, WorldParts& parts) const override;
  [[nodiscard]] std::vector<std::string> audit_modes() const override;
  bool read_audit_mode(std::string_view mode) override;
};

const BackendType& oss_backend();

}  // namespace lockstorm::scenarios
