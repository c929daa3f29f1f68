// Terraform's and OpenTofu's azurerm backend: an infinite lease on the state blob itself
// (backend-protocols.md 3.4).
#pragma once

#include "models/backends/lost_connection.hpp"
#include "models/services/azure_blob.hpp"
#include "models/terraform/backend.hpp"

namespace lockstorm::models {

struct AzurermBackendOptions {
  Dialect dialect = Dialect::terraform;
  bool snapshot = false;  ///< a snapshot before each write
  /// Terraform before 0.12.0: force-unlock writes the metadata without the lease's ID, which a leased blob
  /// refuses (hashicorp/terraform#17046).
  bool unlock_lacks_lease = false;
  LostConnection lost_connection = LostConnection::either;
};

/// [TF,OT azure/client.go, azure/backend_state.go]
class AzurermBackend final : public Backend {
 public:
  /// `memory`: for the client's `leaseID`.
  AzurermBackend(AzurermBackendOptions options, sim::ServiceRef<AzureBlob> blob, sim::Cell memory = {})
      : options_(options), blob_(blob), memory_(memory) {}

  DoneResult open(sim::Process& self) const override;
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  LockInfo shown_lock(sim::Process& self) const override;

 private:
  /// The last answer; not answered: the request failed on the way, and the client stopped trying.
  struct Answer {
    AzureBlob::Response response;
    std::uint16_t answered = 0;
    [[nodiscard]] bool succeeded() const { return answered != 0 && response.error == AzureError::none; }
    [[nodiscard]] bool is(AzureBlob::Status status) const {
      return answered != 0 && response.status == status;
    }
  };

  Answer call(sim::Process& self, const AzureBlob::Request& request) const;
  Answer call_terraform(sim::Process& self, const AzureBlob::Request& request) const;
  Answer call_opentofu(sim::Process& self, const AzureBlob::Request& request) const;
  DoneResult create_state(sim::Process& self) const;
  LockInfo read_lock_info(sim::Process& self) const;
  LockResult lock_error(sim::Process& self) const;
  DoneResult write_lock_info(sim::Process& self, const LockInfo& info, const LockId& lease) const;
  [[nodiscard]] LockId lease_of(const sim::Process& self) const;

  AzurermBackendOptions options_;
  sim::ServiceRef<AzureBlob> blob_;
  sim::Cell memory_;
};

}  // namespace lockstorm::models
