// One CI job on the lock table: acquire or take over, apply under the lock, release; with a heartbeat beside
// it (backend-protocols.md 5.2, 5.3, 5.4).
#include <algorithm>

#include "checkers/monitors.hpp"
#include "models/backends/lock_table.hpp"
#include "models/terraform/outcome.hpp"

namespace lockstorm::models {
namespace {

using Condition = LockTable::Condition;
using Projection = LockTable::Projection;
using Row = LockTable::Row;
using Status = LockTable::Status;
using Update = LockTable::Update;

constexpr std::chrono::seconds kPoll{1};  // one tick
constexpr std::chrono::seconds kBeat{1};

// What is left of a wait from one look at the lock to the next.
struct Wait {
  std::uint16_t turn = 0;
  std::uint16_t watching =
      0;  ///< a locked record is being watched: the next three say which, and for how long
  std::uint16_t seen_epoch = 0;
  std::uint16_t seen_beat = 0;  ///< Beat, or LastModified where there is none
  std::uint16_t age = 0;        ///< so many ticks at least it has not changed
};

// How a wait ended, and what the holder has to remember of its lock.
struct Held {
  std::uint16_t granted = 0;
  std::uint16_t epoch = 0;
  std::uint16_t last_modified = 0;  ///< what it wrote last
  std::uint16_t lost = 0;           ///< a heartbeat found the lock gone
};

// What the job and its heartbeat both use.
struct Shared {
  LockId id;
  Held held;
  std::uint16_t beats = 0;
  std::uint16_t beating = 0;  ///< a beat is on its way
  template <class F>
  void visit_who(F&& f) {
    id.visit_who(f);
  }
};

class Client {
 public:
  Client(sim::Process& self, const LockTableBackend& backend)
      : self_(self), backend_(backend), options_(backend.options()) {}

  void run_all() {
    if (options_.heartbeat) {
      self_.share(shared_);
      self_.spawn([this] { keep_alive(); });
    }
    for (unsigned run = 0; run < options_.runs; ++run) {
      shared_.id = {sim::Who::me(), static_cast<std::uint16_t>(run)};
      self_.set_outcome(Outcome{.ending = run_once(), .errored = errored_});
    }
  }

 private:
  Ending run_once() {
    shared_.held = self_.scope<Held>(scope_tag::lock, [this] { return acquire(); });
    if (shared_.held.granted == 0) return Ending::lock_timed_out;
    shared_.beats = 1;
    self_.set_flag(checkers::kInCriticalSection, true);
    const Ending ending = apply();
    shared_.beats = 0;
    self_.set_flag(checkers::kInCriticalSection, false);
    self_.wait_until(
        [this] { return shared_.beating == 0; });  // a beat of our own must not come after the release
    if (shared_.held.lost == 0) self_.scope<DoneResult>(scope_tag::unlock, [this] { return release(); });
    return ending;
  }

  Ending apply() {
    const GetResult read = self_.scope<GetResult>(scope_tag::get, [this] { return backend_.get(self_); });
    if (read.status == GetStatus::failed) return Ending::read_failed;
    if (options_.long_apply) work();
    StateSnapshot next = read.snapshot;
    if (!next.exists()) next.lineage = sim::Who::me();
    next.writer = sim::Who::me();
    next.write = shared_.id.number;
    ++next.serial;
    const Done done = shared_.held.lost != 0 ? Done::failed : put(next, read.snapshot);
    if (done == Done::ok) return Ending::applied;
    errored_ = next;
    return Ending::persist_failed;
  }

  // Plan and apply, for any time up to longer than a lease.
  void work() {
    if (options_.clock_ticks == 0) return self_.work();
    const std::uint32_t ticks = self_.choose(options_.lease_ticks + 3U);
    if (ticks > 0) self_.sleep(std::chrono::seconds(ticks));
  }

  // 5.2.2: unconditional; 5.4.3: in the lock's item, if that is still ours.
  Done put(const StateSnapshot& next, const StateSnapshot& read) {
    return self_
        .scope<DoneResult>(scope_tag::put,
                           [&]() -> DoneResult {
                             if (!options_.fenced()) return backend_.put(self_, next, read);
                             LockTable::UpdateItem update = mine(Update::put_state);
                             update.state = next;
                             return {is_ok(backend_.call(self_, update)) ? Done::ok : Done::failed};
                           })
        .status;
  }

  // 5.2.1, "wait and retry until released"; without clocks for ever, otherwise until the simulated time is
  // over.
  Held acquire() {
    for (Wait wait;;) {
      self_.forget(scope_tag::lock_wait, wait);
      const Held held = attempt(wait);
      if (held.granted != 0) return held;
      if (options_.clock_ticks != 0 && wait.turn++ == options_.clock_ticks) return {};
      self_.sleep(kPoll);
    }
  }

  Held attempt(Wait& wait) {
    if (!options_.probes()) return try_acquire(Condition::is_free);
    const auto answer = look();
    if (!is_ok(answer)) return {};
    const Row& row = answer.response.row;
    if (is_mine(row)) return {1, row.epoch, 0, 0};
    if (row.is_locked != 0)
      return options_.take_over == TakeOver::never ? Held{} : take_over_if_stale(row, wait);
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
  [[nodiscard]] bool is_mine(const Row& row) const { return row.is_locked != 0 && row.owner == shared_.id; }

  Held try_acquire(Condition condition) {
    LockTable::UpdateItem update{.update = Update::acquire, .condition = condition, .owner = shared_.id};
    update.last_modified = read_clock();
    return write_lock(update);
  }

  // 5.3, the age by LastModified; or 5.4.4, by the observer's own patience.
  Held take_over_if_stale(const Row& row, Wait& wait) {
    if (options_.observer_ageing)
      return watched_long_enough(row, wait) ? try_take_over(row, read_clock()) : Held{};
    const std::uint16_t now = read_clock();
    return now > row.last_modified + options_.lease_ticks ? try_take_over(row, now) : Held{};
  }

  // 5.3: (a), (b), (c), and 5.4.
  Held try_take_over(const Row& row, std::uint16_t now) {
    LockTable::UpdateItem update{.update = Update::take_over, .owner = shared_.id, .last_modified = now};
    guard_take_over(update, options_.take_over, row);
    return write_lock(update);
  }

  Held write_lock(const LockTable::UpdateItem& update) {
    const auto answer = backend_.call(self_, update);
    if (is_ok(answer)) return {1, answer.response.row.epoch, update.last_modified, 0};
    if (!options_.fenced()) return {};
    // 5.4.1: the answer to an earlier attempt may have been lost; the item tells whose lock it is.
    const auto seen = look();
    return is_ok(seen) && is_mine(seen.response.row) ? Held{1, seen.response.row.epoch, 0, 0} : Held{};
  }

  // Between two looks lies one tick at least, so that a slow or paused observer only waits longer.
  bool watched_long_enough(const Row& row, Wait& wait) const {
    const std::uint16_t beat = options_.fenced() ? row.beat : row.last_modified;
    const bool same = wait.watching != 0 && wait.seen_epoch == row.epoch && wait.seen_beat == beat;
    const auto older = static_cast<std::uint16_t>(std::min(wait.age + 1, options_.lease_ticks + 1));
    wait = {wait.turn, 1, row.epoch, beat, same ? older : std::uint16_t{0}};
    return wait.age > options_.lease_ticks;
  }

  DoneResult release() {
    LockTable::UpdateItem update = mine(Update::release);
    update.last_modified = read_clock();
    return {is_ok(backend_.call(self_, update)) ? Done::ok : Done::failed};
  }

  // An update of the lock this client holds, with the condition that the protocol has for it.
  [[nodiscard]] LockTable::UpdateItem mine(Update what) const {
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

  // The heartbeat of 5.3, a fiber of its own: it goes on while the apply is busy, and stops when the process
  // is paused.
  void keep_alive() {
    for (;;) {
      self_.forget(scope_tag::part, shared_.held);
      self_.wait_until([this] { return shared_.beats != 0 && shared_.held.lost == 0; });
      self_.sleep(kBeat);
      if (shared_.beats == 0) continue;
      shared_.beating = 1;
      LockTable::UpdateItem update = mine(Update::heartbeat);
      update.last_modified = read_clock();
      const auto answer = backend_.call(self_, update);
      shared_.beating = 0;
      if (is_ok(answer)) {
        shared_.held.last_modified = update.last_modified;
      } else if (answer.answered != 0 && answer.response.status == Status::conditional_check_failed) {
        shared_.held.lost = 1;
        self_.set_flag(checkers::kInCriticalSection, false);
      }
    }
  }

  // What goes into LastModified; a world without clocks has nothing to write.
  [[nodiscard]] std::uint16_t read_clock() const {
    return options_.clock_ticks == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(self_.now());
  }

  static bool is_ok(const SdkAnswer<LockTable::Response>& answer) {
    return answer.answered != 0 && answer.response.status == Status::ok;
  }

  sim::Process& self_;
  const LockTableBackend& backend_;
  const LockTableOptions& options_;
  Shared shared_;
  StateSnapshot errored_;
};

}  // namespace

void run_lock_table_client(sim::Process& self, const LockTableBackend& backend) {
  Client client(self, backend);
  client.run_all();
}

}  // namespace lockstorm::models
