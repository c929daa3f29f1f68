// The settings of the remote backend and of the cloud block (backend-protocols.md 3.13).
#pragma once

#include "models/services/tfe_workspace.hpp"
#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

struct RemoteConfig : BackendConfig {
  bool shared_token = false;                 ///< all jobs are one user to the server
  bool force_unlock_locks = false;           ///< before OpenTofu 1.7 (hashicorp/terraform#28853)
  bool unlocks_after_failed_upload = false;  ///< Terraform before 0.12.0 (hashicorp/terraform#21148)

  models::TfePromises store{};

  [[nodiscard]] const BackendType& type() const override;
  void read_yaml(YamlReader& reader, const YAML::Node& section) override;
  void read_store(YamlReader& reader, const YAML::Node& section) override;
  [[nodiscard]] std::string not_applicable(const BackendArguments& arguments) const override;
  std::optional<InputError> read_arguments(const BackendArguments& arguments,
                                           std::vector<std::string>& assumptions) override;
  [[nodiscard]] std::string summary() const override;
  [[nodiscard]] std::string canonical_text() const override;
  [[nodiscard]] BackendTraits traits() const override {
    return {.refusal_names_holder = false, .lock_id_word = "ORGANIZATION/WORKSPACE"};
  }
  void build(const Scenario& scenario, World& world, WorldParts& parts) const override;
  [[nodiscard]] std::vector<std::string> audit_modes() const override;
  bool read_audit_mode(std::string_view mode) override;
};

const BackendType& remote_backend();

}  // namespace lockstorm::scenarios
