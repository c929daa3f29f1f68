#include "scenarios/timed/lock_watch.hpp"

#include <algorithm>

namespace lockstorm::scenarios {

void LockWatch::count_waiting(std::uint64_t now_us) {
  figures_.waiting_area_us += waiting_ * (now_us - counted_us_);
  counted_us_ = now_us;
}

void LockWatch::begin_wait(std::uint32_t number, std::uint64_t now_us) {
  JobFigures& job = figures_.jobs[number];
  count_waiting(now_us);
  ++waiting_;
  job.asked = true;
  job.asked_us = now_us;
  states_[job.state].waiting.push_back(number);
}

void LockWatch::end_wait(std::uint32_t number, std::uint64_t now_us, bool granted) {
  JobFigures& job = figures_.jobs[number];
  State& state = states_[job.state];
  const auto place = std::ranges::find(state.waiting, number);
  if (place == state.waiting.end()) return;
  count_waiting(now_us);
  --waiting_;
  job.lock_wait_us += now_us - job.asked_us;
  if (granted) {
    job.granted = true;
    job.granted_us = now_us;
    for (auto earlier = state.waiting.begin(); earlier != place; ++earlier) {
      JobFigures& other = figures_.jobs[*earlier];
      if (other.asked_us < job.asked_us) ++other.overtaken;
    }
    if (state.orphaned_us != kNever) figures_.recoveries_us.push_back(now_us - state.orphaned_us);
    state.orphaned_us = kNever;
  }
  state.waiting.erase(place);
}

void LockWatch::taken(std::uint32_t number, std::uint32_t job, std::uint64_t now_us) {
  State& state = states_[number];
  if (state.holder == job) return;  // a second lock of the same unlock
  released(number, now_us);         // it has run out, or ended with its session
  state.holder = job;
  state.since_us = now_us;
}

void LockWatch::released(std::uint32_t number, std::uint64_t now_us) {
  State& state = states_[number];
  if (state.holder == kNone) return;
  figures_.held_us += now_us - state.since_us;
  if (keeps_spans_) figures_.spans.push_back({number, state.holder, state.since_us, now_us});
  state.holder = kNone;
}

bool LockWatch::holder_died(std::uint32_t number, std::uint32_t job, std::uint64_t now_us,
                            bool lock_goes_with_it) {
  State& state = states_[number];
  if (state.holder != job) return false;
  ++figures_.holders_killed;
  if (state.orphaned_us == kNever) state.orphaned_us = now_us;
  if (lock_goes_with_it) released(number, now_us);
  return !lock_goes_with_it;
}

void LockWatch::finish(std::uint64_t now_us) {
  count_waiting(now_us);
  for (std::uint32_t number = 0; number < states_.size(); ++number) {
    if (states_[number].orphaned_us != kNever) ++figures_.unrecovered;
    for (const std::uint32_t job : states_[number].waiting)
      figures_.jobs[job].lock_wait_us += now_us - figures_.jobs[job].asked_us;
    released(number, now_us);
  }
}

}  // namespace lockstorm::scenarios
