// The gcs backend (backend-protocols.md 3.6): a lock object whose generation is the lock's id.
#include "scenarios/backends/gcs.hpp"

#include <fmt/format.h>

#include <array>

#include "models/backends/gcs.hpp"
#include "scenarios/data/arguments.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 1> kGcsServices{{
    {"gcs", "Google Cloud Storage: strongly consistent objects with generation preconditions"},
}};

// Every argument the gcs backend has or had in either tool (internal/backend/remote-state/gcs/backend.go).
constexpr std::string_view kGcsArguments =
    "access_token bucket credentials encryption_key impersonate_service_account "
    "impersonate_service_account_delegates kms_encryption_key path prefix project region "
    "storage_custom_endpoint universe_domain";

// internal/backend/remote-state/gcs/backend.go of both tools.
constexpr std::array<EnvironmentArgument, 1> kGcsEnvironment{
    {{"storage_custom_endpoint", "GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT GOOGLE_STORAGE_CUSTOM_ENDPOINT"}}};

// As the schemas of all releases from 1.0 (Terraform) and 1.6 (OpenTofu) have them, by their minor versions.
constexpr std::array<ArgumentVersions, 2> kGcsVersions{
    {{.names = "kms_encryption_key storage_custom_endpoint", .terraform = {.since = "1.4"}},
     {.names = "universe_domain", .terraform = {.exists = false}, .opentofu = {.since = "1.11"}}}};

}  // namespace

const BackendType& gcs_backend() {
  static constexpr BackendType kType{
      .name = "gcs",
      .summary = "Terraform's and OpenTofu's gcs backend: a lock object beside the state",
      .arguments = kGcsArguments,
      .identifying = "bucket",
      .environment = kGcsEnvironment,
      .versions = kGcsVersions,
      .services = kGcsServices,
      .defaults = default_config<GcsConfig>,
  };
  return kType;
}

const BackendType& GcsConfig::type() const { return gcs_backend(); }

void GcsConfig::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"type", "bucket", "prefix", "fenced_put", "shows_uuid", "creates_blindly"});
  reader.flag(section, {"fenced_put", "what a fix would do: the state is stored with ifGenerationMatch"},
              fenced_put);
  reader.flag(section, {"shows_uuid", "Terraform before 0.11.4, which shows an id that is no generation"},
              shows_uuid);
  reader.flag(section, {"creates_blindly", "a new workspace's empty state is written without another look"},
              creates_blindly);
}

std::optional<InputError> GcsConfig::read_arguments(const BackendArguments& arguments,
                                                    std::vector<std::string>& assumptions) {
  if (arguments.has("storage_custom_endpoint"))
    assumptions.emplace_back("the custom endpoint behaves like Google Cloud Storage");
  assumptions.emplace_back("the state is smaller than 16 MiB");
  return std::nullopt;
}

std::string GcsConfig::summary() const {
  std::string text = "gcs";
  if (fenced_put) text += " with fenced writes";
  if (shows_uuid) text += " before Terraform 0.11.4";
  if (creates_blindly) text += " that creates states blindly";
  return text;
}

std::string GcsConfig::canonical_text() const {
  return fmt::format("gcs|{}|{}|{}|", fenced_put, shows_uuid, creates_blindly);
}

std::vector<BackendChange> GcsConfig::changes() const {
  std::vector<BackendChange> changes;
  if (!fenced_put)
    changes.push_back(changed(*this,
                              "the state is written with ifGenerationMatch of the version that was read, "
                              "which no released client sends",
                              {.backend = {{"fenced_put", "true"}}},
                              [](GcsConfig& config) { config.fenced_put = true; }));
  return changes;
}

void GcsConfig::build(const Scenario& scenario, World& world, WorldParts& parts) const {
  models::Gcs gcs;
  gcs.initial_state = initial_snapshot(scenario);
  const auto gcs_ref = add_service(world, gcs);
  const models::GcsBackendOptions options{.dialect = scenario.client.tool,
                                          .fenced_put = fenced_put,
                                          .shows_uuid = shows_uuid,
                                          .creates_blindly = creates_blindly,
                                          .lost_connection = scenario.lost_connection};
  const auto backend = std::make_shared<const models::GcsBackend>(options, gcs_ref);
  add_applies(scenario, gcs.initial_state, backend, {}, world, parts);
  parts.stored_state = [index = gcs_ref.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::Gcs::Value>(end.services[index]).state;
  };
}

}  // namespace lockstorm::scenarios
