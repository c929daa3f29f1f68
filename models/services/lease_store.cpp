// Transitions of the lease store; its texts are in lease_store_text.cpp.
#include "models/services/lease_store.hpp"

#include <algorithm>

#include "models/services/no_room.hpp"
#include "models/services/state_write.hpp"

namespace lockstorm::models {
namespace {

using Compare = LeaseStore::Compare;
using Entry = LeaseStore::Entry;
using Response = LeaseStore::Response;
using Status = LeaseStore::Status;

sim::Effect<Response> answered(Status status, sim::Tags tags = 0) {
  Response response;
  response.status = status;
  return {response, tags};
}

// Entries that are there stand in front, in their order.
template <class Gone>
void remove_if(LeaseStore::Value& value, Gone gone) {
  const auto rest =
      std::ranges::remove_if(value.queue, [&](const Entry& entry) { return !entry.exists() || gone(entry); });
  std::ranges::fill(rest, Entry{});
  value.promote();
}

bool is_in_doubt(const LeaseStore::Value& value) {
  return std::ranges::any_of(value.queue,
                             [](const Entry& entry) { return entry.exists() && entry.in_doubt != 0; });
}

class Transition {
 public:
  Transition(const LeaseStore& store, LeaseStore::Value& value, sim::Who caller)
      : store_(store), value_(value), caller_(caller) {}

  sim::Effect<Response> operator()(const LeaseStore::Acquire& acquire) {
    sim::Tags tags = 0;
    const Entry before = holder();
    if (acquire.mode == LeaseStore::Mode::create && before.exists()) return refused();
    if (acquire.mode == LeaseStore::Mode::overwrite && before.exists()) {
      if (before.info.id != acquire.info.id) tags = robs(before);
      value_.erase(before.info.id);
    }
    if (value_.find(acquire.info.id) == nullptr) append(acquire);
    return {placed(acquire.info.id), tags};
  }

  // The metadata is written whoever has the lock by now; only in its own lock does it say anything.
  sim::Effect<Response> operator()(const LeaseStore::WriteMetadata& write) {
    if (Entry* own = value_.find(write.info.id)) own->nameless = 0;
    return {};
  }

  sim::Effect<Response> operator()(const LeaseStore::Renew& renew) {
    Entry* entry = meant(renew.compare, renew.id, renew.token);
    if (entry == nullptr) {
      if (!store_.renewal_creates || holder().exists()) return answered(Status::not_there);
      append({{renew.id, LockOperation::apply}});
      entry = value_.find(renew.id);
    }
    // Who makes another's lock last longer alters it.
    const sim::Tags tags =
        entry->info.id == renew.id ? sim::Tags{0} : sim::Tags{checkers::kTouchesForeignLock};
    if (store_.ignores_renewals) return answered(Status::ok);
    entry->left = whole_lease();
    if (store_.token_each_renewal) entry->token = ++value_.last_token;
    Response response;
    if (store_.renewal_answers_token) response.token = entry->token;
    return {response, tags};
  }

  sim::Effect<Response> operator()(const LeaseStore::Release& release) {
    const Entry* entry = meant(release.compare, release.id, release.token);
    if (entry == nullptr) return answered(Status::not_there);
    const bool foreign = entry->info.id != release.id;
    value_.erase(LockId(entry->info.id));
    return answered(Status::ok, foreign ? sim::Tags{checkers::kTouchesForeignLock} : sim::Tags{0});
  }

  sim::Effect<Response> operator()(const LeaseStore::Look& look) { return {placed(look.id), 0}; }

  sim::Effect<Response> operator()(const LeaseStore::BreakNameless&) {
    const Entry before = holder();
    if (!before.exists() || before.nameless == 0) return answered(Status::not_there);
    value_.erase(before.info.id);
    return answered(Status::ok, robs(before));
  }

  sim::Effect<Response> operator()(const LeaseStore::ReadState& read) {
    if (read.registers != 0) value_.newest_seen = std::max(value_.newest_seen, read.token);
    Response response;
    response.state = value_.state;
    return {response, checkers::kReadsState};
  }

  sim::Effect<Response> operator()(const LeaseStore::WriteState& write) {
    if (!may_write(write)) return answered(Status::not_there);
    if (write.compare == Compare::newest) value_.newest_seen = write.token;
    const sim::Tags tags = state_write_tags(value_.state, write.state, caller_);
    value_.state = write.state;
    return {{}, tags};
  }

 private:
  [[nodiscard]] const Entry& holder() const { return value_.queue.front(); }

  [[nodiscard]] std::uint16_t whole_lease() const {
    return store_.leases && store_.lease_ticks > 0 ? static_cast<std::uint16_t>(store_.lease_ticks + 1)
                                                   : std::uint16_t{0};
  }

  void append(const LeaseStore::Acquire& acquire) {
    const auto place = std::ranges::find_if(value_.queue, [](const Entry& entry) { return !entry.exists(); });
    if (place == value_.queue.end()) no_room("clients that wait for a lease");
    *place = {acquire.info, 0, whole_lease(), 0, acquire.nameless};
    if (store_.leases && store_.lease_ticks == 0 && value_.ended.contains(acquire.info.id.owner))
      place->in_doubt = 1;
    value_.promote();
  }

  Entry* meant(Compare compare, const LockId& id, std::uint16_t token) {
    Entry* entry = compare == Compare::nothing ? &value_.queue.front() : value_.find(id);
    if (entry == nullptr || !entry->exists()) return nullptr;
    return compare == Compare::token && entry->token != token ? nullptr : entry;
  }

  [[nodiscard]] bool may_write(const LeaseStore::WriteState& write) const {
    switch (write.compare) {
      case Compare::nothing:
        return true;
      case Compare::holder:
        return holder().exists() && holder().info.id == write.id;
      case Compare::token:
        return holder().exists() && holder().info.id == write.id && holder().token == write.token;
      case Compare::newest:
        return write.token >= value_.newest_seen;
    }
    return false;
  }

  // Who takes a lock away from its owner, or writes over it, without a look at its lease.
  [[nodiscard]] sim::Tags robs(const Entry& entry) const {
    if (entry.info.id.owner == caller_ || value_.ended.contains(entry.info.id.owner)) return 0;
    return static_cast<sim::Tags>(checkers::kTouchesForeignLock | checkers::kRobsLiveLease);
  }

  [[nodiscard]] Response placed(const LockId& id) const {
    Response response;
    response.locked = holder().exists() ? 1 : 0;
    response.token = holder().token;
    if (holder().nameless == 0) response.holder = holder().info;
    for (std::size_t i = 0; i < value_.queue.size(); ++i) {
      if (!value_.queue[i].exists() || value_.queue[i].info.id != id) continue;
      response.is_there = 1;
      if (i > 0) response.ahead = value_.queue[i - 1].info.id;
    }
    return response;
  }

  [[nodiscard]] sim::Effect<Response> refused() const {
    Response response = placed({});
    response.status = Status::held;
    return {response, 0};
  }

  const LeaseStore& store_;
  LeaseStore::Value& value_;
  sim::Who caller_;
};

}  // namespace

const Entry* LeaseStore::Value::find(const LockId& id) const {
  const auto* const found =
      std::ranges::find_if(queue, [&](const Entry& entry) { return entry.exists() && entry.info.id == id; });
  return found == queue.end() ? nullptr : found;
}

Entry* LeaseStore::Value::find(const LockId& id) { return const_cast<Entry*>(std::as_const(*this).find(id)); }

void LeaseStore::Value::erase(const LockId& id) {
  remove_if(*this, [&](const Entry& entry) { return entry.info.id == id; });
}

void LeaseStore::Value::promote() {
  Entry& first = queue.front();
  if (first.exists() && first.token == 0) first.token = ++last_token;
}

LeaseStore::Value LeaseStore::initial() const {
  Value value;
  value.state = initial_state;
  value.leader_changes_left = leader_changes;
  return value;
}

unsigned LeaseStore::alternatives(const Value& value, const Request& /*request*/) const {
  return 1U + (is_in_doubt(value) ? 1U : 0U) + (value.leader_changes_left > 0 ? 1U : 0U);
}

sim::Effect<Response> LeaseStore::apply(Value& value, sim::Slot caller, const Request& request,
                                        unsigned alternative) const {
  const bool doubt = is_in_doubt(value);
  if (alternative > (doubt ? 1U : 0U)) {
    --value.leader_changes_left;
    for (Entry& entry : value.queue) {
      if (entry.left > 0) entry.left = static_cast<std::uint16_t>(lease_ticks + 1);
    }
    const bool all = leases && new_leader == NewLeader::forgets_leases;
    const bool waiters = leases && new_leader == NewLeader::forgets_waiters;
    const LockId holder = value.queue.front().info.id;
    remove_if(value, [&](const Entry& entry) { return all || (waiters && entry.info.id != holder); });
    return answered(Status::no_leader);
  }
  if (doubt && alternative == 0) remove_if(value, [](const Entry& entry) { return entry.in_doubt != 0; });
  return std::visit(Transition(*this, value, sim::Who::process(caller)), request);
}

Response LeaseStore::refuse(const Request&, sim::Refusal kind) {
  return answered(kind == sim::Refusal::throttled ? Status::throttled : Status::failed).response;
}

void LeaseStore::tick(Value& value) const {
  for (Entry& entry : value.queue) {
    if (entry.left > 0 && --entry.left == 0) entry = {};
  }
  remove_if(value, [](const Entry&) { return false; });
}

void LeaseStore::process_ended(Value& value, sim::Slot slot) const {
  value.ended.insert(sim::Who::process(slot));
  process_paused(value, slot, true);
}

void LeaseStore::process_started(Value& value, sim::Slot slot) { value.ended.erase(sim::Who::process(slot)); }

// With a clock it is the clock that ends leases.
void LeaseStore::process_paused(Value& value, sim::Slot slot, bool paused) const {
  if (!paused || !leases || lease_ticks > 0) return;
  for (Entry& entry : value.queue) {
    if (entry.exists() && entry.info.id.owner == sim::Who::process(slot)) entry.in_doubt = 1;
  }
}

void LeaseStore::settled(Value& value) const {
  if (!leases) return;
  remove_if(value, [&](const Entry& entry) { return entry.left > 0 || entry.in_doubt != 0; });
}

sim::SlotSet LeaseStore::holders(const Value& value) const {
  const Entry& holder = value.queue.front();
  return holder.exists() && holder.in_doubt == 0 ? sim::only(holder.info.id.owner) : sim::SlotSet{0};
}

sim::RanOut LeaseStore::ran_out(const Value& before, const Request& /*request*/, unsigned alternative,
                                const Value& /*after*/) {
  if (alternative != 0) return {};
  sim::SlotSet owners = 0;
  for (const Entry& entry : before.queue) {
    if (entry.exists() && entry.in_doubt != 0)
      owners = static_cast<sim::SlotSet>(owners | sim::only(entry.info.id.owner));
  }
  return {owners, "lease"};
}

}  // namespace lockstorm::models
