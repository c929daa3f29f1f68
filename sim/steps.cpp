#include "sim/steps.hpp"

#include <algorithm>

#include "sim/limits.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::sim {
namespace {

class MoveList {
 public:
  MoveList(FaultMask allowed, std::vector<Move>& out) : allowed_(allowed), out_(out) {}

  void add(MoveKind kind, FiberIndex fiber, const Action& action, std::uint32_t argument) {
    out_.push_back({kind, kNoFault, fiber, argument, action.service});
  }
  void add_fault(Fault fault, MoveKind kind, FiberIndex fiber, const Action& action, std::uint32_t argument) {
    if ((allowed_ & fault_bit(fault)) == 0) return;
    out_.push_back({kind, static_cast<std::uint8_t>(fault), fiber, argument, action.service});
  }

 private:
  FaultMask allowed_;
  std::vector<Move>& out_;
};

bool has_bit(std::uint32_t set, std::uint8_t service) { return (set >> service & 1U) != 0; }

void add_request_moves(MoveList& list, FiberIndex fiber, const Action& action, const StepRules& rules,
                       LocalState::Barred barred) {
  const std::uint32_t request = action.argument;
  if (barred == LocalState::Barred::cut_off && has_bit(rules.refusing_services, action.service))
    return list.add(MoveKind::refuse, fiber, action, request);
  list.add(MoveKind::effect, fiber, action, request);
  if (has_bit(rules.local_services, action.service)) return;
  list.add_fault(Fault::lose_response, MoveKind::effect_lost_response, fiber, action, request);
  list.add_fault(Fault::lose_request, MoveKind::lose_request, fiber, action, request);
  list.add_fault(Fault::late_request, MoveKind::give_up, fiber, action, request);
  list.add_fault(Fault::duplicate, MoveKind::effect_duplicated, fiber, action, request);
  if (has_bit(rules.refusing_services, action.service)) {
    list.add_fault(Fault::server_error, MoveKind::refuse, fiber, action, request);
    list.add_fault(Fault::server_error, MoveKind::effect_refused, fiber, action, request);
  }
  if (has_bit(rules.throttling_services, action.service)) {
    list.add_fault(Fault::throttle, MoveKind::throttle, fiber, action, request);
  }
  if (has_bit(rules.refusing_services, action.service))
    list.add_fault(Fault::false_success, MoveKind::effect_dropped, fiber, action, request);
}

void add_ready_moves(MoveList& list, FiberIndex fiber, const Action& action, const StepRules& rules,
                     LocalState::Barred barred) {
  switch (action.kind) {
    case ActionKind::call:
      if (rules.two_step_calls) {
        add_request_moves(list, fiber, action, rules, barred);
      } else {
        list.add(MoveKind::send, fiber, action, action.argument);
      }
      break;
    case ActionKind::choose:
      for (std::uint32_t i = 0; i < action.argument; ++i) list.add(MoveKind::choose, fiber, action, i);
      break;
    case ActionKind::work:
      list.add(MoveKind::work, fiber, action, 0);
      break;
    case ActionKind::signal:
      list.add_fault(Fault::interrupt, MoveKind::signal, fiber, action, 0);
      break;
    case ActionKind::now:
      list.add(MoveKind::read_clock, fiber, action, 0);
      list.add_fault(Fault::clock_skew, MoveKind::read_clock, fiber, action, 1);
      list.add_fault(Fault::clock_skew, MoveKind::read_clock, fiber, action, 2);
      break;
    case ActionKind::none:
    case ActionKind::sleep:
    case ActionKind::wait:
    case ActionKind::recall:
      break;
  }
}

void add_fiber_moves(MoveList& list, FiberIndex fiber, const FiberState& state, const Action& action,
                     const StepRules& rules, LocalState::Barred barred) {
  switch (state.phase) {
    case Phase::idle:
      break;
    case Phase::ready:
      add_ready_moves(list, fiber, action, rules, barred);
      break;
    case Phase::sent:
      add_request_moves(list, fiber, action, rules, barred);
      break;
    case Phase::answered:
    case Phase::unanswered:
      list.add(MoveKind::deliver, fiber, action, action.argument);
      break;
    case Phase::timer:
      if (state.detail == 0) list.add(MoveKind::wake, fiber, action, 0);
      if (action.kind == ActionKind::wait) list.add(MoveKind::deadline, fiber, action, 0);
      break;
  }
}

// While a process is paused, only its messages move.
void add_paused_moves(MoveList& list, const LocalState& local, std::span<const Action> actions,
                      const StepRules& rules) {
  for (FiberIndex i = 0; i < local.fibers.size(); ++i) {
    if (local.fibers[i].phase == Phase::sent) add_request_moves(list, i, actions[i], rules, local.barred);
  }
  list.add(MoveKind::resume, 0, {}, 0);
}

bool has_sent(const LocalState& local) {
  return std::ranges::any_of(local.fibers,
                             [](const FiberState& fiber) { return fiber.phase == Phase::sent; });
}

bool is_working(std::span<const Action> actions) {
  return std::ranges::any_of(actions, [](const Action& action) { return action.kind == ActionKind::work; });
}

void stray(LocalState& local, const Action& action) {
  local.strays.push_back({action.argument, action.service});
  std::ranges::sort(local.strays);
}

LocalState crashed(const LocalState& local, std::span<const Action> actions, bool keep_sent) {
  LocalState next = local;
  if (keep_sent) {
    for (std::size_t i = 0; i < local.fibers.size(); ++i) {
      if (local.fibers[i].phase == Phase::sent) stray(next, actions[i]);
    }
  }
  next.status = ProcessStatus::dead;
  next.node = 0;
  next.fibers.clear();
  return next;
}

FiberState entered(const Action& action, const StepRules& rules) {
  switch (action.kind) {
    case ActionKind::none:
    case ActionKind::recall:
      return {};
    case ActionKind::sleep:
    case ActionKind::wait: {
      const std::uint32_t ticks =
          rules.bounded_time ? (action.argument + rules.tick_ms - 1) / rules.tick_ms : 0;
      return {Phase::timer, 0, ticks};
    }
    default:
      return {Phase::ready, 0, 0};
  }
}

}  // namespace

StepRules rules_of(const WorldSpec& spec) {
  StepRules rules;
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
    if (spec.budget.count[kind] > 0) rules.declared = static_cast<FaultMask>(rules.declared | 1U << kind);
  }
  for (std::size_t i = 0; i < spec.services.size(); ++i) {
    if (spec.services[i]->is_local()) {
      rules.local_services |= 1U << i;
    } else if (spec.services[i]->can_refuse()) {
      rules.refusing_services |= 1U << i;
      rules.throttling_services |= 1U << i;
    }
  }
  rules.two_step_calls = spec.two_step_calls;
  rules.crashes_only_at_work = spec.crashes_only_at_work;
  rules.bounded_time = spec.time.ticks > 0;
  rules.tick_ms = static_cast<std::uint32_t>(spec.time.tick.count());
  rules.skew_ticks = spec.time.skew_ticks;
  return rules;
}

std::vector<Move> moves_of(const LocalState& local, std::span<const Action> actions, FaultMask faults,
                           const StepRules& rules) {
  std::vector<Move> moves;
  MoveList list(static_cast<FaultMask>(faults & rules.declared), moves);
  if (local.status == ProcessStatus::alive) {
    for (FiberIndex i = 0; i < local.fibers.size(); ++i)
      add_fiber_moves(list, i, local.fibers[i], actions[i], rules, local.barred);
    if (local.barred == LocalState::Barred::cut_off) list.add(MoveKind::find_servers, 0, {}, 0);
    if (!rules.crashes_only_at_work || is_working(actions)) {
      list.add_fault(Fault::crash, MoveKind::crash, 0, {}, 0);
      if (has_sent(local)) list.add_fault(Fault::crash, MoveKind::crash_lost, 0, {}, 0);
    }
    list.add_fault(Fault::pause, MoveKind::pause, 0, {}, 0);
    if (local.barred == LocalState::Barred::no) {
      list.add_fault(Fault::credentials_end, MoveKind::end_credentials, 0, {}, 0);
      list.add_fault(Fault::outage, MoveKind::lose_servers, 0, {}, 0);
    }
  } else if (local.status == ProcessStatus::paused) {
    add_paused_moves(list, local, actions, rules);
  }
  for (std::size_t i = 0; i < local.strays.size(); ++i) {
    moves.push_back({MoveKind::stray_effect, kNoFault, static_cast<FiberIndex>(i), local.strays[i].request,
                     local.strays[i].service});
  }
  return moves;
}

LocalChange apply_local(const LocalState& local, std::span<const Action> actions, const Move& move,
                        ValueId refusal) {
  LocalChange change{local};
  change.fiber = move.fiber;
  const auto feed = [&](Observation observation) {
    change.feeds = true;
    change.observation = observation;
  };
  const auto set = [&](Phase phase, std::uint32_t detail = 0) {
    change.next.fibers[move.fiber] = {phase, 0, detail};
  };
  switch (move.kind) {
    case MoveKind::send:
      set(Phase::sent);
      break;
    case MoveKind::lose_request:
      set(Phase::unanswered);
      break;
    case MoveKind::give_up:
      set(Phase::unanswered);
      stray(change.next, actions[move.fiber]);
      break;
    case MoveKind::refuse:
    case MoveKind::throttle:
      set(Phase::answered, refusal);
      break;
    case MoveKind::deliver: {
      const FiberState& state = local.fibers[move.fiber];
      feed(state.phase == Phase::answered ? state.detail : observe::kNoAnswer);
      break;
    }
    case MoveKind::wake:
      feed(observe::kWoke);
      break;
    case MoveKind::deadline:
      feed(observe::kDeadline);
      break;
    case MoveKind::choose:
      feed(observe::kChoice + move.argument);
      break;
    case MoveKind::work:
      feed(observe::kDone);
      break;
    case MoveKind::signal:
      feed(observe::kSignal);
      break;
    case MoveKind::crash:
      change.next = crashed(local, actions, true);
      break;
    case MoveKind::crash_lost:
      change.next = crashed(local, actions, false);
      break;
    case MoveKind::pause:
      change.next.status = ProcessStatus::paused;
      break;
    case MoveKind::resume:
      change.next.status = ProcessStatus::alive;
      break;
    case MoveKind::end_credentials:
      change.next.barred = LocalState::Barred::forbidden;
      break;
    case MoveKind::lose_servers:
      change.next.barred = LocalState::Barred::cut_off;
      break;
    case MoveKind::find_servers:
      change.next.barred = LocalState::Barred::no;
      break;
    default:
      throw_engine_error("not a local move");
  }
  return change;
}

LocalState apply_effect(const LocalState& local, const Move& move, ValueId response, Tags tags) {
  LocalState next = local;
  if (move.kind == MoveKind::stray_effect) {
    next.strays.erase(next.strays.begin() + move.fiber);
    return next;
  }
  if (move.kind == MoveKind::effect_lost_response) {
    next.fibers[move.fiber] = {Phase::unanswered, 0, 0};
  } else {
    next.fibers[move.fiber] = {Phase::answered, tags, response};
  }
  if (move.kind == MoveKind::effect_duplicated) {
    next.strays.push_back({move.argument, move.service});
    std::ranges::sort(next.strays);
  }
  return next;
}

LocalChange apply_clock(const LocalState& local, const Move& move, std::uint32_t tick,
                        const StepRules& rules) {
  if (move.argument == 1) tick += rules.skew_ticks;
  if (move.argument == 2) tick -= std::min(tick, rules.skew_ticks);
  return {local, true, move.fiber, observe::kChoice + tick};
}

void enter_actions(LocalState& local, std::span<const Action> before, std::span<const Action> after,
                   FiberIndex fed, const StepRules& rules) {
  local.fibers.resize(after.size());
  for (FiberIndex i = 0; i < after.size(); ++i) {
    const bool moved_on = i == fed || i >= before.size() || before[i].kind == ActionKind::none;
    if (moved_on) local.fibers[i] = entered(after[i], rules);
  }
}

void end_process(LocalState& local, std::span<const Action> before) {
  for (std::size_t i = 0; i < local.fibers.size(); ++i) {
    if (local.fibers[i].phase == Phase::sent) stray(local, before[i]);
  }
  local.fibers.clear();
  local.status = ProcessStatus::ended;
}

void tick_timers(LocalState& local) {
  for (FiberState& fiber : local.fibers) {
    if (fiber.phase == Phase::timer && fiber.detail > 0) --fiber.detail;
  }
}

bool waits_for_time(const LocalState& local) {
  return std::ranges::any_of(
      local.fibers, [](const FiberState& fiber) { return fiber.phase == Phase::timer && fiber.detail > 0; });
}

bool is_urgent(const LocalState& local, std::span<const Action> actions) {
  if (local.status != ProcessStatus::alive) return false;
  for (std::size_t i = 0; i < local.fibers.size(); ++i) {
    const FiberState& fiber = local.fibers[i];
    if (fiber.phase == Phase::idle) continue;
    if (fiber.phase == Phase::timer && fiber.detail > 0) continue;
    if (fiber.phase == Phase::ready &&
        (actions[i].kind == ActionKind::work || actions[i].kind == ActionKind::signal))
      continue;
    return true;
  }
  return false;
}

}  // namespace lockstorm::sim
