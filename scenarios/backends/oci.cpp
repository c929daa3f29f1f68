// The oci backend (backend-protocols.md 3.15): a lock object under preconditions, in Terraform only.
#include "scenarios/backends/oci.hpp"

#include <fmt/format.h>

#include <array>

#include "models/backends/oci.hpp"
#include "scenarios/data/arguments.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 1> kOciServices{{
    {"oci", "Oracle Cloud Object Storage: strongly consistent objects with entity-tag preconditions"},
}};

// Every argument the oci backend has (internal/backend/remote-state/oci/backend.go).
constexpr std::string_view kOciArguments =
    "auth bucket config_file_profile fingerprint key kms_key_id namespace private_key private_key_password "
    "private_key_path region sse_customer_algorithm sse_customer_key sse_customer_key_sha256 tenancy_ocid "
    "user_ocid workspace_key_prefix";

}  // namespace

const BackendType& oci_backend() {
  static constexpr BackendType kType{
      .name = "oci",
      .summary = "Terraform's oci backend: a lock object, created and deleted under preconditions",
      .arguments = kOciArguments,
      .identifying = "bucket namespace",
      .services = kOciServices,
      .terraform = {.since = "1.12"},
      .opentofu = {.exists = false},
      .defaults = default_config<OciConfig>,
  };
  return kType;
}

const BackendType& OciConfig::type() const { return oci_backend(); }

void OciConfig::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"type", "bucket", "namespace", "key", "region", "workspace_key_prefix", "workspace",
                        "workspace_exists", "fenced_put", "parts"});
  read_workspace(reader, section);
  reader.flag(section, {"fenced_put", "what a fix would do: PutObject of the state with If-Match"},
              fenced_put);
  reader.number(section, {"parts", "of an upload of the state, as above 128 MiB"}, 1, 4, parts);
}

std::optional<Objection> OciConfig::objection(const Scenario& scenario) const {
  if (parts == 1) return std::nullopt;
  if (fenced_put)
    return Objection{"backend", "a fenced write is one request", "parts: 1 or no fenced_put", ""};
  if (scenario.clients() <= models::OracleObjects::kMaxUploads) return std::nullopt;
  return Objection{"client", "too many clients for uploads in parts",
                   fmt::format("at most {}", models::OracleObjects::kMaxUploads), ""};
}

std::optional<InputError> OciConfig::read_arguments(const BackendArguments& arguments,
                                                    std::vector<std::string>& assumptions) {
  assumptions.emplace_back("the bucket keeps no versions, and the state is below 128 MiB: uploaded at once");
  take_workspace(arguments, "jobs work in the default workspace, on a state that exists", assumptions);
  return std::nullopt;
}

std::string OciConfig::summary() const {
  if (parts > 1) return fmt::format("oci, the state in {} parts", parts);
  return fenced_put ? "oci with fenced writes" : "oci";
}

std::string OciConfig::canonical_text() const {
  std::string text = fmt::format("oci|{}|{}{}|", fenced_put, is_default_workspace(), workspace_exists);
  if (parts > 1) text += fmt::format("parts {}|", parts);
  return text;
}

std::vector<BackendChange> OciConfig::changes() const {
  std::vector<BackendChange> changes;
  add_existing_workspace(*this, changes);
  if (parts > 1)
    changes.push_back(changed(*this, "the state is split so that each is below 128 MiB",
                              {.backend = {{"parts", "1"}}}, [](OciConfig& config) { config.parts = 1; }));
  if (!fenced_put && parts == 1)
    changes.push_back(changed(
        *this,
        "the state is written with if-match of the version that was read, which no released client sends",
        {.backend = {{"fenced_put", "true"}}}, [](OciConfig& config) { config.fenced_put = true; }));
  return changes;
}

void OciConfig::build(const Scenario& scenario, World& world, WorldParts& parts) const {
  models::OracleObjects oci;
  if (has_state_at_first()) oci.initial_state = initial_snapshot(scenario);
  const auto oci_ref = add_service(world, oci);
  const models::OciBackendOptions options{
      .default_workspace = is_default_workspace(), .fenced_put = fenced_put, .parts = this->parts};
  const auto backend = std::make_shared<const models::OciBackend>(options, oci_ref);
  add_applies(scenario, oci.initial_state, backend, {}, world, parts);
  parts.stored_state = [index = oci_ref.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::OracleObjects::Value>(end.services[index]).state;
  };
}

std::vector<std::string> OciConfig::audit_modes() const {
  std::vector<std::string> modes;
  add_workspace_mode(modes);
  return modes;
}

bool OciConfig::read_audit_mode(std::string_view mode) { return read_workspace_mode(mode); }

}  // namespace lockstorm::scenarios
