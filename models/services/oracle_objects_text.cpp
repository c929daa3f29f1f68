// How requests to Oracle's object storage and its answers read in reports.
#include <fmt/format.h>

#include <array>

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "models/services/oracle_objects.hpp"

namespace lockstorm::models {
namespace {

std::string_view condition_text(OracleObjects::Condition condition) {
  switch (condition) {
    case OracleObjects::Condition::none:
      return "";
    case OracleObjects::Condition::if_none_match_any:
      return " If-None-Match:*";
    case OracleObjects::Condition::if_match:
      return " If-Match";
  }
  return "";
}

std::string_view etag_text(std::uint16_t if_match) { return if_match == 0 ? "" : " If-Match"; }

}  // namespace

std::string OracleObjects::PutState::describe(const sim::ProcessNames& names) const {
  return fmt::format("PutObject state{} ({})", condition_text(condition), body.describe(names));
}
std::string OracleObjects::CreateUpload::describe(const sim::ProcessNames&) const {
  return "CreateMultipartUpload state";
}
std::string OracleObjects::UploadPart::describe(const sim::ProcessNames&) const {
  return fmt::format("UploadPart {} of state", part);
}
std::string OracleObjects::CommitUpload::describe(const sim::ProcessNames& names) const {
  return fmt::format("CommitMultipartUpload state ({})", body.describe(names));
}
std::string OracleObjects::PutLock::describe(const sim::ProcessNames& names) const {
  return fmt::format("PutObject .lock{} ({})", condition_text(condition), body.describe(names));
}
std::string OracleObjects::HeadState::describe(const sim::ProcessNames&) const { return "HeadObject state"; }
std::string OracleObjects::GetState::describe(const sim::ProcessNames&) const {
  return fmt::format("GetObject state{}", etag_text(if_match));
}
std::string OracleObjects::GetLock::describe(const sim::ProcessNames&) const { return "GetObject .lock"; }
std::string OracleObjects::DeleteObject::describe(const sim::ProcessNames& names) const {
  if (object == Object::state) return fmt::format("DeleteObject state{}", etag_text(if_match));
  const std::string meaning = intended.empty() ? "" : fmt::format(" (meaning {})", intended.describe(names));
  return fmt::format("DeleteObject .lock{}{}", etag_text(if_match), meaning);
}
std::string OracleObjects::ListWorkspaces::describe(const sim::ProcessNames&) const {
  return "ListObjects tf-state-env/";
}
std::string OracleObjects::ListVersions::describe(const sim::ProcessNames&) const {
  return "ListObjectVersions state*";
}

std::string OracleObjects::Response::describe(const sim::ProcessNames& names) const {
  switch (status) {
    case Status::ok:
      if (state.exists()) return fmt::format("200, {}", state.describe(names));
      if (!lock.empty()) return fmt::format("200, {}", lock.describe(names));
      if (lock_listed != 0) return state_listed != 0 ? "200, state and .lock" : "200, .lock";
      return "200";
    case Status::no_content:
      return "204";
    case Status::not_found:
      return "404";
    case Status::precondition_failed:
      return "412";
    case Status::too_many_requests:
      return "429";
    case Status::internal_server_error:
      return "500";
  }
  return "";
}

std::string OracleObjects::Value::describe(const sim::ProcessNames& names) const {
  return contents_text({{"state", state.describe(names)}, {"lock object", lock.describe(names)}});
}

sim::RequestFacts OracleObjects::about(const Request& request) {
  constexpr std::string_view kState = "state";
  constexpr std::string_view kLock = ".lock";
  if (std::holds_alternative<PutLock>(request)) return {kLock, sim::LockUse::asks};
  if (std::holds_alternative<GetLock>(request)) return {kLock, sim::LockUse::looks};
  if (const auto* remove = std::get_if<DeleteObject>(&request)) {
    return remove->object == Object::state ? sim::RequestFacts{kState}
                                           : sim::RequestFacts{kLock, sim::LockUse::releases};
  }
  if (std::holds_alternative<ListWorkspaces>(request) || std::holds_alternative<ListVersions>(request))
    return {"listing"};
  return {kState};
}

sim::AnswerFacts OracleObjects::told(const Request&, const Response& response) {
  Response bare;
  bare.status = response.status;
  return {status_text(bare), static_cast<int>(response.status) >= 400, response.lock.id.owner,
          version_facts(response.state)};
}

}  // namespace lockstorm::models
