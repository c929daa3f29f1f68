// The settings of the oci backend (backend-protocols.md 3.15).
#pragma once

#include <cstdint>
#include <string>

#include "scenarios/backends/workspace_settings.hpp"
#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

struct OciConfig final : BackendConfig, WorkspaceSettings {
  /// The fence that the fixes add: PutObject of the state carries If-Match of the version read.
  bool fenced_put = false;
  std::uint8_t parts = 1;  ///< of an upload of the state, above 128 MiB

  [[nodiscard]] const BackendType& type() const override;
  void read_yaml(YamlReader& reader, const YAML::Node& section) override;
  std::optional<InputError> read_arguments(const BackendArguments& arguments,
                                           std::vector<std::string>& assumptions) override;
  [[nodiscard]] std::optional<Objection> objection(const Scenario& scenario) const override;
  [[nodiscard]] std::string summary() const override;
  [[nodiscard]] std::string canonical_text() const override;
  [[nodiscard]] BackendTraits traits() const override {
    return {.has_named_workspace = !is_default_workspace()};
  }
  [[nodiscard]] std::vector<BackendChange> changes() const override;
  void build(const Scenario& scenario, World& world, WorldParts& parts) const override;
  [[nodiscard]] std::vector<std::string> audit_modes() const override;
  bool read_audit_mode(std::string_view mode) override;
};

const BackendType& oci_backend();

}  // namespace lockstorm::scenarios
