#include "cli/confirm/tool_backend.hpp"

#include <fmt/format.h>

#include "scenarios/backends/azurerm.hpp"
#include "scenarios/backends/cloud.hpp"
#include "scenarios/backends/consul.hpp"
#include "scenarios/backends/cos.hpp"
#include "scenarios/backends/gcs.hpp"
#include "scenarios/backends/http.hpp"
#include "scenarios/backends/kubernetes.hpp"
#include "scenarios/backends/oss.hpp"
#include "scenarios/backends/pg.hpp"
#include "scenarios/backends/remote.hpp"
#include "scenarios/backends/s3.hpp"
#include "scenarios/data/backend_type.hpp"

namespace lockstorm::cli {
namespace {

using wire::confirm::Ports;
using wire::confirm::ToolBackend;

std::string url_of(const Ports& ports, const std::string& service) {
  return fmt::format("http://127.0.0.1:{}", ports.at(service));
}

ToolBackend http_backend(const scenarios::HttpConfig& config, const StoreNames& names, const Ports& ports) {
  const std::string state = url_of(ports, "http") + names.http_path;
  ToolBackend backend{"  backend \"http\" {}", {{"TF_HTTP_ADDRESS", state}}};
  if (config.lock_address) backend.environment["TF_HTTP_LOCK_ADDRESS"] = state;
  if (config.unlock_address) backend.environment["TF_HTTP_UNLOCK_ADDRESS"] = state;
  backend.environment["TF_HTTP_RETRY_MAX"] = std::to_string(config.retry_max);
  return backend;
}

// What no released tool does, or nobody sets up here; empty: nothing.
std::string_view objection_to(const scenarios::S3Config& config) {
  if (config.fenced_put) return "no released tool writes a state with If-Match";
  if (!config.store.strong_reads) return "reads that are out of date are not served";
  if (config.large_states) return "states above 5 MiB are not made";
  if (config.has_customer_key()) return "keys of a customer's own need TLS";
  return config.traits().has_named_workspace ? "named workspaces are not set up" : "";
}

ToolBackend s3_backend(const scenarios::S3Config& config, const StoreNames& names, const Ports& ports) {
  std::string block =
      fmt::format("  backend \"s3\" {{\n    bucket = \"{}\"\n    key = \"{}\"\n", names.bucket, names.key) +
      "    region = \"us-east-1\"\n"
      "    use_path_style = true\n    skip_credentials_validation = true\n    skip_metadata_api_check = "
      "true\n"
      "    skip_region_validation = true\n    skip_requesting_account_id = true\n";
  if (config.use_lockfile) block += "    use_lockfile = true\n";
  if (config.dynamodb_table) block += fmt::format("    dynamodb_table = \"{}\"\n", names.table);
  block += fmt::format("    max_retries = {}\n  }}", config.max_retries);
  ToolBackend backend{std::move(block),
                      {{"AWS_ENDPOINT_URL_S3", url_of(ports, "s3")},
                       {"AWS_ACCESS_KEY_ID", names.aws.access_key},
                       {"AWS_SECRET_ACCESS_KEY", names.aws.secret_key},
                       {"AWS_EC2_METADATA_DISABLED", "true"}}};
  if (!names.aws.session_token.empty()) backend.environment["AWS_SESSION_TOKEN"] = names.aws.session_token;
  if (config.dynamodb_table) backend.environment["AWS_ENDPOINT_URL_DYNAMODB"] = url_of(ports, "dynamodb");
  return backend;
}

ToolBackend gcs_backend(const Ports& ports, const std::string&) {
  return {"  backend \"gcs\" {\n    bucket = \"states\"\n    prefix = \"app\"\n  }",
          {{"GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT", url_of(ports, "gcs") + "/storage/v1/b"},
           {"GOOGLE_OAUTH_ACCESS_TOKEN", "x"}}};
}

ToolBackend azurerm_backend(const StoreNames& names, const Ports& ports) {
  return {
      fmt::format("  backend \"azurerm\" {{\n    storage_account_name = \"{}\"\n    container_name = \"{}\"\n"
                  "    key = \"{}\"\n  }}",
                  names.account, names.container, names.key),
      {{"ARM_ACCESS_KEY", names.azure_key}, {"HTTPS_PROXY", url_of(ports, "azure-blob")}, {"NO_PROXY", ""}}};
}

ToolBackend consul_backend(bool locks, const Ports& ports) {
  return {
      fmt::format("  backend \"consul\" {{\n    path = \"app\"\n{}  }}", locks ? "" : "    lock = false\n"),
      {{"CONSUL_HTTP_ADDR", fmt::format("127.0.0.1:{}", ports.at("consul"))}}};
}

ToolBackend kubernetes_backend(const Ports& ports, const std::string&) {
  // KUBE_HOST is not enough alone: the client wants a context.
  return {"  backend \"kubernetes\" {\n    secret_suffix = \"app\"\n    config_path = \"kube.yaml\"\n  }",
          {},
          {{"kube.yaml", fmt::format("apiVersion: v1\nkind: Config\n"
                                     "clusters: [{{name: c, cluster: {{server: \"{}\"}}}}]\n"
                                     "contexts: [{{name: c, context: {{cluster: c, user: u}}}}]\n"
                                     "users: [{{name: u, user: {{token: x}}}}]\ncurrent-context: c\n",
                                     url_of(ports, "kubernetes"))}}};
}

// Each job is a user of its own, unless they share a token.
ToolBackend remote_backend(const scenarios::RemoteConfig& config, const Ports& ports,
                           const std::string& actor) {
  const bool is_cloud = dynamic_cast<const scenarios::CloudConfig*>(&config) != nullptr;
  return {
      fmt::format("  {} {{\n    hostname = \"localhost:{}\"\n    token = \"{}\"\n    organization = \"org\"\n"
                  "    workspaces {{\n      name = \"app\"\n    }}\n  }}",
                  is_cloud ? "cloud" : "backend \"remote\"", ports.at("hcp-terraform"),
                  config.shared_token ? "shared" : actor)};
}

// The store is its clients' HTTP proxy, and tags are asked for by HTTPS of a fixed name (docs/serve.md).
ToolBackend cos_backend(const Ports& ports, const std::string&) {
  return {"  backend \"cos\" {\n    bucket = \"states-1250000000\"\n    prefix = \"app\"\n  }",
          {{"HTTP_PROXY", url_of(ports, "cos")},
           {"HTTPS_PROXY", url_of(ports, "tags")},
           {"NO_PROXY", ""},
           {"TENCENTCLOUD_SECRET_ID", "any"},
           {"TENCENTCLOUD_SECRET_KEY", "any"},
           {"TENCENTCLOUD_REGION", "ap-guangzhou"},
           {"TENCENTCLOUD_ENDPOINT", "http://cos-internal.ap-guangzhou.tencentcos.cn"}}};
}

ToolBackend oss_backend(const Ports& ports, const std::string&) {
  return {"  backend \"oss\" {\n    bucket = \"states-1250000000\"\n    prefix = \"app\"\n  }",
          {{"ALICLOUD_ACCESS_KEY", "any"},
           {"ALICLOUD_SECRET_KEY", "any"},
           {"ALICLOUD_REGION", "cn-beijing"},
           {"ALICLOUD_OSS_ENDPOINT", url_of(ports, "oss")}}};
}

ToolBackend pg_backend_at(const scenarios::PgConfig& config, const StoreNames& names, const Ports& ports) {
  std::string block = "  backend \"pg\" {";
  if (!names.schema.empty()) block += fmt::format("\n    schema_name = \"{}\"\n  ", names.schema);
  for (const auto& [skips, name] : {std::pair{config.skip_schema_creation, "skip_schema_creation"},
                                    {config.skip_table_creation, "skip_table_creation"},
                                    {config.skip_index_creation, "skip_index_creation"}}) {
    if (skips) block += fmt::format("\n    {} = true\n  ", name);
  }
  return {block + "}",
          {{"PG_CONN_STR",
            fmt::format("postgres://lockstorm@127.0.0.1:{}/postgres?sslmode=disable{}", ports.at("postgres"),
                        config.binary_parameters ? "&binary_parameters=yes" : "")}}};
}

std::string_view objection_to(const scenarios::PgConfig& config) {
  if (config.fenced_put) return "no released tool asks whether the row is still the one that it has read";
  if (config.neighbours > 0) return "which command a neighbour runs is not in the counterexample";
  if (!config.tables_exist) return "`init` of the first job creates what the others need";
  return config.traits().has_named_workspace ? "named workspaces are not set up" : "";
}

std::string_view objection_to(const scenarios::ConsulConfig& config) {
  if (config.blind_writes || config.fenced_create) return "no released tool does so";
  if (config.large_states) return "states above 512 KiB are not made";
  if (config.session_losses > 0) return "that a session is lost is no request of anybody";
  if (config.stale_reads > 0) return "reads that are out of date are not served";
  return config.traits().has_named_workspace ? "named workspaces are not set up" : "";
}

std::string_view objection_to(const scenarios::KubernetesConfig& config) {
  if (config.fenced_put) return "no released tool writes a secret by its version";
  return config.parts > 1 || config.initial_parts > 1 ? "states of several secrets are not made" : "";
}

std::string_view objection_to(const scenarios::RemoteConfig& config) {
  return config.force_unlock_locks || config.unlocks_after_failed_upload ? "it needs an older tool" : "";
}

}  // namespace

std::expected<MakeToolBackend, std::string> tool_backend_of(const scenarios::AnyBackend& backend,
                                                            const StoreNames& names) {
  const auto* http = backend.as<scenarios::HttpConfig>();
  if (http != nullptr && http->policy.expiry == models::HttpServerPolicy::Expiry::silence)
    return std::unexpected("no request tells the server which job has fallen silent");
  if (http != nullptr)
    return [config = *http, names](const Ports& ports, const std::string&) {
      return http_backend(config, names, ports);
    };
  if (backend.as<scenarios::GcsConfig>() != nullptr) return gcs_backend;
  if (const auto* azurerm = backend.as<scenarios::AzurermConfig>()) {
    if (azurerm->snapshot) return std::unexpected("snapshots are not taken");
    return [names](const Ports& ports, const std::string&) { return azurerm_backend(names, ports); };
  }
  if (const auto* consul = backend.as<scenarios::ConsulConfig>()) {
    if (const auto why = objection_to(*consul); !why.empty()) return std::unexpected(std::string(why));
    return [locks = consul->lock](const Ports& ports, const std::string&) {
      return consul_backend(locks, ports);
    };
  }
  if (const auto* kubernetes = backend.as<scenarios::KubernetesConfig>()) {
    if (const auto why = objection_to(*kubernetes); !why.empty()) return std::unexpected(std::string(why));
    return kubernetes_backend;
  }
  if (const auto* cos = backend.as<scenarios::CosConfig>()) {
    if (!cos->strong_reads) return std::unexpected("reads that are out of date are not served");
    if (cos->traits().has_named_workspace) return std::unexpected("named workspaces are not set up");
    return cos_backend;
  }
  if (const auto* oss = backend.as<scenarios::OssConfig>()) {
    if (oss->tablestore_table) return std::unexpected("TableStore, which locks, is not served");
    if (oss->traits().has_named_workspace) return std::unexpected("named workspaces are not set up");
    return oss_backend;
  }
  if (const auto* pg = backend.as<scenarios::PgConfig>()) {
    if (const auto why = objection_to(*pg); !why.empty()) return std::unexpected(std::string(why));
    return [config = *pg, names](const Ports& ports, const std::string&) {
      return pg_backend_at(config, names, ports);
    };
  }
  if (const auto* remote = backend.as<scenarios::RemoteConfig>()) {
    if (const auto why = objection_to(*remote); !why.empty()) return std::unexpected(std::string(why));
    return [backend](const Ports& ports, const std::string& actor) {
      return remote_backend(dynamic_cast<const scenarios::RemoteConfig&>(*backend), ports, actor);
    };
  }
  if (const auto* s3 = backend.as<scenarios::S3Config>()) {
    if (const auto why = objection_to(*s3); !why.empty()) return std::unexpected(std::string(why));
    return [config = *s3, names](const Ports& ports, const std::string&) {
      return s3_backend(config, names, ports);
    };
  }
  return std::unexpected(fmt::format("requests of {} are not understood yet", backend->type().name));
}

}  // namespace lockstorm::cli
