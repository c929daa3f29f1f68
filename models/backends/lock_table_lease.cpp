#include "models/backends/lock_table_lease.hpp"

#include "checkers/monitors.hpp"

namespace lockstorm::models {
namespace {

using Condition = LockTable::Condition;
using Status = LockTable::Status;
using Update = LockTable::Update;

constexpr std::chrono::seconds kBeat{1};  // one tick

// A turn of these loops leaves nothing behind but what is shared.
struct Turn {
  std::uint16_t nothing = 0;
};

}  // namespace

void LockTableLease::start_fibers() {
  if (!options_.heartbeat) return;
  self_.share(shared_);
  if (!options_.fenced()) {
    self_.spawn([this] { beat_now_and_then(); });
    return;
  }
  self_.spawn([this] { keep_time(); });
  self_.spawn([this] { send_beats(); });
}

bool LockTableLease::begin(const HeldLock& held) {
  shared_ = {.id = shared_.id, .held = held, .holding = 1};
  if (!options_.heartbeat || !options_.fenced()) return true;
  self_.wait_until([this] { return shared_.confirmed != 0 || shared_.over != Over::no; });
  return holds();
}

bool LockTableLease::end() {
  shared_.holding = 0;
  shared_.confirmed = shared_.age = 0;
  self_.wait_until(
      [this] { return shared_.beating == 0; });  // a beat of our own must not come after the release
  return shared_.over != Over::gone;
}

LockTable::UpdateItem LockTableLease::mine(Update what) const {
  LockTable::UpdateItem update{.update = what, .owner = shared_.id};
  if (options_.fenced()) {
    update.condition = Condition::owner_and_epoch;
    update.expected_epoch = shared_.held.epoch;
  } else if (what == Update::release && !options_.token_release) {
    update.condition = options_.conditional_release ? Condition::is_locked : Condition::none;
  } else if (what == Update::release || !options_.heartbeat_unconditional) {
    update.condition = Condition::last_modified;
    update.expected_last_modified = shared_.held.last_modified;
  }
  return update;
}

// The heartbeat of 5.3, a fiber of its own: it goes on while the apply is busy, and stops when the process is
// paused. Beats that nobody answers change nothing.
void LockTableLease::beat_now_and_then() {
  for (;;) {
    self_.forget(scope_tag::part, shared_.held);
    self_.wait_until([this] { return shared_.holding != 0 && shared_.over == Over::no; });
    self_.sleep(kBeat);
    if (shared_.holding == 0) continue;
    shared_.beating = 1;
    LockTable::UpdateItem update = mine(Update::heartbeat);
    update.last_modified = backend_.read_clock(self_);
    const auto answer = backend_.call(self_, update);
    shared_.beating = 0;
    if (succeeded(answer)) {
      shared_.held.last_modified = update.last_modified;
    } else if (answer.answered != 0 && answer.response.status == Status::conditional_check_failed) {
      lose(Over::gone);
    }
  }
}

// 5.4.4: the holder's monotonic clock is a timer that it sets again and again, which no step of the host's
// wall clock disturbs (L1-6, L1-12). A process that was paused counts too few ticks and does not know:
// against that there is the fence.
void LockTableLease::keep_time() {
  for (Turn turn;;) {
    self_.forget(scope_tag::part, turn);
    self_.wait_until([this] { return shared_.holding != 0 && shared_.over == Over::no; });
    count_tick();
    self_.sleep(kBeat);
  }
}

// Observers take over when they have seen one record for more than `lease_ticks` ticks, so that to stop after
// `lease_ticks` is a margin of one. A beat starts where the clock ticks, which makes its age exact.
void LockTableLease::count_tick() {
  if (shared_.confirmed != 0 && ++shared_.age >= options_.lease_ticks) return lose(Over::ran_out);
  if (shared_.beating != 0) {
    ++shared_.beat_age;
  } else {
    shared_.beating = 1;
  }
}

// A beat is sent once: the next one follows a tick later and is younger than a repetition would be.
void LockTableLease::send_beats() {
  for (Turn turn;;) {
    self_.forget(scope_tag::part, turn);
    self_.wait_until([this] { return shared_.beating != 0; });
    learn(backend_.call_once(self_, mine(Update::heartbeat)));
    shared_.beating = shared_.beat_age = 0;
  }
}

// No answer, or an error that may hide a success, confirms nothing.
void LockTableLease::learn(const SdkAnswer<LockTable::Response>& answer) {
  if (shared_.holding == 0 || shared_.over != Over::no) return;
  if (succeeded(answer) && shared_.beat_age < options_.lease_ticks) {
    shared_.confirmed = 1;
    shared_.age = shared_.beat_age;
  } else if (answer.answered != 0 && answer.response.status == Status::conditional_check_failed) {
    lose(Over::gone);
  }
}

void LockTableLease::lose(Over over) {
  shared_.over = over;
  shared_.confirmed = shared_.age = 0;
  self_.set_flag(checkers::kInCriticalSection, false);
}

}  // namespace lockstorm::models
