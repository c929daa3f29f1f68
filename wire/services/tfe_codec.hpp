// The API of HCP Terraform and Terraform Enterprise as clients use it that apply on their own machine
// (developer.hashicorp.com/terraform/cloud-docs/api-docs: workspaces, state-versions, ping; .../internals/
// remote-service-discovery; backend-protocols.md 3.13).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "models/services/tfe_workspace.hpp"
#include "wire/net/exchange.hpp"

namespace lockstorm::wire {

/// What a request asks for, in the API's own terms.
struct TfeAsked {
  enum class What : std::uint8_t {
    discovery,
    ping,
    organization,
    entitlements,
    list_workspaces,
    create_workspace,
    read_workspace,
    update_workspace,
    delete_workspace,
    variables,
    lock,
    unlock,
    force_unlock,
    current_version,
    create_version,
    read_version,
    download,
    upload,
    upload_json  ///< of what a state says, for the server's own pages
  };

  What what = What::ping;
  std::string host;            ///< as the client has it, for addresses in answers
  std::string token;           ///< who asks: the server knows users by it
  std::string organization{};  ///< "ORG" of workspaces that are named
  std::string workspace{};     ///< a name
  std::string id{};            ///< of a workspace ("ws-...") or a state version ("sv-...")
  std::string search{};        ///< of a listing: what a name begins with
  std::string reason{};        ///< of a lock

  // A state version that is created; without its text it is uploaded afterwards.
  std::uint64_t serial = 0;
  std::string lineage{}, md5{};
  std::optional<std::string> text{};
  bool force = false;
};

/// Or the API's own answer to what is no request of it, or none that this server knows.
std::expected<TfeAsked, HttpAnswer> parse_tfe(const HttpRequest& request);

/// The model's operation, without what it is about. Nothing: the model has no word for it.
std::optional<models::TfeWorkspace::Request> tfe_request(const TfeAsked& asked);

/// {"errors": [...]}
HttpAnswer tfe_error(unsigned status, const std::string& title, const std::string& detail);

}  // namespace lockstorm::wire
