// How requests to a workspace and their responses read in reports.
#include <fmt/format.h>

#include <array>

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "models/services/tfe_workspace.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {

using Names = sim::ProcessNames;

std::string TfeWorkspace::ReadWorkspace::describe(const Names&) const { return "GET workspace"; }
std::string TfeWorkspace::Lock::describe(const Names&) const { return "POST actions/lock"; }
std::string TfeWorkspace::Unlock::describe(const Names&) const { return "POST actions/unlock"; }
std::string TfeWorkspace::ForceUnlock::describe(const Names&) const { return "POST actions/force-unlock"; }
std::string TfeWorkspace::ReadCurrent::describe(const Names&) const { return "GET current-state-version"; }
std::string TfeWorkspace::Download::describe(const Names& names) const {
  return fmt::format("GET state version ({})", version.describe(names));
}
std::string TfeWorkspace::CreateStateVersion::describe(const Names& names) const {
  return fmt::format("POST state-versions ({})", state.describe(names));
}

std::string TfeWorkspace::Response::describe(const Names& names) const {
  switch (status) {
    case Status::ok:
      if (state.exists()) return fmt::format("200, {}", state.describe(names));
      return lock.empty() ? std::string("200") : fmt::format("200, {}", lock.describe(names));
    case Status::not_found:
      return "404";
    case Status::unauthorized:
      return "401";
    case Status::conflict:
      return "409";
    case Status::pending:
      return "409, state version still pending";
    case Status::too_many_requests:
      return "429";
    case Status::server_error:
      return "500";
  }
  return "";
}

std::string_view TfeWorkspace::operation(const Request& request) {
  constexpr auto kNames = sim::text_for_each<Request>({
      "read workspace",
      "lock",
      "unlock",
      "force-unlock",
      "read current state version",
      "download state version",
      "create state version",
  });
  return kNames[request.index()];
}

std::string TfeWorkspace::Value::describe(const sim::ProcessNames& names) const {
  return contents_text(
      {{"current state version", state.describe(names) + (pending != 0 ? ", may still be processed" : "")},
       {"lock", lock.describe(names)}});
}

sim::RequestFacts TfeWorkspace::about(const Request& request) {
  constexpr auto kFacts = sim::one_for_each<Request, sim::RequestFacts>({
      {"workspace", sim::LockUse::looks},
      {"lock", sim::LockUse::asks},
      {"lock", sim::LockUse::releases},
      {"lock", sim::LockUse::releases},
      {"state"},
      {"state"},
      {"state"},
  });
  return kFacts[request.index()];
}

sim::AnswerFacts TfeWorkspace::told(const Request&, const Response& response) {
  Response bare;
  bare.status = response.status;
  return {status_text(bare), response.status != Status::ok, response.lock.owner,
          version_facts(response.state)};
}

}  // namespace lockstorm::models
