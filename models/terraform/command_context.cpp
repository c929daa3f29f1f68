#include "models/terraform/command_context.hpp"

#include "models/terraform/milestone.hpp"

namespace lockstorm::models {
namespace {

// The own-lock trap of 3.1 ("Ambiguity") is a command that waits for a lock of its own. What an earlier
// command of the script has left behind is a dead process's lock like any other; where the store numbers the
// locks (gcs) nothing but a trap leaves one, and whoever was in one has been counted. The lock under which a
// state is created is the first command's: where it stays, no later command finds a state missing (2.7).
bool is_own(const CommandContext& context, const LockId& id) {
  if (!id.owner.is_me()) return false;
  if (id.number % kReacquired == kInitLock) return context.commands_run == 0;
  return !context.may_have_left_lock || id.number % kReacquired == context.commands_run;
}

Outcome lock_error(const CommandContext& context, const LockWaitResult& locked,
                   std::chrono::milliseconds lock_timeout) {
  Outcome outcome;
  outcome.own_lock_shown =
      locked.last.status == LockStatus::refused && is_own(context, locked.last.info.id) ? 1 : 0;
  outcome.refused_elsewhere = locked.last.elsewhere;
  if (locked.timed_out == 0) {
    outcome.ending = Ending::lock_wait_aborted;
    outcome.by_conflict = locked.last.by_conflict;
  } else {
    outcome.ending =
        lock_timeout == std::chrono::milliseconds::zero() ? Ending::lock_refused : Ending::lock_timed_out;
  }
  return outcome;
}

// The command has the lock, and something inside it asks for it.
std::optional<Outcome> lock_twice(CommandContext& context, StateSession& session, LockOperation operation,
                                  std::chrono::milliseconds lock_timeout) {
  const LockWaitResult again = session.lock_again(
      operation, lock_timeout, [&] { return context.interrupts.ends_lock_wait(); }, context.command);
  if (again.last.status == LockStatus::granted) return std::nullopt;
  Outcome outcome = lock_error(context, again, lock_timeout);
  outcome.unlock_failed = session.unlock() == Done::ok ? 0 : 1;
  return outcome;
}

}  // namespace

std::optional<Outcome> take_lock(CommandContext& context, StateSession& session, LockOperation operation,
                                 std::chrono::milliseconds lock_timeout) {
  if (!context.options.lock) {  // 2.3.3: a locker that does nothing
    // Some backends have sent nothing yet. Monitors see flags change, so nobody may begin inside his critical
    // section, into which all but readers go now: getting here takes a moment.
    if (operation != LockOperation::plan) context.self.work();
    return std::nullopt;
  }
  const LockWaitResult locked = session.lock(
      operation, lock_timeout, [&] { return context.interrupts.ends_lock_wait(); }, context.command);
  if (locked.last.status == LockStatus::granted && context.options.release.locks_twice)
    return lock_twice(context, session, operation, lock_timeout);
  if (locked.last.status == LockStatus::granted || locked.last.status == LockStatus::no_locking)
    return std::nullopt;
  if (is_refusal(locked.last.status)) context.self.mark(mark_of(context.command, Goal::refused));
  return lock_error(context, locked, lock_timeout);
}

std::optional<Outcome> open_and_lock(CommandContext& context, StateSession& session,
                                     LockOperation operation) {
  if (session.open() != Done::ok) return Outcome{Ending::open_failed};
  return take_lock(context, session, operation, context.options.lock_timeout);
}

std::optional<Outcome> refresh(StateSession& session) {
  if (session.refresh() == Done::ok) return std::nullopt;
  return finish(session, {Ending::read_failed});
}

std::optional<Outcome> start(CommandContext& context, StateSession& session, LockOperation operation) {
  if (std::optional<Outcome> ended = open_and_lock(context, session, operation)) return ended;
  // A command that only reads excludes nobody unless it really holds the lock.
  if (session.holds_lock() || operation != LockOperation::plan) session.enter_critical_section();
  return refresh(session);
}

Outcome finish(StateSession& session, Outcome outcome) {
  outcome.unlock_failed = session.unlock_after(is_success(outcome.ending)) == Done::ok ? 0 : 1;
  outcome.unlock_left = session.unlock_left();
  // A command that is stopped by what it reads has not acted on it.
  const bool acts = outcome.ending != Ending::read_failed && outcome.ending != Ending::halted;
  if (acts && !session.holds_lock() && session.read_mixture()) outcome.mixed = 1;
  if (is_success(outcome.ending) && session.content_vanished()) outcome.vanished = 1;
  return outcome;
}

Outcome save_and_finish(StateSession& session) {
  const Done saved = session.save();
  return finish(session, {saved == Done::ok ? Ending::done : Ending::save_failed});
}

}  // namespace lockstorm::models
