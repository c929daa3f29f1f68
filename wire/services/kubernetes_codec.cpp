#include "wire/services/kubernetes_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "wire/services/base64.hpp"

namespace lockstorm::wire {
namespace {

using models::Kubernetes;
using KubeVerb = KubernetesAsked::Verb;
using KubeKind = KubernetesAsked::Kind;

constexpr std::string_view kSecrets = "/api/v1/";
constexpr std::string_view kLeases = "/apis/coordination.k8s.io/v1/";
constexpr std::string_view kLockPrefix = "lock-";
constexpr std::string_view kPart = "-part-";
// kubernetes.io/docs/concepts/configuration/secret: what one may hold.
constexpr std::size_t kLargestSecret = 1024 * 1024;
constexpr int kDeepest = 50;

// What `kubectl` and client-go look up before they ask for anything else.
struct Discovery {
  std::string_view path, document;
};
constexpr std::array<Discovery, 6> kDiscovery{{
    {"/version", R"({"major":"1","minor":"29","gitVersion":"v1.29.0"})"},
    {"/api", R"({"kind":"APIVersions","versions":["v1"],"serverAddressByClientCIDRs":[]})"},
    {"/apis",
     R"({"kind":"APIGroupList","apiVersion":"v1","groups":[{"name":"coordination.k8s.io","versions":[{"groupVersion":"coordination.k8s.io/v1","version":"v1"}],"preferredVersion":{"groupVersion":"coordination.k8s.io/v1","version":"v1"}}]})"},
    {"/api/v1",
     R"({"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"secrets","singularName":"secret","namespaced":true,"kind":"Secret","verbs":["create","delete","get","list","update"]}]})"},
    {"/apis/coordination.k8s.io",
     R"({"kind":"APIGroup","apiVersion":"v1","name":"coordination.k8s.io","versions":[{"groupVersion":"coordination.k8s.io/v1","version":"v1"}],"preferredVersion":{"groupVersion":"coordination.k8s.io/v1","version":"v1"}})"},
    {"/apis/coordination.k8s.io/v1",
     R"({"kind":"APIResourceList","groupVersion":"coordination.k8s.io/v1","resources":[{"name":"leases","singularName":"lease","namespaced":true,"kind":"Lease","verbs":["create","delete","get","list","update"]}]})"},
}};

// k8s.io/apimachinery/pkg/apis/meta/v1/types.go: Status
HttpAnswer status_object(unsigned code, std::string_view reason, const std::string& message,
                         const KubernetesAsked& asked) {
  nlohmann::ordered_json details = nlohmann::ordered_json::object();
  if (!asked.name.empty()) details["name"] = asked.name;
  if (asked.kind == KubeKind::lease) details["group"] = "coordination.k8s.io";
  details["kind"] = asked.kind == KubeKind::lease ? "leases" : "secrets";
  const nlohmann::ordered_json document{
      {"kind", "Status"},    {"apiVersion", "v1"}, {"metadata", nlohmann::ordered_json::object()},
      {"status", "Failure"}, {"message", message}, {"reason", reason},
      {"details", details},  {"code", code}};
  return {code,
          {{"Content-Type", "application/json"}},
          document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)};
}

std::unexpected<HttpAnswer> kube_error(unsigned code, std::string_view reason, const std::string& message,
                                       const KubernetesAsked& asked = {}) {
  return std::unexpected(status_object(code, reason, message, asked));
}

std::string text_under(const nlohmann::json& object, const nlohmann::json::json_pointer& at) {
  const auto value = object.is_object() ? object.value(at, nlohmann::json()) : nlohmann::json();
  return value.is_string() ? value.get<std::string>() : "";
}

// kubernetes.io/docs/concepts/overview/working-with-objects/labels: equality only.
std::optional<std::map<std::string, std::string>> parse_labels(std::string_view selector) {
  std::map<std::string, std::string> labels;
  while (!selector.empty()) {
    const std::string_view one = selector.substr(0, selector.find(','));
    selector.remove_prefix(std::min(selector.size(), one.size() + 1));
    const std::size_t equals = one.find('=');
    if (equals == 0 || equals == std::string_view::npos || one[equals - 1] == '!') return std::nullopt;
    std::string_view value = one.substr(equals + 1);
    if (value.starts_with('=')) value.remove_prefix(1);
    labels.insert_or_assign(std::string(one.substr(0, equals)), std::string(value));
  }
  return labels;
}

// "namespaces/NS/secrets/NAME" or "namespaces/NS/secrets".
std::optional<KubernetesAsked> parse_object_path(std::string_view rest, KubeKind kind) {
  constexpr std::string_view kNamespaces = "namespaces/";
  const std::string resource = kind == KubeKind::secret ? "/secrets" : "/leases";
  if (!rest.starts_with(kNamespaces)) return std::nullopt;
  rest.remove_prefix(kNamespaces.size());
  const std::size_t slash = rest.find('/');
  if (slash == 0 || slash == std::string_view::npos) return std::nullopt;
  KubernetesAsked asked;
  asked.kind = kind;
  asked.space = decoded(rest.substr(0, slash), false);
  rest.remove_prefix(slash);
  if (!rest.starts_with(resource)) return std::nullopt;
  rest.remove_prefix(resource.size());
  if (rest.empty()) return asked;
  asked.name = decoded(rest.substr(1), false);
  if (!rest.starts_with('/') || asked.name.empty() || asked.name.contains('/')) return std::nullopt;
  return asked;
}

std::expected<void, HttpAnswer> parse_written(const HttpRequest& request, KubernetesAsked& asked) {
  using nlohmann::json;
  // Objects are written out again, which takes as much stack as they are deep.
  bool is_deep = false;
  const auto object = json::parse(
      request.body,
      [&](int depth, json::parse_event_t, json&) {
        is_deep = is_deep || depth > kDeepest;
        return depth <= kDeepest;
      },
      false);
  if (!object.is_object() || is_deep)
    return kube_error(400, "BadRequest", "the body is no JSON object", asked);
  const std::string name = text_under(object, json::json_pointer("/metadata/name"));
  if (asked.name.empty()) asked.name = name;
  if (name.empty() || name != asked.name)
    return kube_error(400, "BadRequest", "the name of the object does not match the name on the URL", asked);
  asked.resource_version = text_under(object, json::json_pointer("/metadata/resourceVersion"));
  if (asked.verb == KubeVerb::create && !asked.resource_version.empty())
    return kube_error(500, "InternalError", "resourceVersion should not be set on objects to be created",
                      asked);
  asked.object = request.body;
  if (asked.kind == KubeKind::lease && asked.verb == KubeVerb::create &&
      kubernetes_content(asked.object).holder.empty())
    return kube_error(422, "Invalid", "this server knows Leases that are created with a holderIdentity",
                      asked);
  if (asked.kind == KubeKind::secret && kubernetes_content(asked.object).data.size() > kLargestSecret)
    return kube_error(422, "Invalid",
                      fmt::format("Secret \"{}\" is invalid: data: Too long: must have at most {} bytes",
                                  asked.name, kLargestSecret),
                      asked);
  return {};
}

std::expected<KubernetesAsked, HttpAnswer> parse_verb(const HttpRequest& request, KubernetesAsked asked) {
  const std::string& method = request.method;
  if (request.query.contains("watch"))
    return kube_error(405, "MethodNotAllowed", "this server has no watches", asked);
  if (method == "GET") {
    asked.verb = asked.name.empty() ? KubeVerb::list : KubeVerb::get;
    if (const auto selector = request.query.find("labelSelector"); selector != request.query.end()) {
      const auto labels = parse_labels(selector->second);
      if (!labels)
        return kube_error(400, "BadRequest", "this server selects by labels that equal a value", asked);
      asked.labels = *labels;
    }
    return asked;
  }
  if (method == "DELETE" && !asked.name.empty()) {
    asked.verb = KubeVerb::remove;
    return asked;
  }
  if ((method == "POST" && asked.name.empty()) || (method == "PUT" && !asked.name.empty())) {
    asked.verb = method == "POST" ? KubeVerb::create : KubeVerb::update;
    if (auto parsed = parse_written(request, asked); !parsed) return std::unexpected(parsed.error());
    return asked;
  }
  return kube_error(405, "MethodNotAllowed",
                    "the server does not allow this method on the requested resource", asked);
}

std::string_view without_part(std::string_view name, std::optional<unsigned>* part = nullptr) {
  const std::size_t at = name.rfind(kPart);
  if (at == std::string_view::npos) return name;
  const std::string_view digits = name.substr(at + kPart.size());
  unsigned number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || number > 999) return name;
  if (part != nullptr) *part = number;
  return name.substr(0, at);
}

}  // namespace

std::string KubernetesAsked::place() const {
  if (name.empty()) {
    const auto workspace = labels.find("tfstateWorkspace"), suffix = labels.find("tfstateSecretSuffix");
    if (workspace == labels.end() || suffix == labels.end()) return space;
    return fmt::format("{}/tfstate-{}-{}", space, workspace->second, suffix->second);
  }
  std::string_view state = name;
  if (kind == Kind::lease && state.starts_with(kLockPrefix)) state.remove_prefix(kLockPrefix.size());
  if (kind == Kind::secret) state = without_part(state);
  return fmt::format("{}/{}", space, state);
}

unsigned KubernetesAsked::part() const {
  std::optional<unsigned> part;
  without_part(name, &part);
  return part.value_or(0);
}

std::expected<KubernetesAsked, HttpAnswer> parse_kubernetes(const HttpRequest& request) {
  const std::string_view path = request.path;
  for (const Discovery& one : kDiscovery) {
    if (path != one.path || request.method != "GET") continue;
    KubernetesAsked asked;
    asked.verb = KubeVerb::discover;
    asked.discovered = one.document;
    return asked;
  }
  std::optional<KubernetesAsked> asked;
  if (path.starts_with(kSecrets)) asked = parse_object_path(path.substr(kSecrets.size()), KubeKind::secret);
  if (path.starts_with(kLeases)) asked = parse_object_path(path.substr(kLeases.size()), KubeKind::lease);
  if (!asked)
    return kube_error(
        404, "NotFound",
        "the server could not find the requested resource: this one has Secrets and Leases of a namespace");
  return parse_verb(request, *std::move(asked));
}

std::optional<Kubernetes::Request> kubernetes_request(const KubernetesAsked& asked) {
  const bool is_lease = asked.kind == KubeKind::lease;
  switch (asked.verb) {
    case KubeVerb::discover:
      return std::nullopt;
    case KubeVerb::list:
      return is_lease ? std::nullopt : std::optional<Kubernetes::Request>(Kubernetes::ListSecrets{});
    case KubeVerb::get:
      return is_lease ? Kubernetes::Request(Kubernetes::GetLease{}) : Kubernetes::GetSecret{};
    case KubeVerb::create:
      return is_lease ? Kubernetes::Request(Kubernetes::CreateLease{}) : Kubernetes::CreateSecret{};
    case KubeVerb::update:
      return is_lease ? Kubernetes::Request(Kubernetes::UpdateLease{}) : Kubernetes::UpdateSecret{};
    case KubeVerb::remove:
      return is_lease ? std::nullopt : std::optional<Kubernetes::Request>(Kubernetes::DeleteSecret{});
  }
  return std::nullopt;
}

KubernetesContent kubernetes_content(const std::string& object) {
  using nlohmann::json;
  const auto document = json::parse(object, nullptr, false);
  const std::string data = text_under(document, json::json_pointer("/data/tfstate"));
  return {text_under(document, json::json_pointer("/spec/holderIdentity")),
          text_under(document, json::json_pointer("/metadata/annotations/app.terraform.io~1lock-info")),
          decode_base64(data).value_or("")};
}

HttpAnswer kubernetes_status(const Kubernetes::Response& response, const KubernetesAsked& asked) {
  const std::string what = fmt::format(
      "{} \"{}\"", asked.kind == KubeKind::lease ? "leases.coordination.k8s.io" : "secrets", asked.name);
  HttpAnswer answer;
  switch (response.status) {
    case Kubernetes::Status::ok:
      break;
    case Kubernetes::Status::not_found:
      answer = status_object(404, "NotFound", what + " not found", asked);
      break;
    case Kubernetes::Status::forbidden:
      answer = status_object(403, "Forbidden", what + " is forbidden", asked);
      break;
    case Kubernetes::Status::already_exists:
      answer = status_object(409, "AlreadyExists", what + " already exists", asked);
      break;
    case Kubernetes::Status::conflict:
      answer = status_object(
          409, "Conflict",
          fmt::format("Operation cannot be fulfilled on {}: the object has been modified; please "
                      "apply your changes to the latest version and try again",
                      what),
          asked);
      break;
    case Kubernetes::Status::too_many_requests:
      answer = status_object(429, "TooManyRequests", "Too many requests, please try again later.", asked);
      break;
    case Kubernetes::Status::server_error:
      answer = status_object(500, response.retry_after != 0 ? "ServerTimeout" : "InternalError",
                             "the server is not able to complete the operation", asked);
      break;
  }
  if (response.retry_after != 0) answer.headers["Retry-After"] = std::to_string(response.retry_after);
  return answer;
}

}  // namespace lockstorm::wire
