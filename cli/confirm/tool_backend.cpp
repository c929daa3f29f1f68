#include "cli/confirm/tool_backend.hpp"

#include <fmt/format.h>

#include "scenarios/backends/gcs.hpp"
#include "scenarios/backends/http.hpp"
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
  return std::unexpected(fmt::format("requests of {} are not understood yet", backend->type().name));
}

}  // namespace lockstorm::cli
