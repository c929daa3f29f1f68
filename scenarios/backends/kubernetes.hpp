// The settings of a kubernetes backend (backend-protocols.md 3.7).
#pragma once

#include <cstdint>

#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

struct KubernetesConfig final : BackendConfig {
  std::uint8_t parts = 1;          ///< secrets that the states fill which jobs write
  std::uint8_t initial_parts = 1;  ///< ... and the state that is there before
  /// A fix: the update of the state carries the resourceVersion that was read with it.
  bool fenced_put = false;
  bool server_error_retry_after = true;  ///< `store`: 5xx answers ask to come back

  [[nodiscard]] const BackendType& type() const override;
  void read_yaml(YamlReader& reader, const YAML::Node& section) override;
  void read_store(YamlReader& reader, const YAML::Node& section) override;
  std::optional<InputError> read_arguments(const BackendArguments& arguments,
                                           std::vector<std::string>& assumptions) override;
  [[nodiscard]] std::optional<Objection> objection(const Scenario& scenario) const override;
  [[nodiscard]] std::string summary() const override;
  [[nodiscard]] std::string canonical_text() const override;
  [[nodiscard]] std::vector<BackendChange> changes() const override;
  void build(const Scenario& scenario, World& world, WorldParts& parts) const override;
};

const BackendType& kubernetes_backend();

}  // namespace lockstorm::scenarios
