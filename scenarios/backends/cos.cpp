// The cos backend (backend-protocols.md 3.11): a lock object that is created under a tag as short mutex.
#include "scenarios/backends/cos.hpp"

#include <fmt/format.h>

#include <array>

#include "models/backends/cos.hpp"
#include "scenarios/audit.hpp"
#include "scenarios/backends/arguments.hpp"
#include "scenarios/backends/backend_type.hpp"
#include "scenarios/world_parts.hpp"
#include "scenarios/yaml_reader.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 2> kServices{{
    {"cos", "Tencent Cloud Object Storage: plain objects, strongly consistent unless `store` says otherwise"},
    {"tags", "Tencent Cloud's tag service: a tag that is created once"},
}};

// Every argument the cos backend has or had (internal/backend/remote-state/cos/backend.go).
constexpr std::string_view kArguments =
    "accelerate acl assume_role assume_role_with_saml assume_role_with_web_identity bucket cam_role_name "
    "domain encrypt endpoint key prefix profile region secret_id secret_key security_token "
    "shared_credentials_dir";

}  // namespace

const BackendType& cos_backend() {
  static constexpr BackendType kType{
      .name = "cos",
      .summary = "Terraform's and OpenTofu's cos backend: a lock object, created under a tag as mutex",
      .arguments = kArguments,
      .services = kServices,
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
  assumptions.emplace_back("jobs work in the default workspace, on a state that exists");
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

std::vector<std::string> CosConfig::locking_advice(const AuditEvidence& /*evidence*/) const {
  return {
      "Put a queue in front of the jobs. Among three locks nothing has to fail for two to be granted at "
      "once: every unlock deletes the tag that the others lock under. Three jobs are enough (`lockstorm "
      "verify "
      "cos/terraform/three-jobs`), and so are two that plan and then apply (`cos/terraform/plan-apply`)."};
}

std::vector<std::string> CosConfig::damage_advice(const AuditEvidence& evidence) const {
  if (evidence.violation_of(checkers::Property::stale_lock_recovery) == nullptr) return {};
  return {
      "A job that stops between creating the tag `tencentcloud-terraform-lock` and deleting it leaves a tag "
      "that keeps everybody from locking, with no lock ID to force-unlock: delete the tag in the console or "
      "with the tag API's DeleteTag, after making sure that no job runs."};
}

Remedies CosConfig::remedies(models::Dialect /*tool*/) const {
  Remedies remedies;
  remedies.fence =
      "A fenced write. PutObject of COS knows no If-Match, only x-cos-forbid-overwrite in buckets without "
      "versions: each version of the state would have to be an object of its own, created with that header, "
      "which whoever is late cannot create.";
  remedies.exclusion =
      "A lock object that is created with x-cos-forbid-overwrite, without any tag: the tag is deleted by "
      "whoever finds it, so that it excludes nobody for certain.";
  remedies.release = "COS has no conditional delete, so the id would have to be part of the object's name.";
  return remedies;
}

}  // namespace lockstorm::scenarios
