// The `cloud` block (backend-protocols.md 3.13); all but its name is the remote backend's.
#include "scenarios/backends/cloud.hpp"

#include <array>

#include "scenarios/data/backend_type.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 1> kCloudServices{{
    {"hcp-terraform", "HCP Terraform or Terraform Enterprise: a workspace's lock and its state versions"},
}};

// internal/cloud/backend.go of both tools.
constexpr std::array<EnvironmentArgument, 2> kCloudEnvironment{
    {{"organization", "TF_CLOUD_ORGANIZATION"}, {"hostname", "TF_CLOUD_HOSTNAME"}}};

}  // namespace

const BackendType& cloud_backend() {
  static constexpr BackendType kType{
      .name = "cloud",
      .summary = "the `cloud` block of both tools, in local execution mode",
      .arguments = "hostname organization token workspaces",
      .environment = kCloudEnvironment,
      .premises = "execution_mode",
      .services = kCloudServices,
      .matrix_modes = "- shared-token",
      .defaults = default_config<CloudConfig>,
  };
  return kType;
}

const BackendType& CloudConfig::type() const { return cloud_backend(); }

}  // namespace lockstorm::scenarios
