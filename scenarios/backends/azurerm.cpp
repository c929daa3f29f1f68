// The azurerm backend (backend-protocols.md 3.4): the state blob under an infinite lease.
#include "scenarios/backends/azurerm.hpp"

#include <fmt/format.h>

#include <array>

#include "models/backends/azurerm.hpp"
#include "scenarios/data/arguments.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 1> kAzurermServices{{
    {"azure-blob", "Azure Blob Storage: one blob with metadata, conditional writes and a lease"},
}};

// Every argument the azurerm backend has or had, in either tool (internal/backend/remote-state/azure/
// backend.go).
constexpr std::string_view kAzurermArguments =
    "access_key ado_pipeline_service_connection_id ado_service_connection_id arm_client_id arm_client_secret "
    "arm_subscription_id arm_tenant_id client_certificate client_certificate_password "
    "client_certificate_path client_id client_id_file_path client_secret client_secret_file_path "
    "container_name customer_provided_key encryption_scope endpoint environment key lookup_blob_endpoint "
    "metadata_host msi_endpoint oidc_request_token oidc_request_url oidc_token oidc_token_file_path "
    "resource_group_name sas_token snapshot storage_account_name subscription_id tenant_id timeout_seconds "
    "use_aks_workload_identity use_azuread_auth use_cli use_msi use_oidc";

// internal/backend/remote-state/azure/backend.go of both tools.
constexpr std::array<EnvironmentArgument, 1> kAzurermEnvironment{{{"snapshot", "ARM_SNAPSHOT"}}};

// As the schemas of all releases from 1.0 (Terraform) and 1.6 (OpenTofu) have them, by their minor versions.
constexpr std::array<ArgumentVersions, 6> kAzurermVersions{
    {{.names = "oidc_request_token oidc_request_url use_oidc", .terraform = {.since = "1.2"}},
     {.names = "oidc_token oidc_token_file_path", .terraform = {.since = "1.3"}},
     {.names =
          "client_certificate client_id_file_path client_secret_file_path use_aks_workload_identity use_cli",
      .terraform = {.since = "1.11"},
      .opentofu = {.since = "1.11"}},
     {.names = "ado_pipeline_service_connection_id lookup_blob_endpoint",
      .terraform = {.since = "1.11"},
      .opentofu = {.exists = false}},
     {.names = "timeout_seconds", .terraform = {.exists = false}, .opentofu = {.since = "1.9"}},
     {.names = "ado_service_connection_id customer_provided_key encryption_scope",
      .terraform = {.exists = false},
      .opentofu = {.since = "1.12"}}}};

}  // namespace

const BackendType& azurerm_backend() {
  static constexpr BackendType kType{
      .name = "azurerm",
      .summary = "Terraform's and OpenTofu's azurerm backend: an infinite lease on the state blob",
      .arguments = kAzurermArguments,
      .identifying = "storage_account_name container_name key",
      .flags =
          "lookup_blob_endpoint snapshot use_aks_workload_identity use_azuread_auth use_cli use_msi use_oidc",
      .environment = kAzurermEnvironment,
      .versions = kAzurermVersions,
      .services = kAzurermServices,
      .defaults = default_config<AzurermConfig>,
  };
  return kType;
}

const BackendType& AzurermConfig::type() const { return azurerm_backend(); }

void AzurermConfig::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"type", "storage_account_name", "container_name", "key", "resource_group_name",
                        "snapshot", "unlock_lacks_lease"});
  reader.flag(section, {"snapshot", "a snapshot of the blob before each write"}, snapshot);
  reader.flag(
      section,
      {"unlock_lacks_lease", "Terraform before 0.12.0, whose force-unlock does not send the lease's ID"},
      unlock_lacks_lease);
}

std::optional<InputError> AzurermConfig::read_arguments(const BackendArguments& arguments,
                                                        std::vector<std::string>& /*assumptions*/) {
  if (auto complaint = arguments.flag("snapshot", snapshot)) return complaint;
  return std::nullopt;
}

std::string AzurermConfig::summary() const {
  return fmt::format("azurerm{}{}", snapshot ? " with snapshots" : "",
                     unlock_lacks_lease ? " before Terraform 0.12" : "");
}

std::string AzurermConfig::canonical_text() const {
  return fmt::format("azurerm|{}|{}", snapshot, unlock_lacks_lease ? "unlock lacks lease|" : "");
}

void AzurermConfig::build(const Scenario& scenario, World& world, WorldParts& parts) const {
  models::AzureBlob blob;
  blob.initial_state = initial_snapshot(scenario);
  const auto blob_ref = add_service(world, blob);
  const models::AzurermBackendOptions options{.dialect = scenario.client.tool,
                                              .snapshot = snapshot,
                                              .unlock_lacks_lease = unlock_lacks_lease,
                                              .lost_connection = scenario.lost_connection};
  const auto backend = std::make_shared<const models::AzurermBackend>(options, blob_ref, parts.memory);
  add_applies(scenario, blob.initial_state, backend, {}, world, parts);
  parts.stored_state = [index = blob_ref.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::AzureBlob::Value>(end.services[index]).state;
  };
}

std::vector<std::string> AzurermConfig::audit_modes() const {
  return snapshot ? std::vector<std::string>{"snapshot"} : std::vector<std::string>{};
}

bool AzurermConfig::read_audit_mode(std::string_view mode) { return mode == "snapshot" && (snapshot = true); }

}  // namespace lockstorm::scenarios
