// The cos backend (backend-protocols.md 3.11): a lock object that is created under a tag as short mutex.
#include "scenarios/backends/cos.hpp"

#include <fmt/format.h>

#include <array>

#include "models/backends/cos.hpp"
#include "scenarios/data/arguments.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 2> kCosServices{{
    {"cos", "Tencent Cloud Object Storage: plain objects, strongly consistent unless `store` says otherwise"},
    {"tags", "Tencent Cloud's tag service: a tag that is created once"},
}};

// Every argument the cos backend has or had (internal/backend/remote-state/cos/backend.go).
constexpr std::string_view kCosArguments =
    "accelerate acl assume_role assume_role_with_saml assume_role_with_web_identity bucket cam_role_name "
    "domain encrypt endpoint key prefix profile region secret_id secret_key security_token "
    "shared_credentials_dir";

// internal/backend/remote-state/cos/backend.go of Terraform.
constexpr std::array<EnvironmentArgument, 2> kCosEnvironment{
    {{"endpoint", "TENCENTCLOUD_ENDPOINT"}, {"domain", "TENCENTCLOUD_DOMAIN"}}};

// As the schemas of all releases from 1.0 (Terraform) and 1.6 (OpenTofu) have them, by their minor versions.
constexpr std::array<ArgumentVersions, 4> kCosVersions{
    {{.names = "accelerate", .terraform = {.since = "1.3"}},
     {.names = "assume_role security_token", .terraform = {.since = "1.4"}},
     {.names = "domain endpoint", .terraform = {.since = "1.6"}, .opentofu = {.exists = false}},
     {.names = "cam_role_name profile shared_credentials_dir",
      .terraform = {.since = "1.10"},
      .opentofu = {.exists = false}}}};

}  // namespace

const BackendType& cos_backend() {
  static constexpr BackendType kType{
      .name = "cos",
      .summary = "Terraform's and OpenTofu's cos backend: a lock object, created under a tag as mutex",
      .arguments = kCosArguments,
      .identifying = "bucket",
      .flags = "accelerate encrypt",
      .environment = kCosEnvironment,
      .versions = kCosVersions,
      .services = kCosServices,
      .defaults = default_config<CosConfig>,
  };
  return kType;
}

const BackendType& CosConfig::type() const { return cos_backend(); }

void CosConfig::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"type", "bucket", "prefix", "key", "region", "workspace", "workspace_exists"});
  read_workspace(reader, section);
}

void CosConfig::read_store(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"strong_reads"});
  reader.flag(section, {"strong_reads", "false: a read may show what was there before the last write"},
              strong_reads);
}

std::optional<InputError> CosConfig::read_arguments(const BackendArguments& arguments,
                                                    std::vector<std::string>& assumptions) {
  if (arguments.has("endpoint") || arguments.has("domain"))
    assumptions.emplace_back("the custom endpoint behaves like Tencent Cloud Object Storage");
  assumptions.emplace_back("the jobs' credentials may create, list and delete tags");
  take_workspace(arguments, "jobs work in the default workspace, on a state that exists", assumptions);
  return std::nullopt;
}

std::string CosConfig::summary() const {
  return strong_reads ? "cos" : "cos on an eventually consistent store";
}

std::string CosConfig::canonical_text() const {
  return fmt::format("cos|{}{}|{}|", is_default_workspace(), workspace_exists, strong_reads);
}

void CosConfig::build(const Scenario& scenario, World& world, WorldParts& parts) const {
  models::TencentCos cos;
  cos.promises.strong_reads = strong_reads;
  if (has_state_at_first()) cos.initial_state = initial_snapshot(scenario);
  const auto cos_ref = add_service(world, cos);
  const auto tag_ref = add_service(world, models::TencentTag{});
  const models::CosBackendOptions options{.dialect = scenario.client.tool,
                                          .default_workspace = is_default_workspace()};
  const auto backend = std::make_shared<const models::CosBackend>(options, cos_ref, tag_ref);
  add_applies(scenario, cos.initial_state, backend, {}, world, parts);
  parts.stored_state = [index = cos_ref.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::TencentCos::Value>(end.services[index]).state;
  };
}

std::vector<std::string> CosConfig::audit_modes() const {
  std::vector<std::string> modes;
  add_workspace_mode(modes);
  return modes;
}

bool CosConfig::read_audit_mode(std::string_view mode) { return read_workspace_mode(mode); }

}  // namespace lockstorm::scenarios
