#include "wire/services/tfe_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "wire/services/base64.hpp"

namespace lockstorm::wire {
namespace {

using models::TfeWorkspace;
using TfeWhat = TfeAsked::What;

constexpr std::string_view kApi = "/api/v2/";
constexpr std::string_view kDiscoveryPath = "/.well-known/terraform.json";
constexpr std::string_view kArchive = "/_archivist/";
constexpr std::string_view kJson = ".json";

std::unexpected<HttpAnswer> unknown_to_tfe(const HttpRequest& request) {
  return std::unexpected(
      tfe_error(501, "not implemented",
                fmt::format("{} {} is nothing that this server knows", request.method, request.path)));
}
std::unexpected<HttpAnswer> bad_tfe_request(const std::string& why) {
  return std::unexpected(tfe_error(422, "invalid attribute", why));
}

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    const std::string_view one = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), one.size() + 1));
    segments.push_back(decoded(one, false));
  }
  return segments;
}

// JSON:API: what a resource says of itself.
nlohmann::json attributes_in(const HttpRequest& request) {
  const auto document = nlohmann::json::parse(request.body, nullptr, false);
  if (!document.is_object()) return {};
  return document.value(nlohmann::json::json_pointer("/data/attributes"), nlohmann::json());
}

std::string tfe_text(const nlohmann::json& object, const char* name) {
  const auto value = object.is_object() ? object.value(name, nlohmann::json()) : nlohmann::json();
  return value.is_string() ? value.get<std::string>() : "";
}

std::expected<TfeAsked, HttpAnswer> parse_version(const HttpRequest& request, TfeAsked asked) {
  asked.what = TfeWhat::create_version;
  const auto attributes = attributes_in(request);
  if (!attributes.is_object() || !attributes.contains("serial") || !attributes["serial"].is_number_unsigned())
    return bad_tfe_request("serial: a number was expected");
  asked.serial = attributes["serial"].get<std::uint64_t>();
  asked.lineage = tfe_text(attributes, "lineage");
  asked.md5 = tfe_text(attributes, "md5");
  asked.force = attributes.contains("force") && attributes["force"] == true;
  if (const std::string state = tfe_text(attributes, "state"); !state.empty()) {
    asked.text = decode_base64(state);
    if (!asked.text) return bad_tfe_request("state: base64 was expected");
  }
  return asked;
}

// "workspaces/ws-ID/..."
std::expected<TfeAsked, HttpAnswer> parse_workspace(const HttpRequest& request,
                                                    const std::vector<std::string>& path, TfeAsked asked) {
  const std::string& method = request.method;
  asked.id = path[1];
  if (path.size() == 2) {
    if (method != "GET" && method != "PATCH" && method != "DELETE") return unknown_to_tfe(request);
    asked.what = method == "GET"     ? TfeWhat::read_workspace
                 : method == "PATCH" ? TfeWhat::update_workspace
                                     : TfeWhat::delete_workspace;
    return asked;
  }
  const std::string& last = path[2];
  if (path.size() == 4 && last == "actions" && method == "POST") {
    const std::string& action = path[3];
    if (action == "lock" || action == "unlock" || action == "force-unlock" || action == "safe-delete") {
      asked.what = action == "lock"           ? TfeWhat::lock
                   : action == "unlock"       ? TfeWhat::unlock
                   : action == "force-unlock" ? TfeWhat::force_unlock
                                              : TfeWhat::delete_workspace;
      asked.reason = tfe_text(attributes_in(request), "reason");
      return asked;
    }
  }
  if (path.size() != 3) return unknown_to_tfe(request);
  if (last == "current-state-version" && method == "GET") {
    asked.what = TfeWhat::current_version;
    return asked;
  }
  if (last == "state-versions" && method == "POST") return parse_version(request, std::move(asked));
  if ((last == "vars" || last == "all-vars") && method == "GET") {
    asked.what = TfeWhat::variables;
    return asked;
  }
  return unknown_to_tfe(request);
}

// "organizations/ORG/..."
std::expected<TfeAsked, HttpAnswer> parse_organization(const HttpRequest& request,
                                                       const std::vector<std::string>& path, TfeAsked asked) {
  const std::string& method = request.method;
  asked.organization = path[1];
  if (path.size() == 2 && method == "GET") {
    asked.what = TfeWhat::organization;
    return asked;
  }
  if (path.size() == 3 && path[2] == "entitlement-set" && method == "GET") {
    asked.what = TfeWhat::entitlements;
    return asked;
  }
  if (path.size() < 3 || path.size() > 4 || path[2] != "workspaces") return unknown_to_tfe(request);
  if (path.size() == 3 && method == "GET") {
    asked.what = TfeWhat::list_workspaces;
    if (const auto search = request.query.find("search[name]"); search != request.query.end())
      asked.search = search->second;
    return asked;
  }
  if (path.size() == 3 && method == "POST") {
    asked.what = TfeWhat::create_workspace;
    asked.workspace = tfe_text(attributes_in(request), "name");
    if (asked.workspace.empty() || asked.workspace.contains('/'))
      return bad_tfe_request("name: a name was expected");
    return asked;
  }
  if (path.size() != 4) return unknown_to_tfe(request);
  asked.workspace = path[3];
  if (method != "GET" && method != "PATCH" && method != "DELETE") return unknown_to_tfe(request);
  asked.what = method == "GET"     ? TfeWhat::read_workspace
               : method == "PATCH" ? TfeWhat::update_workspace
                                   : TfeWhat::delete_workspace;
  return asked;
}

}  // namespace

std::expected<TfeAsked, HttpAnswer> parse_tfe(const HttpRequest& request) {
  const auto header = [&](const char* name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? std::string() : found->second;
  };
  TfeAsked asked;
  asked.host = header("host");
  asked.token = header("authorization");
  if (request.path == kDiscoveryPath && request.method == "GET") {
    asked.what = TfeWhat::discovery;
    return asked;
  }
  if (request.path.starts_with(kArchive) && (request.method == "GET" || request.method == "PUT")) {
    asked.what = request.method == "GET" ? TfeWhat::download : TfeWhat::upload;
    asked.id = decoded(std::string_view(request.path).substr(kArchive.size()), false);
    asked.text = request.body;
    if (asked.what == TfeWhat::upload && asked.id.ends_with(kJson)) {
      asked.what = TfeWhat::upload_json;
      asked.id.resize(asked.id.size() - kJson.size());
    }
    return asked;
  }
  if (!request.path.starts_with(kApi)) return unknown_to_tfe(request);
  const auto path = segments_of(std::string_view(request.path).substr(kApi.size()));
  if (path.size() == 1 && path[0] == "ping" && request.method == "GET") return asked;
  if (path.size() < 2) return unknown_to_tfe(request);
  if (path[0] == "organizations") return parse_organization(request, path, std::move(asked));
  if (path[0] == "workspaces") return parse_workspace(request, path, std::move(asked));
  if (path[0] == "state-versions" && path.size() == 2 && request.method == "GET") {
    asked.what = TfeWhat::read_version;
    asked.id = path[1];
    return asked;
  }
  return unknown_to_tfe(request);
}

std::optional<TfeWorkspace::Request> tfe_request(const TfeAsked& asked) {
  switch (asked.what) {
    case TfeWhat::read_workspace:
      return TfeWorkspace::ReadWorkspace{};
    case TfeWhat::lock:
      return TfeWorkspace::Lock{};
    case TfeWhat::unlock:
      return TfeWorkspace::Unlock{};
    case TfeWhat::force_unlock:
      return TfeWorkspace::ForceUnlock{};
    case TfeWhat::current_version:
      return TfeWorkspace::ReadCurrent{};
    case TfeWhat::download:
      return TfeWorkspace::Download{};
    case TfeWhat::create_version:
      return TfeWorkspace::CreateStateVersion{};
    default:
      return std::nullopt;
  }
}

HttpAnswer tfe_error(unsigned status, const std::string& title, const std::string& detail) {
  nlohmann::ordered_json error{{"status", std::to_string(status)}, {"title", title}};
  if (!detail.empty()) error["detail"] = detail;
  const nlohmann::ordered_json document{{"errors", nlohmann::ordered_json::array({error})}};
  using Handler = nlohmann::ordered_json::error_handler_t;
  return {status,
          {{"Content-Type", "application/vnd.api+json"}},
          document.dump(-1, ' ', false, Handler::replace)};
}

}  // namespace lockstorm::wire
