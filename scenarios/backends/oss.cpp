// The oss backend (backend-protocols.md 3.12): state in OSS, lock and digest in a TableStore table, if any.
#include "scenarios/backends/oss.hpp"

#include <fmt/format.h>

#include <array>

#include "models/backends/oss.hpp"
#include "scenarios/data/arguments.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 2> kOssServices{{
    {"oss", "Alibaba Cloud OSS: plain objects, strongly consistent unless `store` says otherwise"},
    {"tablestore", "Alibaba Cloud TableStore: rows with conditional writes"},
}};

// Every argument the oss backend has or had (internal/backend/remote-state/oss/backend.go).
constexpr std::string_view kOssArguments =
    "access_key acl assume_role assume_role_policy assume_role_role_arn assume_role_session_expiration "
    "assume_role_session_name assume_role_with_oidc bucket ecs_role_name encrypt endpoint key prefix profile "
    "region secret_key security_token shared_credentials_file sts_endpoint tablestore_endpoint "
    "tablestore_instance_name tablestore_table";

// internal/backend/remote-state/oss/backend.go of both tools; the ALIBABA_CLOUD names are Terraform's.
constexpr std::array<EnvironmentArgument, 2> kOssEnvironment{
    {{"endpoint", "ALICLOUD_OSS_ENDPOINT ALIBABA_CLOUD_OSS_ENDPOINT OSS_ENDPOINT"},
     {"tablestore_endpoint", "ALICLOUD_TABLESTORE_ENDPOINT ALIBABA_CLOUD_TABLESTORE_ENDPOINT"}}};

// As the schemas of all releases from 1.0 (Terraform) and 1.6 (OpenTofu) have them, by their minor versions.
constexpr std::array<ArgumentVersions, 1> kOssVersions{
    {{.names = "tablestore_instance_name", .terraform = {.since = "1.12"}, .opentofu = {.exists = false}}}};

}  // namespace

const BackendType& oss_backend() {
  static constexpr BackendType kType{
      .name = "oss",
      .summary = "Terraform's and OpenTofu's oss backend: lock and digest in TableStore, or no lock",
      .arguments = kOssArguments,
      .identifying = "bucket",
      .flags = "encrypt",
      .numbers = "assume_role_session_expiration",
      .environment = kOssEnvironment,
      .versions = kOssVersions,
      .services = kOssServices,
      .matrix_modes = "- tablestore",
      .defaults = default_config<OssConfig>,
  };
  return kType;
}

const BackendType& OssConfig::type() const { return oss_backend(); }

void OssConfig::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"type", "bucket", "prefix", "key", "region", "tablestore_table",
                        "tablestore_endpoint", "workspace", "workspace_exists"});
  reader.flag_or_text(section,
                      {"tablestore_table", "lock and digest in TableStore; otherwise no lock at all"},
                      tablestore_table);
  read_workspace(reader, section);
}

void OssConfig::read_store(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"strong_reads"});
  reader.flag(section, {"strong_reads", "false: a read may show what was there before the last write"},
              strong_reads);
}

std::optional<InputError> OssConfig::read_arguments(const BackendArguments& arguments,
                                                    std::vector<std::string>& assumptions) {
  if (Complaint complaint =
          arguments.presence("tablestore_table", "a table's name", tablestore_table, assumptions))
    return complaint;
  if (Complaint complaint = arguments.completed_elsewhere(
          "bucket", "tablestore_table",
          "say what it sets: --set tablestore_table=NAME, or --set tablestore_table= for no lock"))
    return complaint;
  if (tablestore_table && !arguments.has("tablestore_endpoint"))
    assumptions.emplace_back(
        "ALICLOUD_TABLESTORE_ENDPOINT is set: a tablestore_table without an endpoint crashes the tool");
  if (arguments.has("endpoint"))
    assumptions.emplace_back("the custom endpoint behaves like Alibaba Cloud OSS");
  take_workspace(arguments, "jobs work in the default workspace, on a state that exists", assumptions);
  return std::nullopt;
}

std::string OssConfig::summary() const {
  return fmt::format("oss {}{}", tablestore_table ? "with tablestore_table" : "without locking",
                     strong_reads ? "" : ", eventually consistent");
}

std::string OssConfig::canonical_text() const {
  return fmt::format("oss|{}|{}{}|{}|", tablestore_table, is_default_workspace(), workspace_exists,
                     strong_reads);
}

std::vector<BackendChange> OssConfig::changes() const {
  std::vector<BackendChange> changes;
  add_existing_workspace(*this, changes);
  if (!tablestore_table)
    changes.push_back(changed(*this, "a table for the lock", {.backend = {{"tablestore_table", "true"}}},
                              [](OssConfig& config) { config.tablestore_table = true; }));
  return changes;
}

void OssConfig::build(const Scenario& scenario, World& world, WorldParts& parts) const {
  models::AlibabaOss oss;
  oss.promises.strong_reads = strong_reads;
  oss.lock_here = false;
  if (has_state_at_first()) oss.initial_state = initial_snapshot(scenario);
  const auto oss_ref = add_service(world, oss);
  sim::ServiceRef<models::TableStore> table_ref{};
  if (tablestore_table) {
    models::TableStore table;
    table.initial_digest = oss.initial_state;
    table_ref = add_lock_table(world, table, scenario.client);
  }
  const models::OssBackendOptions options{.dialect = scenario.client.tool,
                                          .tablestore_table = tablestore_table,
                                          .default_workspace = is_default_workspace()};
  const auto backend = std::make_shared<const models::OssBackend>(options, oss_ref, table_ref);
  add_applies(scenario, oss.initial_state, backend, {}, world, parts);
  parts.stored_state = [index = oss_ref.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::AlibabaOss::Value>(end.services[index]).state;
  };
}

std::vector<std::string> OssConfig::audit_modes() const {
  std::vector<std::string> modes;
  if (tablestore_table) modes.emplace_back("tablestore");
  add_workspace_mode(modes);
  return modes;
}

bool OssConfig::read_audit_mode(std::string_view mode) {
  if (mode == "tablestore") return tablestore_table = true;
  return read_workspace_mode(mode);
}

}  // namespace lockstorm::scenarios
