// The kubernetes backend: its arguments, its worlds, and what to say about Leases and secrets.
#include "scenarios/backends/kubernetes.hpp"

#include <fmt/format.h>

#include <array>

#include "models/backends/kubernetes.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/yaml_reader.hpp"
#include "scenarios/world/world_parts.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::array<BackendService, 1> kKubernetesServices{{
    {"kubernetes", "the Kubernetes API: objects with resourceVersions, the Lease and the state's secrets"},
}};

// internal/backend/remote-state/kubernetes/backend.go of both tools.
constexpr std::array<EnvironmentArgument, 1> kKubernetesEnvironment{{{"namespace", "KUBE_NAMESPACE"}}};

// As the schemas of all releases from 1.0 (Terraform) and 1.6 (OpenTofu) have them, by their minor versions.
constexpr std::array<ArgumentVersions, 2> kKubernetesVersions{
    {{.names = "config_paths", .terraform = {.since = "1.1"}},
     {.names = "proxy_url", .terraform = {.since = "1.6"}, .opentofu = {.exists = false}}}};

}  // namespace

const BackendType& kubernetes_backend() {
  static constexpr BackendType kType{
      .name = "kubernetes",
      .summary = "the state is a secret, or several; the lock is a Lease that never expires",
      // internal/backend/remote-state/kubernetes/backend.go of both tools.
      .arguments =
          "client_certificate client_key cluster_ca_certificate config_context config_context_auth_info "
          "config_context_cluster config_path config_paths exec host in_cluster_config insecure labels "
          "load_config_file namespace password proxy_url secret_suffix tls_server_name token username",
      .identifying = "secret_suffix",
      .flags = "in_cluster_config insecure load_config_file",
      .environment = kKubernetesEnvironment,
      .versions = kKubernetesVersions,
      .services = kKubernetesServices,
      .defaults = default_config<KubernetesConfig>,
  };
  return kType;
}

const BackendType& KubernetesConfig::type() const { return kubernetes_backend(); }

void KubernetesConfig::read_yaml(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"type", "secret_suffix", "namespace", "in_cluster_config", "config_path", "parts",
                        "initial_parts", "fenced_put"});
  reader.number(section, {"parts", "secrets of 1 MiB that a state fills (Terraform only)"}, 1,
                models::Kubernetes::kMaxParts, parts);
  reader.number(section, {"initial_parts", "the same for the state that is there before"}, 1,
                models::Kubernetes::kMaxParts, initial_parts);
  reader.flag(section,
              {"fenced_put", "what a fix would do: the state's update with the version that was read"},
              fenced_put);
}

void KubernetesConfig::read_store(YamlReader& reader, const YAML::Node& section) {
  reader.keys(section, {"server_error_retry_after"});
  reader.flag(section, {"server_error_retry_after", "a 5xx answer asks to come back later"},
              server_error_retry_after);
}

std::optional<InputError> KubernetesConfig::read_arguments(const BackendArguments& /*arguments*/,
                                                           std::vector<std::string>& assumptions) {
  assumptions.emplace_back("the state is below 1 MiB when compressed, so that one secret holds it");
  return std::nullopt;
}

std::optional<Objection> KubernetesConfig::objection(const Scenario& scenario) const {
  if (parts == 1 && initial_parts == 1) return std::nullopt;
  if (scenario.client.tool == models::Dialect::opentofu) {
    return Objection{"backend", "OpenTofu keeps a state in one secret, or refuses to write it",
                     "parts: 1 and initial_parts: 1", ""};
  }
  if (fenced_put) {
    return Objection{"backend", "a fence on one secret does not protect the others",
                     "fenced_put with parts: 1 and initial_parts: 1", ""};
  }
  return std::nullopt;
}

std::string KubernetesConfig::summary() const {
  std::string text = "kubernetes";
  if (parts > 1) text += fmt::format(" with a state of {} secrets", parts);
  if (fenced_put) text += ", fenced";
  return text;
}

std::string KubernetesConfig::canonical_text() const {
  return fmt::format("kubernetes|{}|{}|{}|{}", parts, initial_parts, fenced_put, server_error_retry_after);
}

std::vector<BackendChange> KubernetesConfig::changes() const {
  std::vector<BackendChange> changes;
  if (!fenced_put)
    changes.push_back(changed(*this,
                              "the state is written with the resourceVersion that was read under the lock, "
                              "which no released client sends",
                              {.backend = {{"fenced_put", "true"}}},
                              [](KubernetesConfig& config) { config.fenced_put = true; }));
  return changes;
}

void KubernetesConfig::build(const Scenario& scenario, World& world, WorldParts& parts_of_world) const {
  models::Kubernetes cluster;
  cluster.initial_state = initial_snapshot(scenario);
  cluster.initial_parts = initial_parts;
  cluster.server_error_retry_after = server_error_retry_after;
  const auto cluster_ref = add_service(world, cluster);

  models::KubernetesBackendOptions options;
  options.dialect = scenario.client.tool;
  options.parts = parts;
  options.fenced_put = fenced_put;
  const auto backend = std::make_shared<const models::KubernetesBackend>(options, cluster_ref);

  add_applies(scenario, cluster.initial_state, backend, {}, world, parts_of_world);
  parts_of_world.stored_state = [index = cluster_ref.index](const sim::ValuePool& values,
                                                            const sim::EndState& end) {
    const auto value = values.get<models::Kubernetes::Value>(end.services[index]);
    const bool readable = models::Kubernetes::join(value.secrets) == models::Kubernetes::Reading::complete;
    return readable ? value.secrets[0].state : models::StateSnapshot{};
  };
}

}  // namespace lockstorm::scenarios
