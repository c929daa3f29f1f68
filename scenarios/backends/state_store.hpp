// The settings of Terraform's state stores (backend-protocols.md 3.15).
#pragma once

#include <cstdint>
#include <string>

#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

class StateStoreConfig final : public BackendConfig {
 public:
  // Of the provider: the block does not say.
  bool locks = true;
  bool atomic_lock = true;
  bool compares_id = true;
  bool atomic_unlock = true;
  std::uint8_t attempts = 1;
  bool knows_own_lock = true;
  bool fenced_put = false;  ///< the provider remembers the version that it has read
  bool needs_lock = false;  ///< it remembers the lock's ID, and writes only while that lock is there

  [[nodiscard]] const BackendType& type() const override;
  void read_yaml(YamlReader& reader, const YAML::Node& section) override;
  void read_store(YamlReader& reader, const YAML::Node& section) override;
  std::optional<InputError> read_arguments(const BackendArguments& arguments,
                                           std::vector<std::string>& assumptions) override;
  [[nodiscard]] std::optional<Objection> objection(const Scenario& scenario) const override;
  [[nodiscard]] std::string summary() const override;
  [[nodiscard]] std::string canonical_text() const override;
  [[nodiscard]] BackendTraits traits() const override { return {.has_lock = locks}; }
  [[nodiscard]] std::vector<BackendChange> changes() const override;
  [[nodiscard]] std::vector<StoreDoubt> doubts(const BackendArguments& arguments) const override;
  void build(const Scenario& scenario, World& world, WorldParts& parts) const override;
  [[nodiscard]] std::vector<std::string> audit_modes() const override;
  bool read_audit_mode(std::string_view mode) override;
};

const BackendType& state_store_backend();

}  // namespace lockstorm::scenarios
