// One CI job on the lock table: acquire or take over, apply under the lock, release
// (backend-protocols.md 5.2, 5.3, 5.4); what keeps the lock meanwhile is in lock_table_lease.cpp.
#include <algorithm>

#include "checkers/monitors.hpp"
#include "models/backends/lock_table_lease.hpp"
#include "models/terraform/milestone.hpp"

namespace lockstorm::models {
namespace {

using Condition = LockTable::Condition;
using Projection = LockTable::Projection;
using Row = LockTable::Row;
using Update = LockTable::Update;

constexpr std::chrono::seconds kPoll{1};  // one tick
constexpr std::chrono::hours kForEver{24 * 365};

// What is left of a wait from one look at the lock to the next.
struct Wait {
  std::uint16_t turn = 0;
  std::uint16_t waited = 0;  ///< at least once
  std::uint16_t watching =
      0;  ///< a locked record is being watched: the next three say which, and for how long
  std::uint16_t seen_epoch = 0;
  Tick seen_beat;         ///< Beat, or LastModified where there is none
  std::uint16_t age = 0;  ///< so many ticks at least it has not changed
};

class Client {
 public:
  Client(sim::Process& self, const LockTableBackend& backend)
      : self_(self), backend_(backend), options_(backend.options()), lease_(self, backend) {}

  void run_all() {
    lease_.start_fibers();
    for (unsigned run = 0; run < options_.runs; ++run) {
      lease_.draw_id({sim::Who::me(), static_cast<std::uint16_t>(run)});
      const Ending ending = run_once();
      self_.set_outcome(Outcome{.ending = ending, .errored = errored_});
      self_.mark(mark_of(0, CommandEnd{ending, is_success(ending)}));
    }
  }

 private:
  Ending run_once() {
    const HeldLock held = self_.scope<HeldLock>(scope_tag::lock, [this] { return acquire(); });
    if (held.granted == 0) {
      self_.mark(mark_of(0, Goal::refused));
      return Ending::lock_timed_out;
    }
    const bool confirmed = lease_.begin(held);
    if (confirmed) self_.set_flag(checkers::kInCriticalSection, true);
    const Ending ending = confirmed ? apply() : Ending::lock_timed_out;
    self_.set_flag(checkers::kInCriticalSection, false);
    const bool may_be_there = lease_.end();
    if (may_be_there) self_.scope<DoneResult>(scope_tag::unlock, [this] { return release(); });
    return ending;
  }

  Ending apply() {
    const GetResult read = self_.scope<GetResult>(scope_tag::get, [this] { return backend_.get(self_); });
    if (read.status == GetStatus::failed) return Ending::read_failed;
    if (options_.long_apply) work();
    StateSnapshot next = read.snapshot;
    if (!next.exists()) next.lineage = sim::Who::me();
    next.writer = sim::Who::me();
    next.write = lease_.id().number;
    next.serial = next_serial(next.serial);
    const Done done = lease_.holds() ? put(next, read.snapshot) : Done::failed;
    if (done == Done::ok) return Ending::applied;
    errored_ = next;
    return Ending::persist_failed;
  }

  // Plan and apply, for any time up to longer than a lease; in virtual time the world knows for how long.
  void work() {
    if (options_.virtual_time || options_.clock_ticks == 0) return self_.work();
    const std::uint32_t ticks = self_.choose(options_.lease_ticks + 3U);
    if (ticks > 0) self_.sleep(std::chrono::seconds(ticks));
  }

  // 5.2.2: unconditional; 5.4.3: in the lock's item, if that is still ours.
  Done put(const StateSnapshot& next, const StateSnapshot& read) {
    return self_
        .scope<DoneResult>(scope_tag::put,
                           [&]() -> DoneResult {
                             return options_.fenced() ? put_while_held(next)
                                                      : backend_.put(self_, next, read);
                           })
        .status;
  }

  // 5.4.4: no write, nor a repetition of one, goes out when the lease has run out.
  DoneResult put_while_held(const StateSnapshot& next) {
    LockTable::UpdateItem update = lease_.mine(Update::put_state);
    update.state = next;
    for (unsigned attempt = 1; lease_.holds(); ++attempt) {
      const auto answer = backend_.call_once(self_, update);
      if (succeeded(answer)) return {Done::ok};
      const bool retry = answer.answered == 0 || is_retried(answer.response);
      if (!retry || attempt == options_.max_attempts) break;
      self_.sleep(kPoll);
    }
    return {Done::failed};
  }

  // 5.2.1, "wait and retry until released"; for ever, or until the simulated time is over.
  HeldLock acquire() {
    self_.begin_deadline(
        kForEver);  // runs in virtual time measure waits from here; no wait of its ends by it
    for (Wait wait;;) {
      self_.forget(scope_tag::lock_wait, wait);
      const HeldLock held = attempt(wait);
      if (held.granted != 0) {
        self_.mark(mark_of(0, wait.waited != 0 ? Goal::granted_after_waiting : Goal::granted_at_once));
        return held;
      }
      wait.waited = 1;
      if (is_over(wait)) return {};
      self_.sleep(kPoll);
    }
  }

  bool is_over(Wait& wait) const {
    return !options_.virtual_time && options_.clock_ticks != 0 && wait.turn++ == options_.clock_ticks;
  }

  HeldLock attempt(Wait& wait) {
    if (!options_.probes()) return try_acquire(Condition::is_free);
    const auto answer = look();
    if (!succeeded(answer)) return {};
    const Row& row = answer.response.row;
    if (is_mine(row)) return {1, row.epoch, 0};
    if (row.is_locked != 0)
      return options_.take_over == TakeOver::never ? HeldLock{} : take_over_if_stale(row, wait);
    wait.watching = 0;
    if (!options_.conditional_acquire) return try_acquire(Condition::none);
    return try_acquire(options_.conditional_create || row.exists != 0 ? Condition::is_free : Condition::none);
  }

  SdkAnswer<LockTable::Response> look() const {
    const auto consistent = static_cast<std::uint16_t>(options_.consistent_probe);
    return backend_.call(
        self_, LockTable::GetItem{options_.fenced() ? Projection::owner : Projection::age, consistent});
  }

  // 5.4.1: only a table with an Owner can tell (L0-1).
  [[nodiscard]] bool is_mine(const Row& row) const { return row.is_locked != 0 && row.owner == lease_.id(); }

  HeldLock try_acquire(Condition condition) {
    LockTable::UpdateItem update{.update = Update::acquire, .condition = condition, .owner = lease_.id()};
    update.last_modified = backend_.read_clock(self_);
    return write_lock(update);
  }

  // 5.3, the age by LastModified; or 5.4.4, by the observer's own patience.
  HeldLock take_over_if_stale(const Row& row, Wait& wait) {
    if (options_.observer_ageing)
      return watched_long_enough(row, wait) ? try_take_over(row, backend_.read_clock(self_)) : HeldLock{};
    const Tick now = backend_.read_clock(self_);
    return now.count() > row.last_modified.count() + options_.lease_ticks ? try_take_over(row, now)
                                                                          : HeldLock{};
  }

  // 5.3: (a), (b), (c), and 5.4.
  HeldLock try_take_over(const Row& row, Tick now) {
    LockTable::UpdateItem update{.update = Update::take_over, .owner = lease_.id(), .last_modified = now};
    guard_take_over(update, options_.take_over, row);
    const HeldLock held = write_lock(update);
    if (held.granted != 0) self_.mark(mark_of(0, Goal::recovered));
    return held;
  }

  HeldLock write_lock(const LockTable::UpdateItem& update) {
    const auto answer = backend_.call(self_, update);
    if (succeeded(answer)) return {1, answer.response.row.epoch, update.last_modified};
    if (!options_.fenced()) return {};
    // 5.4.1: the answer to an earlier attempt may have been lost; the item tells whose lock it is.
    const auto seen = look();
    return succeeded(seen) && is_mine(seen.response.row) ? HeldLock{1, seen.response.row.epoch, 0}
                                                         : HeldLock{};
  }

  // Between two looks lies one tick at least, so that a slow or paused observer only waits longer.
  bool watched_long_enough(const Row& row, Wait& wait) const {
    const Tick beat = options_.fenced() ? Tick::at(row.beat) : row.last_modified;
    const bool same = wait.watching != 0 && wait.seen_epoch == row.epoch && wait.seen_beat == beat;
    const auto older = static_cast<std::uint16_t>(std::min(wait.age + 1, options_.lease_ticks + 1));
    wait = {wait.turn, wait.waited, 1, row.epoch, beat, same ? older : std::uint16_t{0}};
    return wait.age > options_.lease_ticks;
  }

  DoneResult release() {
    LockTable::UpdateItem update = lease_.mine(Update::release);
    update.last_modified = backend_.read_clock(self_);
    return {succeeded(backend_.call(self_, update)) ? Done::ok : Done::failed};
  }

  sim::Process& self_;
  const LockTableBackend& backend_;
  const LockTableOptions& options_;
  LockTableLease lease_;
  StateSnapshot errored_;
};

}  // namespace

void run_lock_table_client(sim::Process& self, const LockTableBackend& backend) {
  Client client(self, backend);
  client.run_all();
}

}  // namespace lockstorm::models
