#include "models/terraform/apply.hpp"

#include "checkers/monitors.hpp"
#include "models/terraform/lock_wait.hpp"
#include "models/terraform/state_manager.hpp"

namespace lockstorm::models {
namespace {

// One apply. Members are what the tool keeps in memory; every step that talks to a service is a scope.
class Apply {
 public:
  Apply(sim::Process& self, const Backend& backend, sim::ServiceRef<Cloud> cloud, const ApplyOptions& options,
        std::uint16_t run)
      : self_(self), backend_(backend), cloud_(cloud), options_(options), run_(run) {}

  Outcome run() {
    // 3. StateMgr(workspace).
    if (self_.scope<DoneResult>(scope_tag::open, [&] { return backend_.open(self_); }).status != Done::ok) {
      return {Ending::open_failed, 0, 0, {}};
    }
    // 4. The operation lock.
    const LockInfo info{{sim::Who::me(), run_}, LockOperation::apply};
    const LockWaitResult locked = lock_with_timeout(self_, backend_, info, options_.lock_timeout);
    if (locked.last.status != LockStatus::granted && locked.last.status != LockStatus::no_locking)
      return lock_error(locked);
    if (locked.last.status == LockStatus::granted) lock_id_ = locked.last.info.id;  // 2.3.1
    self_.set_flag(checkers::kInCriticalSection, true);
    if (options_.takes_interrupts) self_.spawn([this] { watch_signals(); });
    Outcome outcome = under_lock();
    // 12. Deferred unlock, on every path.
    outcome.unlock_failed = unlock() == Done::ok ? 0 : 1;
    return outcome;
  }

 private:
  Outcome lock_error(const LockWaitResult& locked) const {
    Outcome outcome;
    outcome.own_lock_shown =
        locked.last.status == LockStatus::refused && locked.last.info.id.owner.is_me() ? 1 : 0;
    if (locked.timed_out == 0) {
      outcome.ending = Ending::lock_wait_aborted;
    } else {
      outcome.ending = options_.lock_timeout == std::chrono::milliseconds::zero() ? Ending::lock_refused
                                                                                  : Ending::lock_timed_out;
    }
    return outcome;
  }

  Outcome under_lock() {
    // 5. RefreshState under the lock.
    manager_ = refresh_state(self_, backend_, manager_);
    if (manager_.last != Done::ok) return {Ending::read_failed, 0, 0, {}};
    // 8. Refresh and plan: the provider reads what the state records.
    const StateSnapshot prior = plan();
    // 9. The graph, one resource after the other.
    walking_ = true;
    Outcome outcome{Ending::applied, 0, 0, {}};
    for (std::uint8_t address = 0; address < options_.resources && !stopping_; ++address) {
      if (!apply_resource(prior, address)) outcome.ending = Ending::resource_failed;
    }
    // 10. Final persist, also after errors.
    persist();
    // 11. errored.tfstate with the already incremented serial.
    if (manager_.last != Done::ok) {
      outcome.ending = Ending::persist_failed;
      outcome.errored = manager_.current;
    }
    return outcome;
  }

  // What the provider says still exists; a recorded instance that is gone will be created again.
  StateSnapshot plan() {
    StateSnapshot prior = manager_.current;
    for (std::uint8_t address = 0; address < options_.resources; ++address) {
      if (prior.instance[address] == 0) continue;
      const auto read = self_.call(cloud_, Cloud::ReadResource{address, prior.instance[address]});
      if (!read.answered() || read->found == 0) prior.instance[address] = 0;
    }
    return prior;
  }

  bool apply_resource(const StateSnapshot& prior, std::uint8_t address) {
    const bool creates = prior.instance[address] == 0;
    const Cloud::Request request =
        creates ? Cloud::Request(Cloud::CreateResource{address})
                : Cloud::Request(Cloud::UpdateResource{address, prior.instance[address]});
    const auto done = self_.call(cloud_, request);
    wait_if_cancelled();
    if (!done.answered() || done->found == 0) return false;
    ++changes_;
    begin_client_call();
    record_resource(manager_, address, done->instance, static_cast<std::uint16_t>(run_ * 16U + changes_));
    end_client_call();
    after_state_update();
    return true;
  }

  // 9b: the state hook persists when forced, or when 20 s have passed since the last persist; the clock
  // starts at the first update, so the first one never does.
  void after_state_update() {
    if (stopping_ || options_.persists_every_step) {
      persist();
      return;
    }
    const bool is_last = changes_ >= options_.resources;
    if (changes_ < 2 || is_last) return;  // after the last update the final persist follows anyway
    if (self_.choose(2) == 1) persist();
  }

  // 2.4.8: one manager never issues two client calls at once.
  void begin_client_call() {
    self_.wait_until([this] { return !manager_busy_; });
    manager_busy_ = true;
  }
  void end_client_call() { manager_busy_ = false; }

  void persist() {
    begin_client_call();
    const ManagerState before = manager_;
    const auto write = options_.manager == StateManager::filesystem ? write_state_file : persist_state;
    manager_ = self_.scope<ManagerState>(scope_tag::persist, [&] { return write(self_, backend_, before); });
    end_client_call();
  }

  // The first interrupt's PersistState (2.9.1). Terraform's local backend has nothing to do: every WriteState
  // has gone to disk (3.10). OpenTofu's writes what it holds, which is nothing before the graph walk it is
  // called in.
  void persist_early() {
    if (options_.manager == StateManager::filesystem && (options_.persists_every_step || !walking_)) return;
    persist();
  }

  Done unlock() {
    self_.set_flag(checkers::kInCriticalSection, false);
    if (lock_id_.empty()) return Done::ok;  // 2.3.2
    begin_client_call();
    const LockId id = lock_id_;
    const Done done =
        self_.scope<DoneResult>(scope_tag::unlock, [&] { return backend_.unlock(self_, id); }).status;
    end_client_call();
    return done;
  }

  // 2.9: the first interrupt persists what the manager holds and stops the walk; the second unlocks at once
  // while provider calls may still be in flight, and the process exits.
  void watch_signals() {
    self_.wait_for_interrupt();
    persist_early();
    stopping_ = true;
    self_.wait_for_interrupt();
    cancelled_ = true;
    self_.set_outcome(Outcome{Ending::cancelled, 0, 0, {}});
    unlock();
    self_.exit();
  }
  void wait_if_cancelled() {
    if (cancelled_) self_.wait_until([] { return false; });
  }

  sim::Process& self_;
  const Backend& backend_;
  sim::ServiceRef<Cloud> cloud_;
  const ApplyOptions& options_;
  std::uint16_t run_;
  std::uint16_t changes_ = 0;
  LockId lock_id_;
  ManagerState manager_;
  bool manager_busy_ = false;
  bool walking_ = false;  ///< the plan is made, the graph walk has begun
  bool stopping_ = false;
  bool cancelled_ = false;
};

}  // namespace

void run_applies(sim::Process& self, const Backend& backend, sim::ServiceRef<Cloud> cloud,
                 const ApplyOptions& options) {
  for (std::uint16_t run = 0; run < options.runs; ++run) {
    Apply apply(self, backend, cloud, options, run);
    self.set_outcome(apply.run());
  }
}

}  // namespace lockstorm::models
