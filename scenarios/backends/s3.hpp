// The settings of an s3 backend (backend-protocols.md 3.1-3.3).
#pragma once

#include <cstdint>
#include <string>

#include "scenarios/backends/s3_store.hpp"
#include "scenarios/backends/workspace_settings.hpp"
#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

struct S3Config final : BackendConfig, WorkspaceSettings {
  bool dynamodb_table = false;
  bool use_lockfile = false;
  std::uint8_t max_retries = 5;
  /// The fence that the fixes add: PutObject of the state carries If-Match of the version read.
  bool fenced_put = false;
  bool large_states = false;      ///< above 5 MiB, which Terraform reads in ranges
  bool encrypt = false;           ///< server-side encryption ...
  bool sse_customer_key = false;  ///< ... with a key that every request has to bring along (SSE-C)
  S3StorePromises store;

  [[nodiscard]] const BackendType& type() const override;
  void read_yaml(YamlReader& reader, const YAML::Node& section) override;
  void read_store(YamlReader& reader, const YAML::Node& section) override;
  std::optional<InputError> read_arguments(const BackendArguments& arguments,
                                           std::vector<std::string>& assumptions) override;
  [[nodiscard]] std::string summary() const override;
  [[nodiscard]] std::string canonical_text() const override;
  [[nodiscard]] std::vector<CountedEvent> counted_events() const override {
    return {{"conflicts", store.conflicts}};
  }
  [[nodiscard]] BackendTraits traits() const override {
    return {.has_lock = use_lockfile || dynamodb_table,
            .keeps_digest = dynamodb_table,
            .has_named_workspace = !is_default_workspace()};
  }
  [[nodiscard]] bool has_customer_key() const { return encrypt && sse_customer_key; }
  [[nodiscard]] std::vector<BackendChange> changes() const override;
  void build(const Scenario& scenario, World& world, WorldParts& parts) const override;
  [[nodiscard]] std::vector<std::string> audit_modes() const override;
  bool read_audit_mode(std::string_view mode) override;
  [[nodiscard]] std::vector<StoreDoubt> doubts(const BackendArguments& arguments) const override;
};

const BackendType& s3_backend();

}  // namespace lockstorm::scenarios
