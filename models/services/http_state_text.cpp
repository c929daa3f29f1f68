// How requests to a state server and its answers read in reports.
#include <fmt/format.h>

#include <array>

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "models/services/http_state.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {

std::string HttpState::GetState::describe(const sim::ProcessNames&) const { return "GET state"; }
std::string HttpState::PostState::describe(const sim::ProcessNames& names) const {
  return fmt::format("POST state{} ({})", id.empty() ? "" : "?ID=" + id.describe(names),
                     body.describe(names));
}
std::string HttpState::Lock::describe(const sim::ProcessNames& names) const {
  return fmt::format("LOCK ({})", info.describe(names));
}
std::string HttpState::Unlock::describe(const sim::ProcessNames& names) const {
  if (id.empty()) return fmt::format("UNLOCK without an id (meaning {})", intended.describe(names));
  return fmt::format("UNLOCK ({})", id.describe(names));
}
std::string HttpState::LookAtLock::describe(const sim::ProcessNames&) const {
  return "reads a refused job's message";
}

std::string HttpState::Response::describe(const sim::ProcessNames& names) const {
  const std::string refusal = readable == 0  ? ""
                              : lock.empty() ? ", naming nobody"
                                             : ", " + lock.describe(names);
  switch (status) {
    case Status::ok:
      return state.exists() ? fmt::format("200, {}", state.describe(names)) : std::string("200");
    case Status::created:
      return "201 Created";
    case Status::no_content:
      return "204 No Content";
    case Status::forbidden:
      return "403";
    case Status::not_found:
      return "404";
    case Status::conflict:
      return "409 Conflict" + refusal;
    case Status::locked:
      return "423 Locked" + refusal;
    case Status::too_many_requests:
      return "429";
    case Status::server_error:
      return "500";
  }
  return "";
}

std::string_view HttpState::operation(const Request& request) {
  constexpr auto kNames = sim::text_for_each<Request>({"GET", "POST", "LOCK", "UNLOCK", "look"});
  return kNames[request.index()];
}

std::string HttpState::Value::describe(const sim::ProcessNames& names) const {
  return contents_text({{"state", state.describe(names)}, {"lock", lock.describe(names)}});
}

sim::RequestFacts HttpState::about(const Request& request) {
  constexpr auto kFacts = sim::one_for_each<Request, sim::RequestFacts>({
      {"state"},
      {"state"},
      {"lock", sim::LockUse::asks},
      {"lock", sim::LockUse::releases},
      {"lock", sim::LockUse::looks},
  });
  return kFacts[request.index()];
}

sim::AnswerFacts HttpState::told(const Request&, const Response& response) {
  return {status_text(Response{response.status, {}, {}, 0}), static_cast<int>(response.status) >= 400,
          response.lock.id.owner, version_facts(response.state)};
}

}  // namespace lockstorm::models
