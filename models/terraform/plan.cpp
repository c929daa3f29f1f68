#include "models/terraform/plan.hpp"

namespace lockstorm::models {
namespace {

// Core asks the provider what still exists. Nothing when it was told to stop meanwhile: every hook then halts
// the walk, also after the last answer. [terraform/hook_stop.go]
std::optional<StateSnapshot> read_resources(CommandContext& context, StateSession& session) {
  Interrupts& interrupts = context.interrupts;
  interrupts.begin_wait(session, false);
  StateSnapshot refreshed = session.state();
  for (std::uint8_t address = 0; address < kMaxResources && !interrupts.halted(); ++address) {
    if (refreshed.instance[address] == 0) continue;
    const auto read =
        context.self.call(context.cloud, Cloud::ReadResource{address, refreshed.instance[address]});
    if (!read.answered() || read->found == 0) refreshed.instance[address] = 0;
  }
  // Making the plan takes time; only a signal can tell.
  if (interrupts.taken() && !interrupts.halted()) context.self.work();
  const bool halted = interrupts.halted();
  interrupts.end_wait();
  if (halted) return std::nullopt;
  return refreshed;
}

}  // namespace

// [backend/local/backend_plan.go: opPlan]
Outcome run_plan(CommandContext& context, bool save) {
  context.interrupts.begin_operation();
  StateSession session = context.session();
  if (const auto ended = start(context, session, LockOperation::plan)) return *ended;
  RemoteStateReader remote(context);
  if (!remote.read()) {
    const Outcome failed = finish(session, remote.failed());
    remote.release();
    return failed;
  }
  const std::optional<StateSnapshot> refreshed = read_resources(context, session);
  // 2.8.1: the refreshed state with the lineage and serial that were read; written only when it is applied.
  if (save && refreshed) context.directory.plan = {true, *refreshed, remote.used()};
  const Outcome outcome = finish(session, {refreshed ? Ending::done : Ending::halted});
  remote.release();
  return remote.note(outcome, {});
}

// [backend/local/backend_refresh.go: opRefresh]
Outcome run_refresh(CommandContext& context) {
  context.interrupts.begin_operation();
  StateSession session = context.session();
  if (const auto ended = start(context, session, LockOperation::refresh)) return *ended;
  std::optional<StateSnapshot> refreshed = read_resources(context, session);
  if (!refreshed) return finish(session, {Ending::halted});
  // Somebody who refreshes knows that something has changed outside: what was read differs from what is
  // recorded, if anything is.
  if (!records_nothing(session.state())) {
    refreshed->writer = sim::Who::me();
    refreshed->write = session.change_number(1);
  }
  session.write(*refreshed);
  return save_and_finish(session);
}

}  // namespace lockstorm::models
