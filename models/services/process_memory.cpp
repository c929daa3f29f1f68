#include "models/services/process_memory.hpp"
#include "models/services/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

#include "models/services/no_room.hpp"
#include "models/services/state_write.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

using Entry = ProcessMemory::Entry;
using Response = ProcessMemory::Response;
using Status = ProcessMemory::Status;

// The entry of `who`, made where there is none.
Entry& entry_of(ProcessMemory::Value& value, sim::Who who) {
  auto found = std::ranges::find(value.entries, who, &Entry::process);
  if (found == value.entries.end())
    found = std::ranges::find(value.entries, sim::Who::nobody(), &Entry::process);
  if (found == value.entries.end()) no_room("processes with a memory");
  found->process = who;
  return *found;
}

class Transition {
 public:
  explicit Transition(Entry& own) : own_(own) {}

  sim::Effect<Response> operator()(const ProcessMemory::Start&) {
    own_ = {own_.process, 0, {}, {}};
    return {};
  }
  sim::Effect<Response> operator()(const ProcessMemory::Lock& lock) {
    if (!own_.lock.empty()) return {{Status::locked, {}, own_.lock}, 0};
    own_.lock = lock.info;
    return {};
  }
  sim::Effect<Response> operator()(const ProcessMemory::Unlock& unlock) {
    if (own_.lock.empty()) return {{Status::not_locked, {}, {}}, 0};
    if (own_.lock.id != unlock.id) return {{Status::invalid_id, {}, {}}, 0};
    own_.lock = {};
    return {};
  }
  sim::Effect<Response> operator()(const ProcessMemory::ReadLock&) {
    return {{Status::ok, {}, own_.lock}, 0};
  }
  // Whoever finds nothing in a fresh memory has not read what others hold in theirs.
  sim::Effect<Response> operator()(const ProcessMemory::Get&) {
    return {{Status::ok, own_.state, {}},
            own_.state.exists() ? sim::Tags{checkers::kReadsState} : sim::Tags{0}};
  }
  sim::Effect<Response> operator()(const ProcessMemory::Put& put) {
    const sim::Tags tags = state_write_tags(own_.state, put.state, own_.process);
    own_.state = put.state;
    return {{}, tags};
  }

 private:
  Entry& own_;
};

}  // namespace

// Empty places ("nobody") sort last; so do entries that say nothing, which become empty places.
void ProcessMemory::Value::normalise() {
  for (Entry& entry : entries) {
    if (entry.gone == 0 && !entry.state.exists() && entry.lock.empty()) entry = {};
  }
  std::ranges::sort(entries, std::greater<>{});
}

sim::Effect<Response> ProcessMemory::apply(Value& value, sim::Slot caller, const Request& request) const {
  Entry& own = entry_of(value, sim::Who::process(caller));
  if (own.gone != 0) return {{Status::no_process, {}, {}}, 0};
  const auto effect = std::visit(Transition(own), request);
  value.normalise();
  return effect;
}

// What the process knew is lost; that it is no more is remembered, for a dead process makes no calls.
void ProcessMemory::process_ended(Value& value, sim::Slot slot) const {
  Entry& own = entry_of(value, sim::Who::process(slot));
  own = {own.process, 1, {}, {}};
  value.normalise();
}

sim::SlotSet ProcessMemory::holders(const Value& value) const {
  sim::SlotSet holders = 0;
  for (const Entry& entry : value.entries) {
    if (!entry.lock.empty() && entry.lock.id.owner == entry.process) holders |= sim::only(entry.process);
  }
  return holders;
}

std::string_view ProcessMemory::operation(const Request& request) {
  constexpr auto kNames = sim::text_for_each<Request>({"start", "lock", "unlock", "read lock", "get", "put"});
  return kNames[request.index()];
}

std::string ProcessMemory::Start::describe(const sim::ProcessNames&) const {
  return "start with empty memory";
}
std::string ProcessMemory::Lock::describe(const sim::ProcessNames& names) const {
  return fmt::format("lock in memory ({})", info.describe(names));
}
std::string ProcessMemory::Unlock::describe(const sim::ProcessNames& names) const {
  return fmt::format("unlock in memory ({})", id.describe(names));
}
std::string ProcessMemory::ReadLock::describe(const sim::ProcessNames&) const {
  return "read the lock in memory";
}
std::string ProcessMemory::Get::describe(const sim::ProcessNames&) const {
  return "read the state in memory";
}
std::string ProcessMemory::Put::describe(const sim::ProcessNames& names) const {
  return fmt::format("keep the state in memory ({})", state.describe(names));
}

std::string ProcessMemory::Response::describe(const sim::ProcessNames& names) const {
  switch (status) {
    case Status::ok:
      if (state.exists()) return state.describe(names);
      return lock.empty() ? std::string("ok") : lock.describe(names);
    case Status::locked:
      return fmt::format("state locked: {}", lock.describe(names));
    case Status::not_locked:
      return "state not locked";
    case Status::invalid_id:
      return "invalid lock id";
    case Status::no_process:
      return "no process";
  }
  return "";
}

std::string ProcessMemory::Value::describe(const sim::ProcessNames& names) const {
  std::string line;
  for (const Entry& entry : entries) {
    if (entry.process.is_nobody()) continue;
    const std::string text =
        entry.gone != 0 ? "gone"
                        : fmt::format("{}, {}", entry.state.describe(names), entry.lock.describe(names));
    line += fmt::format("{}{}: {}", line.empty() ? "" : "; ", names.name(entry.process), text);
  }
  return line.empty() ? "every process: no state, no lock" : line;
}

sim::RequestFacts ProcessMemory::about(const Request& request) {
  constexpr auto kFacts = sim::one_for_each<Request, sim::RequestFacts>({
      {"memory"},
      {"lock", sim::LockUse::asks},
      {"lock", sim::LockUse::releases},
      {"lock", sim::LockUse::looks},
      {"state"},
      {"state"},
  });
  return kFacts[request.index()];
}

sim::AnswerFacts ProcessMemory::told(const Request&, const Response& response) {
  constexpr auto kNames =
      sim::text_for_each<Status>({"ok", "state locked", "state not locked", "invalid lock id", "no process"});
  return {std::string(kNames[static_cast<std::size_t>(response.status)]), response.status != Status::ok,
          response.lock.id.owner, version_facts(response.state)};
}

}  // namespace lockstorm::models
