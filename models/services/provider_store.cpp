#include "models/services/provider_store.hpp"

#include <fmt/format.h>

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "models/services/state_write.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

using Response = ProviderStore::Response;
using Status = ProviderStore::Status;

class ProviderTransition {
 public:
  ProviderTransition(ProviderStore::Value& value, sim::Who caller) : value_(value), caller_(caller) {}

  sim::Effect<Response> operator()(const ProviderStore::CreateLock& create) {
    if (!value_.lock.empty() && create.if_absent != 0) return {{Status::locked, {}, value_.lock}, 0};
    const bool is_foreign = !value_.lock.empty() && value_.lock.id != create.info.id;
    value_.lock = create.info;
    return {{}, is_foreign ? sim::Tags{checkers::kTouchesForeignLock} : sim::Tags{0}};
  }
  sim::Effect<Response> operator()(const ProviderStore::ReadLock&) {
    if (value_.lock.empty()) return {{Status::not_locked, {}, {}}, 0};
    return {{Status::ok, {}, value_.lock}, 0};
  }
  sim::Effect<Response> operator()(const ProviderStore::DeleteLock& remove) {
    if (value_.lock.empty()) return {{Status::not_locked, {}, {}}, 0};
    const bool is_foreign = value_.lock.id != remove.id;
    if (is_foreign && remove.only_this_one != 0) return {{Status::not_locked, {}, {}}, 0};
    value_.lock = {};
    return {{}, is_foreign ? sim::Tags{checkers::kTouchesForeignLock} : sim::Tags{0}};
  }
  sim::Effect<Response> operator()(const ProviderStore::ReadState&) {
    return {{Status::ok, value_.state, {}}, checkers::kReadsState};
  }
  sim::Effect<Response> operator()(const ProviderStore::WriteState& write) {
    if (write.is_fenced != 0 && value_.state != write.read) return {{Status::version_passed, {}, {}}, 0};
    if (write.needs_lock != 0 && value_.lock.id != write.lock) return {{Status::not_locked, {}, {}}, 0};
    const sim::Tags tags = state_write_tags(value_.state, write.state, caller_);
    value_.state = write.state;
    return {{}, tags};
  }

 private:
  ProviderStore::Value& value_;
  sim::Who caller_;
};

}  // namespace

sim::Effect<Response> ProviderStore::apply(Value& value, sim::Slot caller, const Request& request) const {
  return std::visit(ProviderTransition(value, sim::Who::process(caller)), request);
}

Response ProviderStore::refuse(const Request&, sim::Refusal kind) {
  // To the tool an error of the store is an error, whatever it is about: `failed` stands for both.
  return {kind == sim::Refusal::throttled ? Status::throttled : Status::failed, {}, {}};
}

sim::SlotSet ProviderStore::holders(const Value& value) const {
  if (!lock_here) return sim::kEverybody;
  return value.lock.empty() ? sim::SlotSet{0} : sim::only(value.lock.id.owner);
}

std::string_view ProviderStore::operation(const Request& request) {
  constexpr auto kNames =
      sim::text_for_each<Request>({"create lock", "read lock", "delete lock", "read state", "write state"});
  return kNames[request.index()];
}

std::string ProviderStore::CreateLock::describe(const sim::ProcessNames& names) const {
  return fmt::format("create lock{} ({})", if_absent != 0 ? " if absent" : "", info.describe(names));
}
std::string ProviderStore::ReadLock::describe(const sim::ProcessNames&) const { return "read lock"; }
std::string ProviderStore::DeleteLock::describe(const sim::ProcessNames& names) const {
  return only_this_one != 0 ? fmt::format("delete lock if it is {}", id.describe(names))
                            : fmt::format("delete lock (meaning {})", id.describe(names));
}
std::string ProviderStore::ReadState::describe(const sim::ProcessNames&) const { return "read state"; }
std::string ProviderStore::WriteState::describe(const sim::ProcessNames& names) const {
  return fmt::format("write state{}{} ({})", is_fenced != 0 ? " if it is still what was read" : "",
                     needs_lock != 0 ? " if the lock is still its own" : "", state.describe(names));
}

std::string ProviderStore::Response::describe(const sim::ProcessNames& names) const {
  switch (status) {
    case Status::ok:
      if (state.exists()) return state.describe(names);
      return lock.empty() ? std::string("ok") : lock.describe(names);
    case Status::locked:
      return fmt::format("locked: {}", lock.describe(names));
    case Status::not_locked:
      return "no such lock";
    case Status::throttled:
      return "throttled";
    case Status::failed:
      return "error";
    case Status::version_passed:
      return "another version";
  }
  return "";
}

std::string ProviderStore::Value::describe(const sim::ProcessNames& names) const {
  return contents_text({{"state", state.describe(names)}, {"lock", lock.describe(names)}});
}

sim::RequestFacts ProviderStore::about(const Request& request) {
  constexpr auto kFacts = sim::one_for_each<Request, sim::RequestFacts>({
      {"lock", sim::LockUse::asks},
      {"lock", sim::LockUse::looks},
      {"lock", sim::LockUse::releases},
      {"state"},
      {"state"},
  });
  return kFacts[request.index()];
}

sim::AnswerFacts ProviderStore::told(const Request&, const Response& response) {
  constexpr auto kNames =
      sim::text_for_each<Status>({"ok", "locked", "no such lock", "throttled", "error", "another version"});
  return {std::string(kNames[static_cast<std::size_t>(response.status)]), response.status != Status::ok,
          response.lock.id.owner, version_facts(response.state)};
}

}  // namespace lockstorm::models
