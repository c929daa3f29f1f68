#include "scenarios/hunt/move_times.hpp"

#include <algorithm>
#include <utility>

#include "models/cloud/cloud.hpp"
#include "scenarios/timed/timed_world.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::uint64_t kMillisecond_us = 1000;
// Of servers that a client cannot reach: assumed, as nothing in a scenario says so.
constexpr std::uint64_t kOutage_us = std::uint64_t{60} * 1'000'000;

}  // namespace

TimedHunt::TimedHunt(const Scenario& hunted, const World& made)
    : scenario(hunted), world(made), settings(timed_settings(hunted)) {
  const std::vector<Fleet> fleets = hunted.all_fleets();
  for (const std::uint8_t process_class : made.spec.class_of_slot()) {
    if (process_class >= fleets.size()) {
      lock_timeout_us.push_back(0);
      continue;
    }
    ++clients;
    lock_timeout_us.push_back(static_cast<std::uint64_t>(fleets[process_class].client.lock_timeout.count()) *
                              kMillisecond_us);
  }
}

MoveTimes::MoveTimes(const TimedHunt& hunt, const sim::ValuePool& values, const sim::CounterRandom& random,
                     const std::vector<std::uint64_t>& starts_us)
    : hunt_(hunt),
      requests_(hunt.world.spec, *hunt.settings, values),
      durations_(*hunt.settings, hunt.scenario.resources(), has_cloud(hunt.world.spec)),
      processes_(hunt.lock_timeout_us.size()) {
  for (std::size_t slot = 0; slot < processes_.size(); ++slot) {
    processes_[slot].chance = JobChance(random.stream(slot));
    processes_[slot].starts_us = starts_us[slot];
  }
}

void MoveTimes::start_at(sim::Slot slot, std::uint64_t time_us) {
  ProcessTime& process = processes_[slot];
  if (process.has_begun) return;
  process.starts_us = time_us;
  process.fibers = {};
}

void MoveTimes::makes(sim::Slot slot, const sim::Move& move) {
  ProcessTime& process = processes_[slot];
  using enum sim::MoveKind;
  switch (move.kind) {
    case crash:
    case crash_lost:
    case pause:
    case resume:
    case end_credentials:
    case lose_servers:
    case find_servers:
      process.helped_us = kNever;
      return;
    case stray_effect:
      process.stray_us = kNever;
      return;
    default:
      process.has_begun = true;
      process.fibers.at(move.fiber).is_known = false;
  }
}

MoveTimes::Next MoveTimes::next(const sim::StateTables& tables, sim::Slot slot, sim::LocalId local,
                                std::uint64_t now_us) {
  ProcessTime& process = processes_[slot];
  const sim::LocalState& state = tables.local(local);
  if (state.status == sim::ProcessStatus::alive || state.status == sim::ProcessStatus::paused)
    note_fibers(tables, slot, state, local, now_us);
  const sim::LocalInfo& info = tables.info(local);
  if (state.strays.size() != process.strays) process.stray_us = kNever;
  process.strays = state.strays.size();
  Next next;
  for (std::uint16_t i = 0; i < info.move_count; ++i) {
    const sim::Move& move = tables.move(local, i).move;
    if (move.fault != sim::kNoFault) continue;
    using enum sim::MoveKind;
    if ((move.kind == resume || move.kind == find_servers) && process.helped_us == kNever)
      process.helped_us =
          now_us + (move.kind == resume ? process.chance.draw(hunt_.settings->pause_for) : kOutage_us);
    if (move.kind == stray_effect && process.stray_us == kNever)
      process.stray_us =
          now_us + process.chance.draw(requests_.latency(requests_.of(move.service, move.argument).latency));
    const std::uint64_t due_us = due_of(process, move);
    if (due_us < next.due_us) next = {due_us, i};
  }
  return next;
}

std::uint64_t MoveTimes::due_of(const ProcessTime& process, const sim::Move& move) const {
  using enum sim::MoveKind;
  switch (move.kind) {
    case resume:
    case find_servers:
      return process.helped_us;
    case stray_effect:
      return process.stray_us;
    case deadline:
      return process.deadline_us;
    case choose:
      return process.fibers.at(move.fiber).choice == move.argument ? process.fibers.at(move.fiber).due_us
                                                                   : kNever;
    default:
      return process.fibers.at(move.fiber).due_us;
  }
}

void MoveTimes::note_fibers(const sim::StateTables& tables, sim::Slot slot, const sim::LocalState& local,
                            sim::LocalId id, std::uint64_t now_us) {
  ProcessTime& process = processes_[slot];
  const auto actions = tables.actions(id);
  for (std::size_t i = 0; i < local.fibers.size() && i < actions.size(); ++i) {
    FiberTime& fiber = process.fibers.at(i);
    const sim::Phase phase = local.fibers[i].phase;
    if (fiber.is_known && fiber.phase == phase) continue;
    const std::uint64_t began_us = process.has_begun ? now_us : std::max(now_us, process.starts_us);
    switch (phase) {
      case sim::Phase::idle:
        fiber.due_us = kNever;
        break;
      case sim::Phase::ready:
      case sim::Phase::timer:
        begin_action(slot, fiber, actions[i], began_us);
        break;
      case sim::Phase::sent:
        begin_call(process, fiber, actions[i], now_us);
        break;
      case sim::Phase::answered:
      case sim::Phase::unanswered:
        fiber.due_us = now_us + fiber.back_us;
        break;
    }
    fiber.is_known = true;
    fiber.phase = phase;
  }
}

void MoveTimes::begin_action(sim::Slot slot, FiberTime& fiber, const sim::Action& action,
                             std::uint64_t now_us) {
  ProcessTime& process = processes_[slot];
  const bool has_clock = hunt_.world.spec.time.ticks > 0;  // which decides when timers end
  fiber.due_us = now_us;
  switch (action.kind) {
    case sim::ActionKind::call:
      if (hunt_.world.spec.two_step_calls) begin_call(process, fiber, action, now_us);
      return;
    case sim::ActionKind::wait:
      if (!process.waits) process.deadline_us = now_us + hunt_.lock_timeout_us[slot];
      process.waits = true;
      [[fallthrough]];
    case sim::ActionKind::sleep:
      if (!has_clock)
        fiber.due_us += Durations::timer_us(process.chance, action.argument * kMillisecond_us, false);
      return;
    case sim::ActionKind::choose:
      fiber.choice = has_clock ? static_cast<std::uint32_t>(process.chance.next() % action.argument)
                               : Durations::choose(process.chance, action.about, now_us);
      return;
    case sim::ActionKind::work:
      fiber.due_us += durations_.work_us(process.chance);
      return;
    default:
      return;
  }
}

// Somebody who asks for something else than a lock waits for none any more.
void MoveTimes::begin_call(ProcessTime& process, FiberTime& fiber, const sim::Action& action,
                           std::uint64_t now_us) {
  const TimedRequest& facts = requests_.of(action.service, action.argument);
  if (facts.lock == sim::LockUse::none) process.waits = false;
  if (hunt_.world.spec.services[action.service]->name() == models::Cloud::kName) {
    fiber.due_us = now_us + durations_.change_us(process.chance, facts.is_read, now_us);
    fiber.back_us = 0;
    return;
  }
  const std::uint64_t trip_us = process.chance.draw(requests_.latency(facts.latency));
  fiber.due_us = now_us + trip_us / 2;
  fiber.back_us = trip_us - trip_us / 2;
}

}  // namespace lockstorm::scenarios
