#include "scenarios/story/run_facts.hpp"

#include <algorithm>
#include <ranges>

namespace lockstorm::scenarios {

using sim::MoveKind;

bool is_call(MoveKind kind) {
  switch (kind) {
    case MoveKind::choose:
    case MoveKind::work:
    case MoveKind::wake:
    case MoveKind::deadline:
    case MoveKind::signal:
    case MoveKind::read_clock:
    case MoveKind::crash:
    case MoveKind::crash_lost:
    case MoveKind::pause:
    case MoveKind::resume:
    case MoveKind::end_credentials:
    case MoveKind::lose_servers:
    case MoveKind::find_servers:
      return false;
    default:
      return true;
  }
}

RunFacts::RunFacts(const World& world, const sim::ValuePool& values,
                   const std::vector<sim::ValueId>& services)
    : world_(world),
      values_(values),
      services_(services),
      believers_(world.spec.process_count()),
      bases_(world.spec.process_count()),
      current_(2) {}

ServiceView RunFacts::view(std::size_t service, sim::ValueId value) const {
  const sim::SpecNames names(world_.spec);
  const sim::AnyService& model = *world_.spec.services[service];
  ServiceView view{service, values_.describe(value, names), {}, false};
  const sim::SlotSet holders = model.recorded_holders(values_, value);
  if (holders == sim::kEverybody) return view;  // it keeps no lock
  view.keeps_lock = true;
  for (sim::Slot slot = 0; slot < world_.spec.process_count(); ++slot) {
    if ((holders >> slot & 1U) != 0) view.holders.push_back(slot);
  }
  return view;
}

std::vector<ServiceView> RunFacts::initial() const {
  std::vector<ServiceView> views;
  for (std::size_t i = 0; i < services_.size(); ++i) views.push_back(view(i, services_[i]));
  return views;
}

std::size_t RunFacts::site_of(const sim::StepRecord& record) const {
  return world_.places.is_destination(record.service) ? 1 : 0;
}

// The call that a step is a part of: one under way, or one nobody waits for any more, or a new one.
RunFacts::Call& RunFacts::call_of(const sim::StepRecord& record, std::size_t step) {
  const sim::Move& move = record.step.move;
  const auto same = [&](const Call& call) {
    return call.slot == record.step.slot && call.service == record.service;
  };
  if (move.kind == MoveKind::stray_effect) {
    // Of equal requests in flight the first: which of them arrives makes no difference.
    const auto late = std::ranges::find_if(calls_, [&](const Call& call) {
      return call.in_flight && same(call) && call.request == record.request;
    });
    if (late != calls_.end()) return *late;
  } else if (move.kind != MoveKind::send) {
    for (Call& call : calls_ | std::views::reverse) {
      if (call.is_open && same(call) && call.fiber == move.fiber) return call;
    }
  }
  return new_call(record, step);
}

// Client libraries repeat a request that failed; nothing else of the same thread comes in between.
RunFacts::Call& RunFacts::new_call(const sim::StepRecord& record, std::size_t step) {
  Call call{.number = calls_.size() + 1,
            .slot = record.step.slot,
            .fiber = record.step.move.fiber,
            .service = record.service,
            .request = record.request,
            .base = bases_[record.step.slot],
            .sent = step};
  for (const Call& last : calls_ | std::views::reverse) {
    if (last.slot != call.slot || last.fiber != call.fiber) continue;
    if (last.service == call.service && last.request == call.request && last.answer != Call::Answer::some) {
      call.repeats = last.number;
      call.repeats_silence = last.answer == Call::Answer::none;
    }
    break;
  }
  calls_.push_back(call);
  return calls_.back();
}

void RunFacts::note_answer(const sim::StepRecord& record, Call& call) {
  switch (record.step.move.kind) {
    case MoveKind::effect_refused:
    case MoveKind::refuse:
    case MoveKind::throttle:
      call.answer = Call::Answer::error;
      break;
    case MoveKind::deliver:
      call.is_open = false;
      if (record.response != 0 && call.answer == Call::Answer::none) call.answer = Call::Answer::some;
      break;
    default:
      break;
  }
}

Belated RunFacts::belated(const sim::StepRecord& record, const Call& call) {
  if (record.step.move.kind == MoveKind::stray_effect) return call.belated;
  const bool froze = record.status_before == sim::ProcessStatus::paused && record.step.move.is_effect();
  return froze ? Belated::sender_froze : Belated::no;
}

std::vector<PendingRequest> RunFacts::pending(sim::Slot slot, bool waited_for) const {
  std::vector<PendingRequest> requests;
  for (const Call& call : calls_) {
    if (call.slot != slot || !call.in_flight || (waited_for && call.belated != Belated::no)) continue;
    requests.push_back({world_.spec.services[call.service]->operation(values_, call.request), call.sent});
  }
  return requests;
}

void RunFacts::note_flight(const sim::StepRecord& record, Call* call) {
  switch (record.step.move.kind) {
    case MoveKind::send:
      call->in_flight = true;
      break;
    case MoveKind::effect_duplicated:
      call->in_flight = true;
      call->belated = Belated::is_a_copy;
      break;
    case MoveKind::give_up:
      call->in_flight = true;
      call->belated = Belated::sender_gave_up;
      break;
    case MoveKind::crash:
      for (Call& sent : calls_) {
        if (sent.slot == record.step.slot && sent.belated == Belated::no) sent.belated = Belated::sender_died;
      }
      break;
    case MoveKind::effect:
    case MoveKind::effect_lost_response:
    case MoveKind::effect_refused:
    case MoveKind::effect_dropped:
    case MoveKind::stray_effect:
    case MoveKind::lose_request:
    case MoveKind::refuse:
    case MoveKind::throttle:
      call->in_flight = false;
      break;
    case MoveKind::crash_lost:
      for (Call& sent : calls_) {
        if (sent.slot == record.step.slot && sent.belated == Belated::no) sent.in_flight = false;
      }
      break;
    default:
      break;
  }
}

void RunFacts::note_versions(const sim::StepRecord& record, const Call& call, CounterexampleStep& step) {
  std::size_t& current = current_[site_of(record)];
  std::size_t& base = bases_[record.step.slot];
  const bool is_late = record.step.move.kind == MoveKind::stray_effect;
  const bool compares = (record.flags_before & checkers::kReadsToCompare) != 0;
  if ((record.tags & checkers::kReadsState) != 0 && !is_late && !compares) base = current;
  if ((record.tags & checkers::kWritesState) == 0) return;
  step.version = {++versions_, call.base, current};
  current = versions_;
  if (!is_late) base = versions_;
}

void RunFacts::note(const sim::StepRecord& record, const std::vector<sim::ValueId>& services,
                    CounterexampleStep& step) {
  if (!record.step.is_tick) {
    const sim::Move& move = record.step.move;
    const sim::Slot slot = record.step.slot;
    const bool dies = move.kind == MoveKind::crash || move.kind == MoveKind::crash_lost;
    if (dies || move.kind == MoveKind::pause) step.pending = pending(slot, move.kind == MoveKind::crash_lost);
    if (dies) note_flight(record, nullptr);
    if (record.request != 0 && is_call(move.kind)) {
      Call& call = call_of(record, step.number);
      note_flight(record, &call);
      note_answer(record, call);
      step.call = call.number;
      step.sent = call.sent;
      step.repeats = call.repeats;
      step.repeats_silence = call.repeats_silence;
      step.belated = belated(record, call);
      step.service_index = record.service;
      if (move.is_effect()) note_versions(record, call, step);
    }
    const bool is_there =
        record.status_after == sim::ProcessStatus::alive || record.status_after == sim::ProcessStatus::paused;
    if (!is_there) {
      for (Call& call : calls_) call.is_open &= call.slot != slot;
    }
    believers_[slot] = is_there && (record.flags_after & checkers::kInAnyCriticalSection) != 0;
  }
  for (std::size_t slot = 0; slot < believers_.size(); ++slot) {
    if (believers_[slot]) step.believers.push_back(slot);
  }
  for (std::size_t i = 0; i < services.size(); ++i) {
    if (services[i] == services_[i]) continue;
    step.changes.push_back(view(i, services[i]));
    services_[i] = services[i];
  }
}

}  // namespace lockstorm::scenarios
