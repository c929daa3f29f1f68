// The settings of the azurerm backend (backend-protocols.md 3.4).
#pragma once

#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

struct AzurermConfig final : BackendConfig {
  bool snapshot = false;
  bool unlock_lacks_lease = false;  ///< Terraform before 0.12.0 (hashicorp/terraform#17046)

  [[nodiscard]] const BackendType& type() const override;
  void read_yaml(YamlReader& reader, const YAML::Node& section) override;
  std::optional<InputError> read_arguments(const BackendArguments& arguments,
                                           std::vector<std::string>& assumptions) override;
  [[nodiscard]] std::string summary() const override;
  [[nodiscard]] BackendTraits traits() const override { return {.tells_close_from_reset = true}; }
  [[nodiscard]] std::string canonical_text() const override;
  void build(const Scenario& scenario, World& world, WorldParts& parts) const override;
  [[nodiscard]] std::vector<std::string> audit_modes() const override;
  bool read_audit_mode(std::string_view mode) override;
};

const BackendType& azurerm_backend();

}  // namespace lockstorm::scenarios
