// What HCP Terraform shows: workspaces, state versions and what it is able to do, as JSON:API has it.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "wire/net/exchange.hpp"

namespace lockstorm::wire {

struct TfeShownWorkspace {
  std::string id, organization, name;
  bool is_locked = false;
};
nlohmann::ordered_json tfe_workspace(const TfeShownWorkspace& workspace);

struct TfeShownVersion {
  std::string id, host;
  std::uint64_t serial = 0;
  bool is_uploaded = false;
};
nlohmann::ordered_json tfe_version(const TfeShownVersion& version);

/// {"data": ...}
HttpAnswer tfe_document(unsigned status, nlohmann::ordered_json data);
/// A listing, which has one page.
HttpAnswer tfe_page(nlohmann::ordered_json data);

HttpAnswer tfe_discovery();
HttpAnswer tfe_ping();
HttpAnswer tfe_organization(const std::string& name);
HttpAnswer tfe_entitlements(const std::string& organization);

}  // namespace lockstorm::wire
