#include "sim/run/simulator.hpp"

#include <algorithm>
#include <cassert>

#include "sim/random.hpp"

namespace lockstorm::sim {

void Simulator::restart() {
  processes_.clear();
  services_.clear();
  records_.clear();
  fired_ = {};
  trace_hash_ = 0;
  clock_ = 0;
  enabled_known_ = false;
  left_ = spec_.budget;
  for (const auto& service : spec_.services) services_.push_back(service->initial(values_));
  for (const std::uint8_t process_class : spec_.class_of_slot()) {
    Live& live = processes_.emplace_back();
    live.process_class = process_class;
    live.process = std::make_unique<Process>(values_, spec_.classes[process_class].body);
    live.process->replay({}, false);
    refresh(live);
    if (live.process->ended()) {
      end_process(live.local, {});
    } else {
      enter_actions(live.local, {}, live.actions, 0, rules_);
    }
  }
  monitor_bits_.assign(processes_.size(), 0);
}

void Simulator::refresh(Live& live) {
  live.flags = live.process->flags();
  live.outcome = live.process->outcome();
  live.actions.clear();
  if (live.process->ended()) return;
  for (FiberIndex i = 0; i < live.process->fiber_count(); ++i)
    live.actions.push_back(live.process->action(i));
}

unsigned Simulator::alternatives_of(Slot slot, const Move& move) const {
  const AnyService& service = *spec_.services[move.service];
  const ValueId value = services_[move.service];
  return processes_[slot].local.is_forbidden()
             ? service.alternatives_forbidden(values_, value, slot, move.argument)
             : service.alternatives(values_, value, slot, move.argument);
}

void Simulator::add_steps(Slot slot) {
  const Live& live = processes_[slot];
  const FaultMask faults = spec_.classes[live.process_class].faults;
  for (const Move& move : moves_of(live.local, live.actions, faults, rules_)) {
    if (move.fault != kNoFault && left_.count[move.fault] == 0) continue;
    const unsigned alternatives = move.is_effect() ? alternatives_of(slot, move) : 1;
    for (unsigned alternative = 0; alternative < alternatives; ++alternative)
      enabled_.push_back({slot, move, alternative, false});
  }
}

const std::vector<EnabledStep>& Simulator::enabled() {
  if (enabled_known_) return enabled_;
  enabled_.clear();
  bool urgent = false;
  bool waiting = false;
  for (Slot slot = 0; slot < processes_.size(); ++slot) {
    const LocalState& local = processes_[slot].local;
    urgent |= is_urgent(local, processes_[slot].actions);
    waiting |= local.status == ProcessStatus::alive || local.status == ProcessStatus::paused;
    add_steps(slot);
  }
  if (waiting && clock_ < spec_.time.ticks && !(spec_.time.urgent && urgent)) {
    enabled_.push_back({static_cast<Slot>(processes_.size()), {}, 0, true});
  }
  enabled_known_ = true;
  return enabled_;
}

const StepRecord& Simulator::take(std::size_t index) {
  const EnabledStep step = enabled().at(index);
  enabled_known_ = false;
  StepRecord record;
  record.step = step;
  record.tick = clock_;
  if (step.is_tick) {
    take_tick();
  } else {
    if (step.move.fault != kNoFault) {
      --left_.count[step.move.fault];
      ++fired_[step.move.fault];
    }
    Live& live = processes_[step.slot];
    record.flags_before = live.flags;
    record.status_before = live.local.status;
    if (step.move.is_effect()) {
      take_effect(step, record);
    } else {
      take_local(step, record);
    }
    record.flags_after = live.flags;
    record.status_after = live.local.status;
  }
  trace_hash_ =
      mix(trace_hash_ ^ static_cast<std::uint64_t>(step.slot) << 8U,
          static_cast<std::uint64_t>(step.move.kind) ^ static_cast<std::uint64_t>(record.response) << 16U);
  records_.push_back(record);
  return records_.back();
}

ValueId Simulator::refusal_of(const Move& move) {
  const Refusal kind = move.kind == MoveKind::throttle ? Refusal::throttled : Refusal::server_error;
  return spec_.services[move.service]->refusal(values_, move.argument, kind);
}

void Simulator::take_effect(const EnabledStep& step, StepRecord& record) {
  Live& live = processes_[step.slot];
  const std::uint8_t service = step.move.service;
  record.service = service;
  record.request = step.move.argument;
  record.service_before = services_[service];
  const AnyService& model = *spec_.services[service];
  const AnyService::Outcome outcome =
      live.local.is_forbidden()
          ? model.apply_forbidden(values_, services_[service], step.slot, step.move.argument,
                                  step.alternative)
          : model.apply(values_, services_[service], step.slot, step.move.argument, step.alternative);
  record.response = outcome.response;
  const bool is_dropped = step.move.is_dropped();
  record.tags = is_dropped ? Tags{0} : outcome.tags;
  Monitored monitored{*this};
  record.violations = MonitorView(monitor_, monitored).effect(step.slot, record.tags);
  if (!is_dropped) services_[service] = outcome.value;
  if (cuts_connection(step.move.kind))
    services_[service] = spec_.services[service]->connection_lost(values_, outcome.value, step.slot);
  record.service_after = services_[service];
  const bool refused = step.move.kind == MoveKind::effect_refused;
  live.local = apply_effect(live.local, step.move, refused ? refusal_of(step.move) : outcome.response,
                            refused ? Tags{0} : record.tags);
}

void Simulator::feed(Slot slot, const LocalChange& change) {
  Live& live = processes_[slot];
  const std::vector<Action> before = live.actions;
  live.local = change.next;
  live.observed.push_back(static_cast<std::uint64_t>(change.fiber) << 32U | change.observation);
  live.process->feed(change.fiber, change.observation);
  refresh(live);
  if (live.process->ended()) {
    live.local.fibers[change.fiber] = {};
    end_process(live.local, before);
  } else {
    enter_actions(live.local, before, live.actions, change.fiber, rules_);
  }
}

void Simulator::take_local(const EnabledStep& step, StepRecord& record) {
  Live& live = processes_[step.slot];
  const Move& move = step.move;
  const ProcessStatus status_before = live.local.status;
  const std::uint16_t flags_before = live.flags;
  record.service = move.service;
  record.request = move.argument;
  if (move.kind == MoveKind::choose) record.about = live.actions[move.fiber].about;
  Tags delivered = 0;
  if (move.kind == MoveKind::deliver) {
    const FiberState& state = live.local.fibers[move.fiber];
    if (state.phase == Phase::answered) {
      delivered = state.tags;
      record.response = state.detail;
    }
  }
  const bool refused = move.kind == MoveKind::refuse || move.kind == MoveKind::throttle;
  const LocalChange change = move.kind == MoveKind::read_clock ? apply_clock(live.local, move, clock_, rules_)
                                                               : apply_local(live.local, live.actions, move,
                                                                             refused ? refusal_of(move) : 0);
  if (refused) record.response = change.next.fibers[move.fiber].detail;
  record.tags = delivered;
  if (change.feeds) {
    feed(step.slot, change);
  } else {
    live.local = change.next;
    if (live.local.status == ProcessStatus::dead) {
      live.process->kill();
      live.actions.clear();
    }
  }
  Monitored monitored{*this};
  const bool died = live.local.status == ProcessStatus::dead;
  record.violations =
      MonitorView(monitor_, monitored).change(step.slot, {flags_before, live.flags, died, delivered});
  if (cuts_connection(move.kind))
    services_[move.service] =
        spec_.services[move.service]->connection_lost(values_, services_[move.service], step.slot);
  if (status_before != live.local.status) run_hooks(step.slot, status_before, live.local.status);
}

void Simulator::run_hooks(Slot slot, ProcessStatus before, ProcessStatus after) {
  for (std::size_t s = 0; s < services_.size(); ++s) {
    const AnyService& service = *spec_.services[s];
    if (after == ProcessStatus::dead || after == ProcessStatus::ended) {
      services_[s] = service.process_ended(values_, services_[s], slot);
    } else {
      services_[s] = service.process_paused(values_, services_[s], slot,
                                            after == ProcessStatus::paused && before == ProcessStatus::alive);
    }
  }
}

void Simulator::take_tick() {
  ++clock_;
  for (Live& live : processes_) tick_timers(live.local);
  for (std::size_t s = 0; s < services_.size(); ++s)
    services_[s] = spec_.services[s]->tick(values_, services_[s]);
}

EndState Simulator::end_state() const {
  EndState end;
  end.services = services_;
  for (const Live& live : processes_) {
    EndState::Process process{live.local.status};
    if (live.local.status == ProcessStatus::ended) {
      process.flags = live.flags;
      process.outcome = live.outcome;
    } else if (live.local.status != ProcessStatus::dead) {
      process.waits_for_time = waits_for_time(live.local);
    }
    end.processes.push_back(process);
  }
  return end;
}

std::string Simulator::fingerprint() const {
  std::string bytes;
  const auto append = [&bytes](const auto& value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  for (const ValueId value : services_) append(value);
  append(clock_);
  for (const std::uint8_t left : left_.count) append(left);
  for (const std::uint8_t bits : monitor_bits_) append(bits);
  for (const Live& live : processes_) {
    append(live.local.status);
    const bool running =
        live.local.status == ProcessStatus::alive || live.local.status == ProcessStatus::paused;
    if (running) {
      for (const std::uint64_t seen : live.observed) append(seen);
      for (const FiberState& fiber : live.local.fibers) {
        append(fiber.phase);
        append(fiber.detail);
      }
    } else {
      append(live.flags);
      append(live.outcome);
    }
    for (const StrayRequest& stray : live.local.strays) {
      append(stray.service);
      append(stray.request);
    }
    if (live.local.barred != LocalState::Barred::no) append(live.local.barred);
    append(static_cast<std::uint8_t>(0xFE));
  }
  return bytes;
}

}  // namespace lockstorm::sim
