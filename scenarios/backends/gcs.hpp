// The settings of the gcs backend (backend-protocols.md 3.6).
#pragma once

#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

struct GcsConfig final : BackendConfig {
  /// The fence that the fixes add: insert of the state with ifGenerationMatch of the version read.
  bool fenced_put = false;
  bool shows_uuid = false;       ///< Terraform before 0.11.4 (hashicorp/terraform#17592)
  bool creates_blindly = false;  ///< hashicorp/terraform#26593 taken literally

  [[nodiscard]] const BackendType& type() const override;
  void read_yaml(YamlReader& reader, const YAML::Node& section) override;
  std::optional<InputError> read_arguments(const BackendArguments& arguments,
                                           std::vector<std::string>& assumptions) override;
  [[nodiscard]] std::string summary() const override;
  [[nodiscard]] BackendTraits traits() const override { return {.tells_close_from_reset = true}; }
  [[nodiscard]] std::string canonical_text() const override;
  [[nodiscard]] std::vector<BackendChange> changes() const override;
  void build(const Scenario& scenario, World& world, WorldParts& parts) const override;
};

const BackendType& gcs_backend();

}  // namespace lockstorm::scenarios
