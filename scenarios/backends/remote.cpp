// The remote backend (backend-protocols.md 3.13): a server that locks the workspace and checks what is
// uploaded.
#include "scenarios/backends/remote.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "models/backends/remote.hpp"
#include "scenarios/data/arguments.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 1> kRemoteServices{{
    {"hcp-terraform", "HCP Terraform or Terraform Enterprise: a workspace's lock and its state versions"},
}};

constexpr const char* kExecutionMode = "execution_mode";
constexpr std::array<std::string_view, 3> kExecutionModes{"local", "remote", "agent"};

}  // namespace

const BackendType& remote_backend() {
  static constexpr BackendType kType{
      .name = "remote",
      .summary = "Terraform's and OpenTofu's remote backend, in local execution mode",
      .arguments = "hostname organization token workspaces",
      .identifying = "organization",
      .premises = kExecutionMode,
      .services = kRemoteServices,
      .matrix_modes = "- shared-token",
      .defaults = default_config<RemoteConfig>,
  };
  return kType;
}

const BackendType& RemoteConfig::type() const { return remote_backend(); }

void RemoteConfig::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"type", "hostname", "organization", "workspaces", "shared_token",
                        "unlocks_after_failed_upload", "force_unlock_locks"});
  reader.flag(
      section,
      {"force_unlock_locks", "before OpenTofu 1.7: force-unlock by another version leaves a new lock"},
      force_unlock_locks);
  reader.flag(section, {"shared_token", "all jobs use the token of one user or team"}, shared_token);
  reader.flag(section, {"unlocks_after_failed_upload", "Terraform before 0.12.0"},
              unlocks_after_failed_upload);
}

void RemoteConfig::read_store(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"exclusive_lock", "needs_lock", "checks_lineage", "checks_serial"});
  reader.flag(section,
              {"exclusive_lock", "false: whoever asks for the lock gets it, also while another has it"},
              store.exclusive_lock);
  reader.flag(section, {"needs_lock", "false: a state is accepted from whoever sends one"}, store.needs_lock);
  reader.flag(section, {"checks_lineage", "false: a state of another lineage is accepted"},
              store.checks_lineage);
  reader.flag(section, {"checks_serial", "false: a state whose serial is no higher is accepted"},
              store.checks_serial);
}

std::optional<InputError> RemoteConfig::read_arguments(const BackendArguments& arguments,
                                                       std::vector<std::string>& assumptions) {
  const std::string mode = arguments.premise(kExecutionMode);
  if (!mode.empty() && std::ranges::find(kExecutionModes, mode) == kExecutionModes.end())
    return InputError{
        {"--store", 0, 0}, "execution_mode is none that workspaces have", "local, remote or agent", ""};
  if (mode.empty())
    assumptions.emplace_back(
        "the workspace's execution mode is local; in remote mode, the default, runs queue on the server, and "
        "this holds for import, state mv, rm and push only (--store execution_mode=local or remote decides)");
  assumptions.emplace_back("every job has a token of its own, so that the server can tell them apart");
  return std::nullopt;
}

// What runs on the server takes no lock of a client: the workspace has one run at a time.
std::string RemoteConfig::not_applicable(const BackendArguments& arguments) const {
  const std::string mode = arguments.premise(kExecutionMode);
  if (mode.empty() || mode == "local") return {};
  return "not applicable: the workspace runs one plan or apply after the other, and no job takes a lock; "
         "people still can unlock it by force, and import, state mv, state rm, state push and taint run on "
         "the client (--store execution_mode=local audits those)";
}

std::string RemoteConfig::summary() const {
  std::string text(type().name);
  if (shared_token) text += " with one token for all jobs";
  if (unlocks_after_failed_upload) text += " before Terraform 0.12";
  if (force_unlock_locks) text += " of another version, before OpenTofu 1.7";
  if (!store.exclusive_lock) text += ", on a server that lets anybody lock";
  if (!store.needs_lock) text += ", on a server that takes states without a lock";
  if (!store.checks_lineage || !store.checks_serial) text += ", on a server that does not compare states";
  return text;
}

std::string RemoteConfig::canonical_text() const {
  std::string text = fmt::format("{}|{}|{}|{}", type().name, shared_token, unlocks_after_failed_upload,
                                 force_unlock_locks ? "force-unlock locks|" : "");
  if (!store.exclusive_lock) text += "anybody locks|";
  if (!store.needs_lock) text += "writes unlocked|";
  if (!store.checks_lineage) text += "any lineage|";
  if (!store.checks_serial) text += "any serial|";
  return text;
}

void RemoteConfig::build(const Scenario& scenario, World& world, WorldParts& parts) const {
  models::TfeWorkspace server;
  server.initial_state = initial_snapshot(scenario);
  server.shared_user = shared_token;
  server.promises = store;
  const auto server_ref = add_service(world, server);
  const models::RemoteBackendOptions options{.dialect = scenario.client.tool,
                                             .unlocks_after_failed_upload = unlocks_after_failed_upload,
                                             .force_unlock_locks = force_unlock_locks};
  const auto backend = std::make_shared<const models::RemoteBackend>(options, server_ref, parts.memory);
  add_applies(scenario, server.initial_state, backend, {}, world, parts);
  parts.stored_state = [index = server_ref.index](const sim::ValuePool& values, const sim::EndState& end) {
    return values.get<models::TfeWorkspace::Value>(end.services[index]).state;
  };
}

std::vector<std::string> RemoteConfig::audit_modes() const {
  return shared_token ? std::vector<std::string>{"shared-token"} : std::vector<std::string>{};
}

bool RemoteConfig::read_audit_mode(std::string_view mode) {
  return mode == "shared-token" && (shared_token = true);
}

}  // namespace lockstorm::scenarios
