// How S3 requests and responses read in reports.
#include <fmt/format.h>

#include <array>

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "models/services/s3.hpp"

namespace lockstorm::models {
namespace {

std::string condition_text(S3::Condition condition) {
  switch (condition) {
    case S3::Condition::none:
      return "";
    case S3::Condition::if_none_match_any:
      return " If-None-Match:*";
    case S3::Condition::if_match:
      return " If-Match";
  }
  return "";
}

std::string_view key_text(S3::Object key) { return key == S3::Object::lockfile ? ".tflock" : "state"; }

}  // namespace

std::string S3::PutState::describe(const sim::ProcessNames& names) const {
  return fmt::format("PutObject state{} ({})", condition_text(condition), body.describe(names));
}
std::string S3::PutLock::describe(const sim::ProcessNames& names) const {
  return fmt::format("PutObject .tflock{} ({})", condition_text(condition), body.describe(names));
}
std::string S3::GetObject::describe(const sim::ProcessNames&) const {
  return fmt::format("GetObject {}{}",
                     range == 1   ? "beginning of "
                     : range == 2 ? "end of "
                                  : "",
                     key_text(key));
}
std::string S3::HeadObject::describe(const sim::ProcessNames&) const {
  return fmt::format("HeadObject {}", key_text(key));
}
std::string S3::DeleteLock::describe(const sim::ProcessNames& names) const {
  return fmt::format("DeleteObject .tflock{} (meaning {})", condition_text(condition),
                     intended.describe(names));
}
std::string S3::DeleteState::describe(const sim::ProcessNames&) const {
  return fmt::format("DeleteObject state{}", condition_text(condition));
}
std::string_view S3::name_of(Listing api) {
  switch (api) {
    case Listing::list_objects_v2:
      return "ListObjectsV2";
    case Listing::list_objects:
      return "ListObjects";
    case Listing::get_bucket:
      return "GET Bucket";
  }
  return "";
}
std::string S3::ListWorkspaces::describe(const sim::ProcessNames&) const {
  return fmt::format("{} env:/", name_of(api));
}

std::string S3::Response::describe(const sim::ProcessNames& names) const {
  switch (status) {
    case Status::ok:
      if (state.exists()) return fmt::format("200, {}", state.describe(names));
      if (!lock.empty()) return fmt::format("200, {}", lock.describe(names));
      return "200";
    case Status::no_content:
      return "204";
    case Status::bad_request:
      return "400 InvalidRequest";
    case Status::forbidden:
      return "403 Forbidden";
    case Status::not_found:
      return "404";
    case Status::conflict:
      return "409 Conflict";
    case Status::precondition_failed:
      return "412 PreconditionFailed";
    case Status::not_implemented:
      return "501 NotImplemented";
    case Status::server_error:
      return "500";
    case Status::slow_down:
      return "503 SlowDown";
  }
  return "";
}

std::string S3::Value::describe(const sim::ProcessNames& names) const {
  const bool is_stale = older_state.exists() && older_state != state;
  return contents_text({{"state", state.describe(names)},
                        {".tflock", lock.describe(names)},
                        {"stale reads show", is_stale ? older_state.describe(names) : ""}});
}

sim::RequestFacts S3::about(const Request& request) {
  constexpr std::string_view kState = "state";
  constexpr std::string_view kLock = ".tflock";
  const auto of = [&](Object key) {
    return key == Object::lockfile ? sim::RequestFacts{kLock, sim::LockUse::looks}
                                   : sim::RequestFacts{kState};
  };
  if (std::holds_alternative<PutLock>(request)) return {kLock, sim::LockUse::asks};
  if (std::holds_alternative<DeleteLock>(request)) return {kLock, sim::LockUse::releases};
  if (const auto* get = std::get_if<GetObject>(&request)) return of(get->key);
  if (const auto* head = std::get_if<HeadObject>(&request)) return of(head->key);
  if (std::holds_alternative<ListWorkspaces>(request)) return {"listing"};
  return {kState};
}

sim::AnswerFacts S3::told(const Request&, const Response& response) {
  return {status_text(Response{response.status, {}, {}, 0}), static_cast<int>(response.status) >= 400,
          response.lock.id.owner, version_facts(response.state)};
}

}  // namespace lockstorm::models
