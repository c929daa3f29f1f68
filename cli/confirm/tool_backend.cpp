#include "cli/confirm/tool_backend.hpp"

#include <fmt/format.h>

#include "scenarios/backends/gcs.hpp"
#include "scenarios/backends/http.hpp"
#include "scenarios/backends/s3.hpp"
#include "scenarios/data/backend_type.hpp"

namespace lockstorm::cli {
namespace {

using wire::confirm::Ports;
using wire::confirm::ToolBackend;

std::string url_of(const Ports& ports, const std::string& service) {
  return fmt::format("http://127.0.0.1:{}", ports.at(service));
}

ToolBackend http_backend(const scenarios::HttpConfig& config, const Ports& ports) {
  const std::string state = url_of(ports, "http") + "/state";
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
  return config.has_named_workspace() ? "named workspaces are not set up" : "";
}

ToolBackend s3_backend(const scenarios::S3Config& config, const Ports& ports) {
  std::string block =
      "  backend \"s3\" {\n"
      "    bucket = \"states\"\n    key = \"app.tfstate\"\n    region = \"us-east-1\"\n"
      "    use_path_style = true\n    skip_credentials_validation = true\n    skip_metadata_api_check = "
      "true\n"
      "    skip_region_validation = true\n    skip_requesting_account_id = true\n";
  if (config.use_lockfile) block += "    use_lockfile = true\n";
  if (config.dynamodb_table) block += "    dynamodb_table = \"locks\"\n";
  block += fmt::format("    max_retries = {}\n  }}", config.max_retries);
  ToolBackend backend{std::move(block),
                      {{"AWS_ENDPOINT_URL_S3", url_of(ports, "s3")},
                       {"AWS_ACCESS_KEY_ID", "any"},
                       {"AWS_SECRET_ACCESS_KEY", "any"},
                       {"AWS_EC2_METADATA_DISABLED", "true"}}};
  if (config.dynamodb_table) backend.environment["AWS_ENDPOINT_URL_DYNAMODB"] = url_of(ports, "dynamodb");
  return backend;
}

ToolBackend gcs_backend(const Ports& ports) {
  return {"  backend \"gcs\" {\n    bucket = \"states\"\n    prefix = \"app\"\n  }",
          {{"GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT", url_of(ports, "gcs") + "/storage/v1/b"},
           {"GOOGLE_OAUTH_ACCESS_TOKEN", "x"}}};
}

}  // namespace

std::expected<std::function<ToolBackend(const Ports&)>, std::string> tool_backend_of(
    const scenarios::AnyBackend& backend) {
  const auto* http = backend.as<scenarios::HttpConfig>();
  if (http != nullptr && http->policy.expiry == models::HttpServerPolicy::Expiry::silence)
    return std::unexpected("no request tells the server which job has fallen silent");
  if (http != nullptr) return [config = *http](const Ports& ports) { return http_backend(config, ports); };
  if (backend.as<scenarios::GcsConfig>() != nullptr) return gcs_backend;
  if (const auto* s3 = backend.as<scenarios::S3Config>()) {
    if (const auto why = objection_to(*s3); !why.empty()) return std::unexpected(std::string(why));
    return [config = *s3](const Ports& ports) { return s3_backend(config, ports); };
  }
  return std::unexpected(fmt::format("requests of {} are not understood yet", backend->type().name));
}

}  // namespace lockstorm::cli
