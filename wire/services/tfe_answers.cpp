#include "wire/services/tfe_answers.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace lockstorm::wire {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kMade = "2026-01-01T00:00:00.000Z";  // no clock runs here

HttpAnswer tfe_json(unsigned status, const Json& document) {
  return {status,
          {{"Content-Type", "application/vnd.api+json"}},
          document.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

}  // namespace

HttpAnswer tfe_document(unsigned status, Json data) {
  return tfe_json(status, Json{{"data", std::move(data)}});
}

HttpAnswer tfe_page(Json data) {
  const std::size_t count = data.size();
  const Json pagination{{"current-page", 1},
                        {"prev-page", nullptr},
                        {"next-page", nullptr},
                        {"total-pages", 1},
                        {"total-count", count}};
  return tfe_json(200, Json{{"data", std::move(data)}, {"meta", Json{{"pagination", pagination}}}});
}

// .../api-docs/workspaces. Whoever has a token may do everything.
Json tfe_workspace(const TfeShownWorkspace& workspace) {
  Json permissions = Json::object();
  for (const char* may :
       {"can-update", "can-destroy", "can-queue-run", "can-queue-apply", "can-queue-destroy", "can-lock",
        "can-unlock", "can-force-unlock", "can-read-settings", "can-read-variable", "can-update-variable",
        "can-read-state-versions", "can-create-state-versions", "can-read-state-outputs", "can-force-delete"})
    permissions[may] = true;
  return {{"id", workspace.id},
          {"type", "workspaces"},
          {"attributes",
           {{"name", workspace.name},
            {"locked", workspace.is_locked},
            {"operations", false},
            {"execution-mode", "local"},
            {"auto-apply", false},
            {"created-at", kMade},
            {"terraform-version", "latest"},
            {"working-directory", ""},
            {"tag-names", Json::array()},
            {"permissions", permissions},
            {"actions", {{"is-destroyable", true}}}}},
          {"relationships",
           {{"organization", {{"data", {{"id", workspace.organization}, {"type", "organizations"}}}}}}}};
}

// .../api-docs/state-versions
Json tfe_version(const TfeShownVersion& version) {
  const std::string address = "https://" + version.host + "/_archivist/" + version.id;
  Json attributes{{"created-at", kMade},
                  {"serial", version.serial},
                  {"state-version", 4},
                  {"status", version.is_uploaded ? "finalized" : "pending"},
                  {"resources-processed", version.is_uploaded},
                  {"size", 0}};
  if (version.is_uploaded) {
    attributes["hosted-state-download-url"] = address;
    attributes["hosted-state-upload-url"] = nullptr;
  } else {
    attributes["hosted-state-upload-url"] = address;
    attributes["hosted-json-state-upload-url"] = address + ".json";
  }
  return {{"id", version.id},
          {"type", "state-versions"},
          {"attributes", std::move(attributes)},
          {"relationships", {{"outputs", {{"data", Json::array()}}}}}};
}

HttpAnswer tfe_discovery() {
  const Json document{
      {"state.v2", "/api/v2/"}, {"tfe.v2", "/api/v2/"}, {"tfe.v2.1", "/api/v2/"}, {"tfe.v2.2", "/api/v2/"}};
  return {200, {{"Content-Type", "application/json"}}, document.dump()};
}

HttpAnswer tfe_ping() {
  return {
      204, {{"TFP-API-Version", "2.6"}, {"TFP-AppName", "HCP Terraform"}, {"X-RateLimit-Limit", "1000"}}, ""};
}

HttpAnswer tfe_organization(const std::string& name) {
  return tfe_document(200, {{"id", name},
                            {"type", "organizations"},
                            {"attributes",
                             {{"name", name},
                              {"external-id", "org-" + name},
                              {"permissions", {{"can-create-workspace", true}, {"can-update", true}}}}}});
}

HttpAnswer tfe_entitlements(const std::string& organization) {
  return tfe_document(200, {{"id", "org-" + organization},
                            {"type", "entitlement-sets"},
                            {"attributes",
                             {{"operations", false},
                              {"state-storage", true},
                              {"teams", true},
                              {"private-module-registry", false},
                              {"vcs-integrations", false}}}});
}

}  // namespace lockstorm::wire
