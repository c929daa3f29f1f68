// The settings of the local backend (backend-protocols.md 3.10).
#pragma once

#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

struct LocalConfig final : BackendConfig {
  /// There is no backend block at all: what `init` migrates from here is emptied afterwards.
  bool implicit = false;

  [[nodiscard]] const BackendType& type() const override;
  void read_yaml(YamlReader& reader, const YAML::Node& section) override;
  std::optional<InputError> read_arguments(const BackendArguments& arguments,
                                           std::vector<std::string>& assumptions) override;
  [[nodiscard]] std::optional<Objection> objection(const Scenario& scenario) const override;
  [[nodiscard]] std::string summary() const override;
  [[nodiscard]] std::string canonical_text() const override;
  [[nodiscard]] BackendTraits traits() const override {
    return {.lock_ends_by_itself = true, .lock_lasts = "once its process has ended"};
  }
  void build(const Scenario& scenario, World& world, WorldParts& parts) const override;
  [[nodiscard]] Adversities possible_adversities() const override;
};

const BackendType& local_backend();

}  // namespace lockstorm::scenarios
