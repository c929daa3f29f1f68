// The settings of an http backend, and of the server behind it (backend-protocols.md 3.9).
#pragma once

#include <cstdint>

#include "models/services/http_state.hpp"
#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

struct HttpConfig final : BackendConfig {
  bool lock_address = false;
  bool unlock_address = false;
  std::uint8_t retry_max = 2;
  /// A store that keeps a lock and ignores ids, unless the scenario says otherwise (3.9 a).
  models::HttpServerPolicy policy = blob_store();

  static models::HttpServerPolicy blob_store();
  /// A plain file store: a lock is a file that a PUT creates or replaces (RB-08).
  static models::HttpServerPolicy file_store();

  [[nodiscard]] const BackendType& type() const override;
  void read_yaml(YamlReader& reader, const YAML::Node& section) override;
  void read_store(YamlReader& reader, const YAML::Node& section) override;
  std::optional<InputError> read_arguments(const BackendArguments& arguments,
                                           std::vector<std::string>& assumptions) override;
  [[nodiscard]] std::string summary() const override;
  [[nodiscard]] std::string canonical_text() const override;
  [[nodiscard]] BackendTraits traits() const override {
    return {
        .has_lock = lock_address, .refusal_names_holder = false, .lock_lasts = "when the server drops it"};
  }
  [[nodiscard]] std::vector<BackendChange> changes() const override;
  void build(const Scenario& scenario, World& world, WorldParts& parts) const override;
  [[nodiscard]] std::vector<std::string> audit_modes() const override;
  bool read_audit_mode(std::string_view mode) override;
};

const BackendType& http_backend();

}  // namespace lockstorm::scenarios
