// Terraform's and OpenTofu's gcs backend (backend-protocols.md 3.6).
#pragma once

#include "models/backends/lost_connection.hpp"
#include "models/services/gcs.hpp"
#include "models/terraform/backend.hpp"

namespace lockstorm::models {

struct GcsBackendOptions {
  Dialect dialect = Dialect::terraform;
  /// A fix, not the real client: Put carries ifGenerationMatch of the version this process read last (5.4.3).
  bool fenced_put = false;
  /// Terraform before 0.11.4: a refused client is shown the random id of the lock file's text instead of its
  /// generation (hashicorp/terraform#17592).
  bool shows_uuid = false;
  /// hashicorp/terraform#26593 as it was reported: the empty state of a new workspace is written without
  /// looking whether somebody has been faster. Real clients look (2.4.3b).
  bool creates_blindly = false;
  LostConnection lost_connection = LostConnection::either;
};

/// [TF,OT gcs/client.go, gcs/backend_state.go]
class GcsBackend final : public Backend {
 public:
  GcsBackend(GcsBackendOptions options, sim::ServiceRef<Gcs> gcs) : options_(options), gcs_(gcs) {}

  DoneResult open(sim::Process& self) const override;
  LockResult lock(sim::Process& self, const LockInfo& info) const override;
  GetResult get(sim::Process& self) const override;
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot, const StateSnapshot& read) const override;
  DoneResult unlock(sim::Process& self, const LockId& id) const override;
  LockInfo shown_lock(sim::Process& self) const override;

 private:
  /// The last answer a request got; not answered: it got none and is not repeated.
  struct Answer {
    Gcs::Response response;
    std::uint16_t answered = 0;
    [[nodiscard]] bool is(Gcs::Status status) const { return answered != 0 && response.status == status; }
    /// To whoever asks, a connection that failed is an error like any other.
    [[nodiscard]] Gcs::Status status() const {
      return answered != 0 ? response.status : Gcs::Status::service_unavailable;
    }
  };
  /// A lock file as a client shows it, or why it cannot.
  struct ShownLock {
    Gcs::Status status = Gcs::Status::ok;
    LockInfo info;
  };

  Answer call_until_success(sim::Process& self, const Gcs::Request& request) const;
  Answer call_once(sim::Process& self, const Gcs::Request& request) const;
  ShownLock read_lock(sim::Process& self) const;
  DoneResult create_state(sim::Process& self) const;

  GcsBackendOptions options_;
  sim::ServiceRef<Gcs> gcs_;
};

}  // namespace lockstorm::models
