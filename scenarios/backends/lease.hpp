// The settings of the lease backend: a lock of one's own that is acquired, renewed and released by requests.
#pragma once

#include "models/backends/lease_client.hpp"
#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

struct LeaseConfig final : BackendConfig {
  /// What becomes of a lock's token when it is renewed.
  enum class RenewedToken : std::uint8_t { same, fresh, unanswered };
  using NewLeader = models::LeaseStore::NewLeader;

  models::LeaseOptions client;
  RenewedToken renewed_token = RenewedToken::same;
  bool renewal_creates = false;
  bool ignores_renewals = false;
  std::uint8_t lease_ticks = 2;
  std::uint8_t leader_changes = 0;
  NewLeader new_leader = NewLeader::keeps_leases;

  [[nodiscard]] const BackendType& type() const override;
  void read_yaml(YamlReader& reader, const YAML::Node& section) override;
  void read_store(YamlReader& reader, const YAML::Node& section) override;
  [[nodiscard]] std::optional<Objection> objection(const Scenario& scenario) const override;
  [[nodiscard]] std::string summary() const override;
  [[nodiscard]] std::string canonical_text() const override;
  [[nodiscard]] std::vector<CountedEvent> counted_events() const override {
    return {{models::LeaseStore::kCountedEvent, leader_changes}};
  }
  [[nodiscard]] BackendTraits traits() const override { return {.lock_ends_by_itself = client.leases}; }
  [[nodiscard]] std::vector<BackendChange> changes() const override;
  void prepare_audit(Scenario& scenario) const override;
  void build(const Scenario& scenario, World& world, WorldParts& parts) const override;
};

const BackendType& lease_backend();

}  // namespace lockstorm::scenarios
