#include "wire/services/tfe_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "wire/services/tfe_answers.hpp"

namespace lockstorm::wire {
namespace {

using models::TfeWorkspace;
using TfeResponse = models::TfeWorkspace::Response;
using TfeStatus = models::TfeWorkspace::Status;
using TfeWhat = TfeAsked::What;

// Serials and lineages are compared with those of the current version only: before and after it, the same or
// another.
constexpr std::uint8_t kCurrentSerial = 100;

HttpAnswer tfe_not_found() { return tfe_error(404, "not found", ""); }

std::string sentence_in(const HttpAnswer& answer) {
  return nlohmann::json::parse(answer.body).at("errors").at(0).at("detail").get<std::string>();
}

}  // namespace

const TfeServer::Workspace* TfeServer::find(const TfeAsked& asked) const {
  const auto found = std::ranges::find_if(workspaces_, [&](const auto& one) {
    const Workspace& workspace = one.second;
    return asked.workspace.empty()
               ? workspace.id == asked.id
               : workspace.organization == asked.organization && workspace.name == asked.workspace;
  });
  return found == workspaces_.end() ? nullptr : &found->second;
}

const TfeServer::Version* TfeServer::current_of(const Workspace& workspace) const {
  return workspace.versions.empty() ? nullptr : &versions_.at(workspace.versions.back());
}

sim::Slot TfeServer::user(const std::string& token) {
  return users_.try_emplace(token, static_cast<sim::Slot>(users_.size() % sim::kMaxProcesses)).first->second;
}

// Carries one request to the model and takes over what it has decided.
struct TfeServer::Step {
  TfeServer& server;
  const TfeAsked& asked;
  Workspace& workspace;
  sim::Slot user;

  TfeResponse apply(const TfeWorkspace::Request& request) {
    return server.model_.apply(workspace.value, user, request, 0).response;
  }
  TfeResponse operator()(const TfeWorkspace::ReadWorkspace& request) { return apply(request); }
  TfeResponse operator()(const TfeWorkspace::ReadCurrent& request) { return apply(request); }
  TfeResponse operator()(const TfeWorkspace::Download&) { return {}; }
  TfeResponse operator()(const TfeWorkspace::Lock&) {
    return apply(TfeWorkspace::Lock{{sim::Who::process(user), ++workspace.locks}});
  }
  TfeResponse operator()(const TfeWorkspace::Unlock&) {
    return apply(TfeWorkspace::Unlock{workspace.value.lock});
  }
  TfeResponse operator()(const TfeWorkspace::ForceUnlock&) {
    return apply(TfeWorkspace::ForceUnlock{workspace.value.lock});
  }
  TfeResponse operator()(const TfeWorkspace::CreateStateVersion&) {
    const Version* const current = server.current_of(workspace);
    models::StateSnapshot next;
    next.writer = sim::Who::process(user);
    next.lineage = sim::Who::process(0);
    next.serial = kCurrentSerial;
    next.write = static_cast<std::uint16_t>(server.ids_ + 1);
    if (current != nullptr) {
      workspace.value.state.serial = kCurrentSerial;
      const bool follows = asked.force || asked.serial > current->serial;
      next.serial = follows                           ? kCurrentSerial + 1
                    : asked.serial == current->serial ? kCurrentSerial
                                                      : kCurrentSerial - 1;
      const bool same = asked.force || asked.lineage == current->lineage;
      next.lineage = same ? workspace.value.state.lineage : sim::Who::predecessor();
    }
    const TfeResponse response = apply(TfeWorkspace::CreateStateVersion{next});
    if (response.status != TfeStatus::ok) return response;
    const std::string id = fmt::format("sv-{:016x}", ++server.ids_);
    server.versions_[id] = {id, workspace.id, asked.lineage, asked.serial, next, asked.text};
    workspace.versions.push_back(id);
    return response;
  }
};

// What the model refuses, in the API's words.
HttpAnswer TfeServer::in_the_model(const TfeAsked& asked, const TfeWorkspace::Request& request) {
  const Workspace* const found = find(asked);
  if (found == nullptr) return tfe_not_found();
  Workspace& workspace = workspaces_.at(found->id);
  const TfeResponse response = std::visit(Step{*this, asked, workspace, user(asked.token)}, request);
  const auto shown = [&] {
    return tfe_workspace(
        {workspace.id, workspace.organization, workspace.name, !workspace.value.lock.empty()});
  };
  switch (response.status) {
    case TfeStatus::ok:
      break;
    case TfeStatus::not_found:
      return tfe_not_found();
    case TfeStatus::unauthorized:
      return tfe_error(401, "unauthorized", "");
    case TfeStatus::pending:
      return tfe_error(409, "conflict",
                       "Unable to unlock workspace. The latest state version is still pending.");
    case TfeStatus::conflict:
      if (asked.what == TfeWhat::lock)
        return tfe_error(409, "conflict", "Unable to lock workspace. The workspace is already locked.");
      if (asked.what != TfeWhat::create_version)
        return tfe_error(
            409, "conflict",
            "Unable to unlock workspace. The workspace is not locked, or locked by another user.");
      return tfe_error(409, "conflict",
                       "The workspace is not locked by this user, or the state's lineage or serial does not "
                       "follow the current version.");
    case TfeStatus::too_many_requests:
    case TfeStatus::server_error:
      return tfe_error(500, "internal error", "");
  }
  if (asked.what == TfeWhat::lock) workspace.reason = asked.reason;
  if (asked.what == TfeWhat::create_version || asked.what == TfeWhat::current_version) {
    const Version& version = *current_of(workspace);
    return tfe_document(asked.what == TfeWhat::create_version ? 201 : 200,
                        tfe_version({version.id, asked.host, version.serial, version.text.has_value()}));
  }
  return tfe_document(200, shown());
}

HttpAnswer TfeServer::about_versions(const TfeAsked& asked) {
  const auto found = versions_.find(asked.id);
  if (found == versions_.end()) return tfe_not_found();
  Version& version = found->second;
  if (asked.what == TfeWhat::upload_json) return {200};  // nobody asks for it
  if (asked.what == TfeWhat::upload) {
    if (version.text) return tfe_error(409, "conflict", "The state version is uploaded already.");
    version.text = asked.text;
    return {200};
  }
  if (asked.what == TfeWhat::download) {
    if (!version.text) return tfe_not_found();
    return {200, {{"Content-Type", "application/json"}}, *version.text};
  }
  return tfe_document(200, tfe_version({version.id, asked.host, version.serial, version.text.has_value()}));
}

HttpAnswer TfeServer::about_workspaces(const TfeAsked& asked) {
  const auto shown = [](const Workspace& one) {
    return tfe_workspace({one.id, one.organization, one.name, !one.value.lock.empty()});
  };
  if (asked.what == TfeWhat::list_workspaces) {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const auto& [id, workspace] : workspaces_)
      if (workspace.organization == asked.organization && workspace.name.contains(asked.search))
        all.push_back(shown(workspace));
    return tfe_page(std::move(all));
  }
  const Workspace* const found = find(asked);
  if (asked.what == TfeWhat::create_workspace) {
    if (found != nullptr) return tfe_error(422, "invalid attribute", "Name has already been taken");
    const std::string id = fmt::format("ws-{:016x}", ++ids_);
    Workspace& made = workspaces_[id];
    made.id = id;
    made.organization = asked.organization;
    made.name = asked.workspace;
    return tfe_document(201, shown(made));
  }
  if (found == nullptr) return tfe_not_found();
  if (asked.what == TfeWhat::update_workspace) return tfe_document(200, shown(*found));
  if (asked.what == TfeWhat::variables) return tfe_page(nlohmann::ordered_json::array());
  if (!found->value.lock.empty()) return tfe_error(409, "conflict", "The workspace is locked.");
  std::erase_if(versions_, [&](const auto& version) { return version.second.workspace == found->id; });
  workspaces_.erase(std::string(found->id));
  return {204};
}

HttpAnswer TfeServer::handle(const HttpRequest& request) {
  const auto asked = parse_tfe(request);
  if (!asked) return asked.error();
  switch (asked->what) {
    case TfeWhat::discovery:
      return tfe_discovery();
    case TfeWhat::ping:
      return tfe_ping();
    case TfeWhat::organization:
      return tfe_organization(asked->organization);
    case TfeWhat::entitlements:
      return tfe_entitlements(asked->organization);
    case TfeWhat::list_workspaces:
    case TfeWhat::create_workspace:
    case TfeWhat::update_workspace:
    case TfeWhat::delete_workspace:
    case TfeWhat::variables:
      return about_workspaces(*asked);
    case TfeWhat::read_version:
    case TfeWhat::download:
    case TfeWhat::upload:
    case TfeWhat::upload_json:
      return about_versions(*asked);
    default:
      return in_the_model(*asked, *tfe_request(*asked));
  }
}

std::expected<RequestName, std::string> TfeServer::name(const HttpRequest& request) const {
  const auto asked = parse_tfe(request);
  if (!asked) return std::unexpected(sentence_in(asked.error()));
  std::string place = asked->organization.empty() ? "" : asked->organization + "/" + asked->workspace;
  const auto version = versions_.find(asked->id);
  const auto found = workspaces_.find(version == versions_.end() ? asked->id : version->second.workspace);
  if (found != workspaces_.end()) place = found->second.organization + "/" + found->second.name;
  const auto meant = tfe_request(*asked);
  if (!meant)
    // What is uploaded has been a version since it was created.
    return RequestName{asked->what == TfeWhat::upload ? "upload state version" : "other",
                       "",
                       place,
                       "",
                       std::nullopt,
                       false};
  RequestName name{std::string(TfeWorkspace::operation(*meant)),
                   std::string(TfeWorkspace::about(*meant).object), place, ""};
  if (asked->what == TfeWhat::create_version) name.state = StateText{asked->lineage, asked->serial};
  return name;
}

HttpAnswer TfeServer::refuse(const HttpRequest&, sim::Refusal kind) const {
  return kind == sim::Refusal::throttled ? tfe_error(429, "too many requests", "Too many requests.")
                                         : tfe_error(500, "internal error", "");
}

nlohmann::ordered_json TfeServer::holds() const {
  nlohmann::ordered_json states = nlohmann::ordered_json::object();
  for (const auto& [id, workspace] : workspaces_) {
    const Version* const current = current_of(workspace);
    nlohmann::ordered_json one = nlohmann::ordered_json::object();
    if (current != nullptr) one["state"] = {{"lineage", current->lineage}, {"serial", current->serial}};
    if (!workspace.value.lock.empty())
      one["lock"] = {{"ID", workspace.organization + "/" + workspace.name}, {"Reason", workspace.reason}};
    if (!one.empty()) states[workspace.organization + "/" + workspace.name] = std::move(one);
  }
  return states;
}

}  // namespace lockstorm::wire
