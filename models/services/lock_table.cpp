// Transitions of the lock table's item; its texts are in lock_table_text.cpp.
#include "models/services/lock_table.hpp"

#include <algorithm>

#include "checkers/tags.hpp"
#include "models/services/state_write.hpp"

namespace lockstorm::models {
namespace {

using Condition = LockTable::Condition;
using Projection = LockTable::Projection;
using Response = LockTable::Response;
using Row = LockTable::Row;
using Status = LockTable::Status;
using Update = LockTable::Update;

bool holds(const LockTable::UpdateItem& update, const Row& row) {
  const bool locked = row.is_locked != 0;
  switch (update.condition) {
    case Condition::none:
      return true;
    case Condition::is_free:
      return !locked;
    case Condition::is_locked:
      return locked;
    case Condition::last_modified:
      return locked && row.last_modified == update.expected_last_modified;
    case Condition::owner:
      return locked && row.owner == update.owner;
    case Condition::owner_and_epoch:
      return locked && row.owner == update.owner && row.epoch == update.expected_epoch;
    case Condition::epoch_and_beat:
      return locked && row.epoch == update.expected_epoch && row.beat == update.expected_beat;
  }
  return false;
}

class Transition {
 public:
  Transition(const LockTable& table, LockTable::Value& value, sim::Who caller, unsigned alternative)
      : table_(table), value_(value), caller_(caller), stale_(alternative == 1) {}

  sim::Effect<Response> operator()(const LockTable::GetItem& get) const {
    const Row& row = stale_ ? value_.older : value_.row;
    Response response;
    response.is_read = 1;
    response.row.exists = row.exists;
    response.row.is_locked = row.is_locked;
    switch (get.projection) {
      case Projection::age:
        response.row.last_modified = row.last_modified;
        break;
      case Projection::owner:
        response.row.owner = row.owner;
        response.row.epoch = row.epoch;
        response.row.beat = row.beat;
        break;
      case Projection::state:
        return {{Status::ok, {}, value_.state, 1}, checkers::kReadsState};
      case Projection::everything:
        response.row = row;
        break;
    }
    return {response, 0};
  }

  sim::Effect<Response> operator()(const LockTable::UpdateItem& update) {
    if (!holds(update, value_.row)) return {{Status::conditional_check_failed, {}, {}}, 0};
    const sim::Tags tags = tags_of(update);
    if (table_.eventual_reads) value_.older = value_.row;
    Response response;
    switch (update.update) {
      case Update::acquire:
      case Update::take_over:
        response.row.epoch = lock(update);
        break;
      case Update::release:
        release(update);
        break;
      case Update::heartbeat:
        beat(update);
        break;
      case Update::put_state:
        value_.state = update.state;
        break;
    }
    return {response, tags};
  }

 private:
  // The lock stands in somebody else's name than the one the client means.
  [[nodiscard]] bool is_foreign(const LockTable::UpdateItem& update) const {
    return value_.row.is_locked != 0 && value_.row.owner != update.owner;
  }

  [[nodiscard]] sim::Tags tags_of(const LockTable::UpdateItem& update) const {
    if (update.update == Update::put_state) return state_write_tags(value_.state, update.state, caller_);
    if (!is_foreign(update)) return 0;
    if (update.update != Update::take_over) return checkers::kTouchesForeignLock;
    return value_.lease_left > 0 ? sim::Tags{checkers::kRobsLiveLease} : sim::Tags{0};
  }

  std::uint16_t lock(const LockTable::UpdateItem& update) {
    Row& row = value_.row;
    row.exists = 1;
    row.is_locked = 1;
    row.owner = update.owner;
    row.beat = 0;
    if (table_.has_owner) ++row.epoch;
    set_last_modified(update);
    renew_lease(update);
    return row.epoch;
  }

  void release(const LockTable::UpdateItem& update) {
    value_.row.is_locked = 0;
    value_.row.owner = {};
    value_.row.beat = 0;  // whoever locks next starts with 0
    set_last_modified(update);
    value_.lease_left = 0;
  }

  void beat(const LockTable::UpdateItem& update) {
    if (value_.row.is_locked != 0 && !is_foreign(update)) renew_lease(update);
    if (table_.has_owner) ++value_.row.beat;
    set_last_modified(update);
  }

  // With Owner and Epoch nobody decides by LastModified; not keeping what nobody reads keeps the table small.
  void set_last_modified(const LockTable::UpdateItem& update) {
    if (!table_.has_owner) value_.row.last_modified = update.last_modified;
  }

  void renew_lease(const LockTable::UpdateItem& update) {
    if (table_.lease_ticks == 0) return;
    const Tick start = table_.lease_from_write ? value_.now : update.last_modified;
    const std::uint32_t end = start.count() + table_.lease_ticks + 1U;
    value_.lease_left = static_cast<std::uint16_t>(end - std::min(end, value_.now.count()));
  }

  const LockTable& table_;
  LockTable::Value& value_;
  sim::Who caller_;
  bool stale_;
};

}  // namespace

LockTable::Value LockTable::initial() const {
  Value value;
  value.row.exists = row_exists ? 1 : 0;
  if (eventual_reads) value.older = value.row;
  if (stale_lock || held_lock) {
    value.row.is_locked = 1;
    value.row.owner = {sim::Who::predecessor(), 0};
    value.row.epoch = has_owner ? 1 : 0;
  }
  if (held_lock && lease_ticks > 0) value.lease_left = static_cast<std::uint8_t>(lease_ticks + 1U);
  if (eventual_reads && !held_lock) value.older = value.row;
  value.state = initial_state;
  return value;
}

// 4.1.2: without ConsistentRead a read may miss the write before it.
unsigned LockTable::alternatives(const Value& value, const Request& request) const {
  const auto* get = std::get_if<GetItem>(&request);
  return get != nullptr && get->consistent_read == 0 && eventual_reads && value.older != value.row ? 2 : 1;
}

sim::Effect<Response> LockTable::apply(Value& value, sim::Slot caller, const Request& request,
                                       unsigned alternative) const {
  return std::visit(Transition(*this, value, sim::Who::process(caller), alternative), request);
}

// 4.1.4: throttling (400) does nothing; a 500 is ambiguous.
Response LockTable::refuse(const Request&, sim::Refusal kind) {
  return {kind == sim::Refusal::throttled ? Status::throttled : Status::server_error, {}, {}};
}

void LockTable::tick(Value& value) const {
  value.now = Tick::at(value.now.count() + 1);
  if (value.lease_left > 0) --value.lease_left;
  const bool renews = held_lock && value.row.owner.owner.is_predecessor();
  if (!renews || lease_ticks == 0 || value.now.count() % lease_ticks != 0) return;
  if (eventual_reads) value.older = value.row;
  if (has_owner) ++value.row.beat;
  if (!has_owner) value.row.last_modified = value.now;
  value.lease_left = static_cast<std::uint8_t>(lease_ticks + 1U);
}

sim::SlotSet LockTable::holders(const Value& value) const {
  const sim::Who holder = value.row.owner.owner;
  return value.row.is_locked == 0 || holder.is_predecessor() ? sim::SlotSet{0} : sim::only(holder);
}

}  // namespace lockstorm::models
