#include "scenarios/timed/safety_watch.hpp"

#include <algorithm>

#include "sim/monitor.hpp"

namespace lockstorm::scenarios {

using checkers::Monitors;

std::size_t SafetyWatch::place_of(State& state, sim::JobNumber job) {
  const auto found = std::ranges::find(state.jobs, job);
  const auto place = static_cast<std::size_t>(found - state.jobs.begin());
  if (found == state.jobs.end()) {
    state.jobs.push_back(job);
    state.bits.push_back(0);
  }
  return place;
}

void SafetyWatch::forget_nothings(State& state) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < state.jobs.size(); ++i) {
    if (state.bits[i] == 0) continue;
    state.jobs[kept] = state.jobs[i];
    state.bits[kept++] = state.bits[i];
  }
  state.jobs.resize(kept);
  state.bits.resize(kept);
}

void SafetyWatch::effect(std::uint32_t number, sim::JobNumber job, std::uint16_t flags, sim::Tags tags,
                         std::uint64_t now_us) {
  if ((tags & Monitors::kEffectTags) == 0) return;
  State& state = states_[number];
  const std::size_t place = place_of(state, job);
  std::vector<std::uint16_t> all_flags(state.jobs.size(), 0);
  all_flags[place] = flags;
  // Each is taken for a holder: see the class.
  const sim::EffectEvent event{static_cast<sim::Slot>(place), tags, sim::kEverybody, all_flags};
  note(monitors_.on_effect(state.bits, event), now_us);
  if ((tags & checkers::kWritesState) != 0 || state.bits[place] == 0) forget_nothings(state);
}

void SafetyWatch::delivered(std::uint32_t number, sim::JobNumber job, sim::Tags tags, std::uint64_t now_us) {
  if ((tags & Monitors::kDeliveryTags) == 0) return;
  State& state = states_[number];
  const auto place = static_cast<std::uint16_t>(place_of(state, job));
  note(monitors_.on_delivered(state.bits, place, tags), now_us);
}

void SafetyWatch::flags(std::uint32_t number, sim::JobNumber job, std::uint16_t before, std::uint16_t after,
                        std::uint64_t now_us) {
  if (((before ^ after) & Monitors::kFlags) == 0) return;
  std::vector<sim::JobNumber>& inside = states_[number].inside;
  std::erase(inside, job);
  if ((after & checkers::kInCriticalSection) == 0) return;
  // The others first, then the job itself as it was.
  std::vector<std::uint16_t> all_flags(inside.size() + 1, checkers::kInCriticalSection);
  all_flags.back() = before;
  note(monitors_.on_flags(static_cast<std::uint16_t>(inside.size()), before, after, all_flags), now_us);
  inside.push_back(job);
}

void SafetyWatch::ended(std::uint32_t number, sim::JobNumber job) { std::erase(states_[number].inside, job); }

void SafetyWatch::note(checkers::PropertySet::Bits violated, std::uint64_t now_us) {
  for (const checkers::Property property : checkers::PropertySet::from_bits(violated)) {
    Breach& breach = figures_.breaches[property];
    if (breach.count++ == 0) breach.first_us = now_us;
  }
}

}  // namespace lockstorm::scenarios
