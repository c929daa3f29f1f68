// State transfer on the lock table's world, and what can be done about a lock that somebody left behind; the
// clients are in lock_table_client.cpp.
#include "models/backends/lock_table.hpp"

namespace lockstorm::models {
namespace {

using Condition = LockTable::Condition;
using Update = LockTable::Update;

}  // namespace

// One attempt of a client without patience; nobody needs more, see `run_lock_table_client`.
LockResult LockTableBackend::lock(sim::Process& self, const LockInfo& info) const {
  const LockTable::UpdateItem acquire{
      .update = Update::acquire, .condition = Condition::is_free, .owner = info.id};
  if (succeeded(call(self, acquire))) return {LockStatus::granted, info};
  return {LockStatus::refused_without_info, {}};
}

// 5.2.2, or the State attribute of the lock's own item (5.4.3).
GetResult LockTableBackend::get(sim::Process& self) const {
  if (options_.fenced()) {
    const auto item = call(self, LockTable::GetItem{LockTable::Projection::state, 1});
    if (!succeeded(item)) return {GetStatus::failed, {}};
    return {item.response.state.exists() ? GetStatus::found : GetStatus::absent, item.response.state};
  }
  const auto object = call(self, S3::GetObject{S3::Object::state});
  if (object.answered == 0) return {GetStatus::failed, {}};
  if (object.response.status == S3::Status::not_found) return {GetStatus::absent, {}};
  if (object.response.status != S3::Status::ok) return {GetStatus::failed, {}};
  return {GetStatus::found, object.response.state};
}

// 5.2.2: unconditional. The corrected protocol writes only under its lock, see the client.
DoneResult LockTableBackend::put(sim::Process& self, const StateSnapshot& snapshot,
                                 const StateSnapshot&) const {
  const auto answer = call(self, S3::PutState{snapshot, {}, S3::Condition::none});
  return {answer.answered != 0 && answer.response.status == S3::Status::ok ? Done::ok : Done::failed};
}

// The table of L0 and L1 does not say whose lock it is; the person who looks asks the CI which job it was.
LockInfo LockTableBackend::shown_lock(sim::Process& self) const {
  const auto item = call(self, LockTable::GetItem{LockTable::Projection::everything, 1});
  if (!succeeded(item) || item.response.row.is_locked == 0) return {};
  return {item.response.row.owner, LockOperation::apply};
}

// L0 knows no way to get rid of a lock (L0-3); L1 and 5.4 do it themselves once the lock is old enough.
DoneResult LockTableBackend::unlock(sim::Process& self, const LockId& id) const {
  if (options_.operator_clears) return clear_by_hand(self, id);
  if (options_.take_over == TakeOver::never) return {Done::failed};
  return recover_by_age(self);
}

// L1 and 5.4: whoever comes once the lock is old enough.
DoneResult LockTableBackend::outwait(sim::Process& self) const {
  return options_.take_over == TakeOver::never ? DoneResult{} : recover_by_age(self);
}

void guard_take_over(LockTable::UpdateItem& update, TakeOver take_over, const LockTable::Row& seen) {
  switch (take_over) {
    case TakeOver::never:
    case TakeOver::always:
      break;
    case TakeOver::if_locked:
      update.condition = Condition::is_locked;
      break;
    case TakeOver::if_last_modified:
      update.condition = Condition::last_modified;
      update.expected_last_modified = seen.last_modified;
      break;
    case TakeOver::if_epoch:
      update.condition = Condition::epoch_and_beat;
      update.expected_epoch = seen.epoch;
      update.expected_beat = seen.beat;
      break;
  }
}

// In the console: edit the item. With an Owner the edit can be made conditional on the one that was looked
// at.
DoneResult LockTableBackend::clear_by_hand(sim::Process& self, const LockId& id) const {
  LockTable::UpdateItem clear{.update = Update::release, .condition = Condition::is_locked, .owner = id};
  if (options_.fenced()) clear.condition = Condition::owner;
  return {succeeded(call(self, clear)) ? Done::ok : Done::failed};
}

// What the next client does after any length of time: take the lock over as the protocol has it, and release
// it.
DoneResult LockTableBackend::recover_by_age(sim::Process& self) const {
  const auto item = call(self, LockTable::GetItem{LockTable::Projection::everything, 1});
  if (!succeeded(item) || item.response.row.is_locked == 0) return {Done::failed};
  LockTable::UpdateItem update{.update = Update::take_over, .owner = {sim::Who::me(), 0}};
  guard_take_over(update, options_.take_over, item.response.row);
  if (!succeeded(call(self, update))) return {Done::failed};
  update.update = Update::release;
  update.condition = Condition::is_locked;
  return {succeeded(call(self, update)) ? Done::ok : Done::failed};
}

}  // namespace lockstorm::models
