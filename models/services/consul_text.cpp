// How Consul requests and responses read in reports.
#include <fmt/format.h>

#include <array>

#include "models/services/consul.hpp"
#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

using Names = sim::ProcessNames;

std::string session_text(const LockId& id, const Names& names) {
  if (id.empty()) return "no session";
  const std::string owner = fmt::format("{}'s session", names.name(id.owner));
  if (id.number == kInitLock) return owner + " (init)";
  const unsigned lock = id.number % kReacquired;
  const unsigned turn = id.number / kReacquired;
  return owner + (lock == 0 ? "" : fmt::format(" for lock #{}", lock + 1)) +
         (turn == 0 ? "" : fmt::format(" no. {}", turn + 1));
}

}  // namespace

std::string Consul::CreateSession::describe(const Names& names) const {
  return fmt::format("PUT session/create (TTL 15s) as {}", session_text(id, names));
}
std::string Consul::DestroySession::describe(const Names& names) const {
  return fmt::format("PUT session/destroy of {}", session_text(id, names));
}
std::string Consul::GetLock::describe(const Names&) const { return "GET .lock"; }
std::string Consul::WatchLock::describe(const Names&) const { return "GET .lock?index (monitor)"; }
std::string Consul::Acquire::describe(const Names& names) const {
  return fmt::format("PUT .lock?acquire={}", session_text(session, names));
}
std::string Consul::Release::describe(const Names& names) const {
  return fmt::format("PUT .lock?release={}", session_text(session, names));
}
std::string Consul::DeleteLock::describe(const Names&) const { return "DELETE .lock"; }
std::string Consul::GetInfo::describe(const Names&) const { return "GET .lockinfo"; }
std::string Consul::PutInfo::describe(const Names& names) const {
  return fmt::format("PUT .lockinfo ({})", session_text(info.id, names));
}
std::string Consul::DeleteInfo::describe(const Names&) const { return "DELETE .lockinfo"; }
std::string Consul::GetState::describe(const Names&) const {
  return for_write != 0 ? "GET state key for its chunks" : "GET state key";
}
std::string Consul::GetChunk::describe(const Names& names) const {
  return fmt::format("GET chunk {} of {}", number, text.describe(names));
}
std::string Consul::PutChunk::describe(const Names& names) const {
  return fmt::format("PUT chunk {} of {}", number, text.describe(names));
}
std::string Consul::DeleteChunks::describe(const Names& names) const {
  return fmt::format("DELETE chunks of {}", text.describe(names));
}
std::string Consul::WriteState::describe(const Names& names) const {
  const std::string what =
      pointer != 0 ? fmt::format("pointer to {}", text.describe(names)) : text.describe(names);
  if (verb == Verb::set) return fmt::format("PUT txn set state key ({})", what);
  return fmt::format("PUT txn cas state key, index of {} ({})", index.describe(names), what);
}
std::string Consul::DeleteState::describe(const Names&) const { return "DELETE state key"; }
std::string Consul::ListWorkspaces::describe(const Names&) const { return "GET keys of workspaces"; }
std::string Consul::FailHealthCheck::describe(const Names&) const {
  return "invalidates the session that holds the lock";
}

std::string Consul::Response::describe(const Names& names) const {
  switch (status) {
    case Status::ok:
      if (!holder.empty()) return fmt::format("200, held by {}", session_text(holder, names));
      if (!info.empty()) return fmt::format("200, {}", session_text(info.id, names));
      if (state.exists())
        return fmt::format("200, {}{}", is_pointer != 0 ? "pointer to " : "", state.describe(names));
      return "200";
    case Status::no:
      return "200 false";
    case Status::not_found:
      return "404";
    case Status::forbidden:
      return "403";
    case Status::unchanged:
      return "nothing yet";
    case Status::too_large:
      return "413 too large";
    case Status::too_many_requests:
      return "429";
    case Status::invalid_session:
      return "500 invalid session";
    case Status::no_leader:
      return "500 No cluster leader";
    case Status::no_answer:
      return "no answer";
  }
  return "";
}

std::string_view Consul::operation(const Request& request) {
  constexpr auto kNames = sim::text_for_each<Request>(
      {"session create", "session destroy", "get .lock", "watch .lock", "acquire", "release", "delete .lock",
       "get .lockinfo", "put .lockinfo", "delete .lockinfo", "get state", "get chunk", "put chunk",
       "delete chunks", "write state", "delete state", "list workspaces", "lose session"});
  return kNames[request.index()];
}

std::string Consul::Value::describe(const sim::ProcessNames& names) const {
  std::string open;
  for (const Session& session : sessions) {
    if (!session.exists()) continue;
    open += fmt::format("{}{}{}", open.empty() ? "" : ", ", names.name(session.id.owner),
                        session.in_doubt != 0 ? " (may have expired)" : "");
  }
  return contents_text({{"state", state.describe(names) + (is_pointer != 0 ? ", in chunks" : "")},
                        {".lock", holder.empty() ? "free" : "session of " + holder.describe(names)},
                        {".lockinfo", info.describe(names)},
                        {"sessions", open},
                        {"lock-delay", delayed != 0 ? "may be in force" : ""}});
}

sim::RequestFacts Consul::about(const Request& request) {
  constexpr auto kFacts = sim::one_for_each<Request, sim::RequestFacts>({
      {"session"},
      {"session", sim::LockUse::releases},
      {".lock", sim::LockUse::looks},
      {".lock"},
      {".lock", sim::LockUse::asks},
      {".lock", sim::LockUse::releases},
      {".lock", sim::LockUse::releases},
      {".lockinfo", sim::LockUse::looks},
      {".lockinfo", sim::LockUse::notes},
      {".lockinfo", sim::LockUse::notes},
      {"state"},
      {"chunk"},
      {"chunk"},
      {"chunks"},
      {"state"},
      {"state"},
      {"workspaces"},
      {"session", sim::LockUse::releases},
  });
  return kFacts[request.index()];
}

sim::AnswerFacts Consul::told(const Request&, const Response& response) {
  Response bare;
  bare.status = response.status;
  const sim::Who owner = response.info.empty() ? response.holder.owner : response.info.id.owner;
  return {status_text(bare), response.status != Status::ok && response.status != Status::unchanged, owner,
          version_facts(response.state)};
}

}  // namespace lockstorm::models
