#include "models/terraform/interrupts.hpp"

#include "models/terraform/milestone.hpp"
#include "models/terraform/state_session.hpp"

namespace lockstorm::models {
namespace {

// 2.9.4: the command waits this long for the tail of a cancelled operation.
constexpr std::chrono::seconds kGrace{5};

}  // namespace

void Interrupts::begin_operation() {
  operating_ = true;
  if (!taken_ || listening_) return;
  listening_ = true;
  self_.spawn([this] { run_operation(); });
  self_.spawn([this] { wait_for_core(); });
}

// [command/meta.go:RunOperation]
void Interrupts::run_operation() {
  self_.wait_for_interrupt();
  stopped_ = true;
  if (!operating_) return;  // swallowed; the script ends with the command that runs now
  self_.wait_for_interrupt();
  if (!operating_) return;
  set_cancelled();
  self_.sleep(kGrace);
  end_cancelled();
}

void Interrupts::end_cancelled() {
  self_.mark(mark_of(command_, CommandEnd{Ending::cancelled, false}));
  self_.exit();
}

void Interrupts::set_cancelled() {
  cancelled_ = true;
  outcome_.ending = Ending::cancelled;
  outcome_.unlock_failed = 0;
  self_.set_outcome(outcome_);
}

// [backend/local/backend.go:opWait], once for every operation of the process.
void Interrupts::wait_for_core() {
  for (;;) {
    self_.wait_until([this] { return session_ != nullptr && stopped_ && !halted_; });
    StateSession& session = *session_;
    acting_ = true;
    session.persist();
    halted_ = true;  // Core.Stop
    if (walk_) session.persist();
    acting_ = false;
    self_.wait_until([this] { return session_ == nullptr || cancelled_; });
    if (session_ == nullptr) return;  // graceful stop has completed
    // The operation returns at once: its deferred unlock runs while provider calls may still be in flight,
    // and there is no final persist. Who waits for the manager meanwhile, to save what a call has brought,
    // has it when the unlock returns; the command takes some time to end after that. [remote/state.go:
    // Unlock, PersistState share a mutex; backend/local/hook_state.go: PostStateUpdate]
    session.unlock();
    self_.work();
    end_cancelled();
  }
}

void Interrupts::begin_wait(StateSession& session, bool walk) {
  walk_ = walk;
  session_ = &session;
}

void Interrupts::end_wait() {
  if (cancelled_) self_.wait_until([] { return false; });
  session_ = nullptr;
  self_.wait_until([this] { return !acting_; });
}

}  // namespace lockstorm::models
