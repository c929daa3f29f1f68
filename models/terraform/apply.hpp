// `terraform apply` / `tofu apply` in the order of backend-protocols.md 2.6.
#pragma once

#include <chrono>
#include <memory>

#include "models/backends/backend.hpp"
#include "models/cloud/cloud.hpp"
#include "models/terraform/outcome.hpp"

namespace lockstorm::models {

/// Who stands between the command and the backend: remote.State (2.4), or the local backend's
/// statemgr.Filesystem (3.10).
enum class StateManager : std::uint8_t { remote, filesystem };

struct ApplyOptions {
  std::uint8_t resources = 1;  ///< addresses 0..resources-1 in the configuration
  std::chrono::milliseconds lock_timeout{0};
  std::uint8_t runs = 1;  ///< applies one after the other, as one CI job with a loop
  bool takes_interrupts = false;
  /// Terraform's local backend writes the file after every resource step (3.10).
  bool persists_every_step = false;
  StateManager manager = StateManager::remote;
};

/// The body of one CI job. The backend must outlive the process.
void run_applies(sim::Process& self, const Backend& backend, sim::ServiceRef<Cloud> cloud,
                 const ApplyOptions& options);

}  // namespace lockstorm::models
