// Lock, get, put and unlock of the lease client; how it renews is in lease_renewer.cpp, and how it waits in a
// queue in lease_queue.cpp.
#include "models/backends/lease_client.hpp"

namespace lockstorm::models {
namespace {

using Compare = LeaseStore::Compare;
using Mode = LeaseStore::Mode;
using Status = LeaseStore::Status;

// One tick: long enough for a request that is on its way, if nothing is late.
constexpr std::chrono::seconds kSettling{1};

LockResult refusal(const LeaseStore::Response& answer) {
  if (answer.holder.empty()) return {LockStatus::refused_without_info, {}};
  return {LockStatus::refused, answer.holder};
}

}  // namespace

LeaseStore::Response LeaseClient::call(sim::Process& self, const LeaseStore::Request& request) const {
  const auto reply = self.call(store_, request);
  if (reply.answered()) return *reply;
  Response nothing;
  nothing.status = Status::failed;
  return nothing;
}

// With a clock a job begins when somebody starts it, which may be while another one's lease runs.
DoneResult LeaseClient::open(sim::Process& self) const {
  HeldLease lease = held(self);
  if (lease.patience == HeldLease::Patience::over) {
    lease.patience = HeldLease::Patience::some;
    self.keep(memory_, lease);
  }
  if (options_.lease_ticks > 0) self.work();
  return {Done::ok};
}

LockResult LeaseClient::lock(sim::Process& self, const LockInfo& info) const {
  switch (options_.acquire) {
    case LeaseOptions::Acquire::at_once:
    case LeaseOptions::Acquire::two_steps:
      return acquire_now(self, info);
    case LeaseOptions::Acquire::queue:
      return wait_in_queue(self, info);
    case LeaseOptions::Acquire::write_sleep_read:
      return write_sleep_read(self, info);
  }
  return {};
}

LockResult LeaseClient::acquire_now(sim::Process& self, const LockInfo& info) const {
  const bool two_steps = options_.acquire == LeaseOptions::Acquire::two_steps;
  const LeaseStore::Acquire acquire{info, Mode::create, static_cast<std::uint16_t>(two_steps)};
  Response answer = call(self, acquire);
  const bool nameless = answer.status == Status::held && answer.holder.empty();
  if (nameless && options_.breaks_nameless) {
    call(self, LeaseStore::BreakNameless{});
    answer = call(self, acquire);
  }
  if (answer.status != Status::ok) return not_acquired(self, info, answer);
  if (two_steps && call(self, LeaseStore::WriteMetadata{info}).status != Status::ok) {
    call(self, LeaseStore::Release{info.id, answer.token, options_.release_compares});
    return {LockStatus::failed, {}};
  }
  return granted(self, info, answer.token);
}

// An acquire that got no answer may have been done, and its repetition meets its own lock.
LockResult LeaseClient::not_acquired(sim::Process& self, const LockInfo& info, const Response& answer) const {
  if (options_.looks_after_conflict && (answer.status != Status::held || answer.holder.id == info.id)) {
    const Response seen = call(self, LeaseStore::Look{info.id});
    if (seen.status == Status::ok && seen.is_there != 0) return granted(self, info, seen.token);
  }
  if (options_.refused_cleans_up) call(self, LeaseStore::Release{info.id, 0, options_.release_compares});
  return answer.status == Status::held ? refusal(answer) : LockResult{LockStatus::failed, {}};
}

// Looks whether there is a lock, writes its own without a condition, waits until everybody else who had seen
// none has written, too, and takes whose lock it reads then for the one that counts.
LockResult LeaseClient::write_sleep_read(sim::Process& self, const LockInfo& info) const {
  const Response before = call(self, LeaseStore::Look{info.id});
  if (before.status != Status::ok) return {LockStatus::failed, {}};
  if (before.locked != 0) return refusal(before);
  if (call(self, LeaseStore::Acquire{info, Mode::overwrite}).status != Status::ok)
    return {LockStatus::failed, {}};
  self.sleep(kSettling);
  const Response after = call(self, LeaseStore::Look{info.id});
  if (after.status != Status::ok) return {LockStatus::failed, {}};
  return after.is_there != 0 ? granted(self, info, after.token) : refusal(after);
}

LockResult LeaseClient::granted(sim::Process& self, const LockInfo& info, std::uint16_t token) const {
  self.keep(memory_, HeldLease{.id = info.id, .token = token, .holding = 1, .patience = held(self).patience});
  return {LockStatus::granted, info};
}

// Planning and applying take as long as they like, and a lease may run out meanwhile.
GetResult LeaseClient::get(sim::Process& self) const {
  const HeldLease lease = recall(self);
  const Response read =
      call(self, LeaseStore::ReadState{options_.reads_register ? lease.token : std::uint16_t{0},
                                       static_cast<std::uint16_t>(options_.reads_register)});
  if (read.status != Status::ok) return {GetStatus::failed, {}};
  if (lease.holding != 0 && options_.lease_ticks > 0) self.work();
  return {read.state.exists() ? GetStatus::found : GetStatus::absent, read.state};
}

DoneResult LeaseClient::put(sim::Process& self, const StateSnapshot& snapshot,
                            const StateSnapshot& /*read*/) const {
  for (;;) {
    const HeldLease lease = recall(self);
    if (lease.lost != HeldLease::Lost::no) return {Done::failed};
    const Response written =
        call(self, LeaseStore::WriteState{snapshot, lease.id, lease.token, options_.write_compares});
    if (written.status == Status::ok) return {Done::ok};
    // A renewal of its own may have given the lock another token meanwhile.
    if (written.status != Status::not_there || !learn_own_token(self, lease.token)) return {Done::failed};
  }
}

DoneResult LeaseClient::unlock(sim::Process& self, const LockId& id) const {
  if (recall(self).id != id) return unlock_by_force(self, id);
  HeldLease lease = held(self);
  lease.holding = 0;
  self.keep(memory_, lease);
  if (options_.waits_for_beat) self.wait_until([this, &self] { return held(self).beating == 0; });
  for (;;) {
    lease = recall(self);
    if (lease.lost == HeldLease::Lost::gone) return {Done::failed};
    const Response released = call(self, LeaseStore::Release{id, lease.token, options_.release_compares});
    if (released.status == Status::ok) return {Done::ok};
    if (released.status != Status::not_there || !learn_own_token(self, lease.token)) return {Done::failed};
  }
}

// False: the lock has no other token than the one that was refused, it is not its own any more, or nobody
// says.
bool LeaseClient::learn_own_token(sim::Process& self, std::uint16_t refused) const {
  if (!options_.looks_after_conflict) return false;
  const Response seen = call(self, LeaseStore::Look{recall(self).id});
  if (seen.status != Status::ok || seen.is_there == 0 || !seen.ahead.empty()) return false;
  HeldLease lease = held(self);
  lease.token = seen.token;
  self.keep(memory_, lease);
  return seen.token != refused;
}

// A process that holds nothing knows the id alone, from the message that it was shown.
DoneResult LeaseClient::unlock_by_force(sim::Process& self, const LockId& id) const {
  const Response seen = call(self, LeaseStore::Look{id});
  if (seen.status != Status::ok || seen.is_there == 0) return {Done::failed};
  const Compare compare =
      options_.release_compares == Compare::token ? Compare::holder : options_.release_compares;
  return {call(self, LeaseStore::Release{id, 0, compare}).status == Status::ok ? Done::ok : Done::failed};
}

LockInfo LeaseClient::shown_lock(sim::Process& self) const {
  const Response seen = call(self, LeaseStore::Look{});
  return seen.status == Status::ok && seen.locked != 0 ? seen.holder : LockInfo{};
}

// A lock that names nobody, and that no lease ends, gives no id to unlock it with.
bool LeaseClient::is_blocked(sim::Process& self) const {
  if (options_.leases || options_.breaks_nameless) return false;
  const Response seen = call(self, LeaseStore::Look{});
  return seen.status == Status::ok && seen.locked != 0 && seen.holder.empty();
}

}  // namespace lockstorm::models
