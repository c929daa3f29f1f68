// SIGINT as a command sees it: RunOperation counts the signals, opWait acts on them
// (backend-protocols.md 2.9).
#pragma once

#include "models/terraform/command.hpp"
#include "models/terraform/outcome.hpp"

namespace lockstorm::models {

class StateSession;

/// One for a process; its commands run one after the other. Lives as long as the process.
class Interrupts {
 public:
  Interrupts(sim::Process& self, bool taken, Outcome& outcome)
      : self_(self), taken_(taken), outcome_(outcome) {}
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// The next command of the script, by its number.
  void begin_command(std::size_t number) { command_ = number; }
  /// RunOperation: signals count from here until `end_operation`.
  void begin_operation();
  void end_operation() { operating_ = false; }
  /// The first signal has come: an apply does not begin its walk.
  [[nodiscard]] bool stopped() const { return stopped_; }
  /// ... and a wait for the lock ends, if it is an operation's: other commands lock without a context that
  /// could be cancelled.
  [[nodiscard]] bool ends_lock_wait() const { return operating_ && stopped_; }

  /// opWait: Core works, and a signal is acted upon at once. `walk`: an apply, whose state hook persists once
  /// more when Core stops. [backend/local/hook_state.go:Stopping]
  void begin_wait(StateSession& session, bool walk);
  /// Core was told to stop: nothing new starts.
  [[nodiscard]] bool halted() const { return halted_; }
  /// Core has finished; returns when opWait has. Does not return after the second signal.
  void end_wait();
  /// Whether Core has been given up (second signal while it works).
  [[nodiscard]] bool cancelled() const { return cancelled_; }
  [[nodiscard]] bool taken() const { return taken_; }

 private:
  void run_operation();
  void wait_for_core();
  void set_cancelled();
  [[noreturn]] void end_cancelled();

  sim::Process& self_;
  bool taken_;
  Outcome& outcome_;
  std::size_t command_ = 0;
  bool listening_ = false;
  bool operating_ = false;
  bool stopped_ = false;
  bool halted_ = false;
  bool cancelled_ = false;
  bool acting_ = false;  ///< opWait saves what the manager holds
  bool walk_ = false;
  StateSession* session_ = nullptr;  ///< whose Core opWait waits for
};

}  // namespace lockstorm::models
