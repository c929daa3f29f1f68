// The model of HCP Terraform, answering real requests: workspaces of any organization, whose runs happen on
// the clients' machines.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/services/tfe_workspace.hpp"
#include "wire/services/contents.hpp"
#include "wire/services/model_server.hpp"
#include "wire/services/tfe_codec.hpp"

namespace lockstorm::wire {

/// Who asks is known by the token, as with the real one: each is a user of its own.
class TfeServer final : public ModelServer {
 public:
  [[nodiscard]] std::string_view service() const override { return models::TfeWorkspace::kName; }
  [[nodiscard]] std::expected<RequestName, std::string> name(const HttpRequest& request) const override;
  HttpAnswer handle(const HttpRequest& request) override;
  [[nodiscard]] HttpAnswer refuse(const HttpRequest& request, sim::Refusal kind) const override;
  /// A lock's ID is what force-unlock takes: the workspace.
  void clear() override {
    for (auto& [id, workspace] : workspaces_) {
      workspace.value = {};
      workspace.versions.clear();
    }
    versions_.clear();
  }
  [[nodiscard]] nlohmann::ordered_json holds() const override;

 private:
  struct Version {
    std::string id, workspace, lineage;
    std::uint64_t serial = 0;
    models::StateSnapshot value;
    std::optional<std::string> text;  ///< not there yet: it is still to be uploaded
  };
  struct Workspace {
    std::string id, organization, name, reason;
    models::TfeWorkspace::Value value;
    std::vector<std::string> versions;
    std::uint16_t locks = 0;  ///< so far
  };
  struct Step;  // one request on its way

  [[nodiscard]] const Workspace* find(const TfeAsked& asked) const;
  [[nodiscard]] const Version* current_of(const Workspace& workspace) const;
  sim::Slot user(const std::string& token);
  HttpAnswer about_workspaces(const TfeAsked& asked);
  HttpAnswer about_versions(const TfeAsked& asked);
  HttpAnswer in_the_model(const TfeAsked& asked, const models::TfeWorkspace::Request& request);

  models::TfeWorkspace model_;
  std::map<std::string, Workspace> workspaces_;  ///< by their ids
  std::map<std::string, Version> versions_;      ///< by their ids
  std::map<std::string, sim::Slot> users_;       ///< by their tokens
  std::uint64_t ids_ = 0;
};

}  // namespace lockstorm::wire
