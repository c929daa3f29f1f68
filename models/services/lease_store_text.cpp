// How the lease store's requests and answers read in a report.
#include <fmt/format.h>

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "models/services/lease_store.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

using Compare = LeaseStore::Compare;
using Mode = LeaseStore::Mode;
using Status = LeaseStore::Status;

std::string condition_text(Compare compare, const LockId& id, std::uint16_t token,
                           const sim::ProcessNames& names) {
  switch (compare) {
    case Compare::nothing:
      return fmt::format(" (meaning {})", id.describe(names));
    case Compare::holder:
      return fmt::format(" if it is {}", id.describe(names));
    case Compare::token:
      return fmt::format(" if it is {} with token {}", id.describe(names), token);
    case Compare::newest:
      return fmt::format(" if no token is newer than {}", token);
  }
  return {};
}

}  // namespace

std::string_view LeaseStore::operation(const Request& request) {
  constexpr auto kNames =
      sim::text_for_each<Request>({"acquire", "write metadata", "renew", "release", "look",
                                   "break nameless lock", "read state", "write state"});
  return kNames[request.index()];
}

std::string LeaseStore::Acquire::describe(const sim::ProcessNames& names) const {
  constexpr auto kWays =
      sim::text_for_each<Mode>({"acquire if free", "acquire, whatever there is", "queue for the lock"});
  return fmt::format("{}{} ({})", kWays[static_cast<std::size_t>(mode)],
                     nameless != 0 ? ", without metadata" : "", info.describe(names));
}
std::string LeaseStore::WriteMetadata::describe(const sim::ProcessNames& names) const {
  return fmt::format("write metadata ({})", info.describe(names));
}
std::string LeaseStore::Renew::describe(const sim::ProcessNames& names) const {
  return "renew" + condition_text(compare, id, token, names);
}
std::string LeaseStore::Release::describe(const sim::ProcessNames& names) const {
  return "release" + condition_text(compare, id, token, names);
}
std::string LeaseStore::Look::describe(const sim::ProcessNames& names) const {
  return id.owner.is_me() || id.empty() ? std::string("look at the lock")
                                        : fmt::format("look for {}", id.describe(names));
}
std::string LeaseStore::BreakNameless::describe(const sim::ProcessNames&) const {
  return "delete the lock if it names nobody";
}
std::string LeaseStore::ReadState::describe(const sim::ProcessNames&) const {
  return registers != 0 ? fmt::format("read state with token {}", token) : "read state";
}
std::string LeaseStore::WriteState::describe(const sim::ProcessNames& names) const {
  const std::string condition =
      compare == Compare::nothing ? std::string() : condition_text(compare, id, token, names);
  return fmt::format("write state{} ({})", condition, state.describe(names));
}

std::string LeaseStore::Response::describe(const sim::ProcessNames& names) const {
  switch (status) {
    case Status::ok:
      break;
    case Status::held:
      return holder.empty() ? std::string("held, by whom is not said")
                            : fmt::format("held: {}", holder.describe(names));
    case Status::not_there:
      return "no such lock";
    case Status::throttled:
      return "throttled";
    case Status::failed:
      return "error";
    case Status::no_leader:
      return "no leader";
  }
  if (state.exists()) return state.describe(names);
  if (!ahead.empty()) return fmt::format("ok, behind {}", ahead.describe(names));
  if (!holder.empty() && is_there == 0) return holder.describe(names);
  return token != 0 ? fmt::format("ok, token {}", token) : "ok";
}

std::string LeaseStore::Value::describe(const sim::ProcessNames& names) const {
  const auto entry_text = [&](const Entry& entry) {
    return fmt::format("{}, token {}{}", entry.info.describe(names), entry.token,
                       entry.nameless != 0 ? ", without metadata" : "");
  };
  std::string waiting;
  for (std::size_t i = 1; i < queue.size() && queue[i].exists(); ++i)
    waiting += (waiting.empty() ? "" : ", ") + queue[i].info.describe(names);
  return contents_text({{"lock", queue.front().exists() ? entry_text(queue.front()) : "free"},
                        {"waiting", waiting},
                        {"state", state.describe(names)}});
}

sim::RequestFacts LeaseStore::about(const Request& request) {
  constexpr auto kFacts = sim::one_for_each<Request, sim::RequestFacts>({
      {"lock", sim::LockUse::asks},
      {"metadata", sim::LockUse::notes},
      {"lock", sim::LockUse::renews},
      {"lock", sim::LockUse::releases},
      {"lock", sim::LockUse::looks},
      {"lock", sim::LockUse::releases},
      {"state"},
      {"state"},
  });
  return kFacts[request.index()];
}

sim::AnswerFacts LeaseStore::told(const Request&, const Response& response) {
  constexpr auto kNames =
      sim::text_for_each<Status>({"ok", "held", "no such lock", "throttled", "error", "no leader"});
  return {std::string(kNames[static_cast<std::size_t>(response.status)]), response.status != Status::ok,
          response.holder.id.owner, version_facts(response.state), response.locked != 0};
}

}  // namespace lockstorm::models
