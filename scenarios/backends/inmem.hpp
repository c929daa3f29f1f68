// The settings of the inmem backend (backend-protocols.md 3.14).
#pragma once

#include <string>

#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

struct InmemConfig final : BackendConfig {
  bool lock_id = false;  ///< the state is locked from the start of every process
  std::string workspace = "default";

  [[nodiscard]] const BackendType& type() const override;
  void read_yaml(YamlReader& reader, const YAML::Node& section) override;
  std::optional<InputError> read_arguments(const BackendArguments& arguments,
                                           std::vector<std::string>& assumptions) override;
  [[nodiscard]] std::optional<Objection> objection(const Scenario& scenario) const override;
  [[nodiscard]] std::string summary() const override;
  [[nodiscard]] std::string canonical_text() const override;
  void build(const Scenario& scenario, World& world, WorldParts& parts) const override;
  [[nodiscard]] std::vector<std::string> audit_modes() const override;
  bool read_audit_mode(std::string_view mode) override;
  [[nodiscard]] Adversities possible_adversities() const override;
};

const BackendType& inmem_backend();

}  // namespace lockstorm::scenarios
