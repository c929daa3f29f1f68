#include "scenarios/timed/job_measures.hpp"

namespace lockstorm::scenarios {
namespace {

JobEnd end_of_command(const models::CommandEnd& end) {
  if (end.succeeded) return JobEnd::done;
  switch (end.ending) {
    case models::Ending::lock_refused:
    case models::Ending::lock_timed_out:
      return JobEnd::gave_up;
    case models::Ending::lock_wait_aborted:
      return JobEnd::refused;
    default:
      return JobEnd::failed;
  }
}

}  // namespace

void JobMeasures::effect(const sim::TimedEffect& effect) {
  const sim::AnyService& service = *day_.spec.services[effect.service];
  if (service.is_local() && service.name() != "disk") return;
  const TimedRequest& facts = requests_.of(effect.service, effect.request);
  const std::uint32_t record = day_.jobs[effect.job].record;
  if (record != kNobody) {
    JobFigures& job = day_.figures.jobs[record];
    ++job.requests;
    job.nanodollars += facts.nanodollars;
    if (facts.lock == sim::LockUse::asks) ++job.lock_requests;
  }
  const bool matters = facts.lock == sim::LockUse::asks || facts.lock == sim::LockUse::releases;
  if (!matters || effect.response == 0 || effect.fate != sim::CallFate::answered) return;
  if (service.told(day_.values, day_.run.slot_of(effect.job), effect.request, effect.response).is_refusal)
    return;
  note_holder(day_.run.state_of(effect.job), effect.job);
}

// A request may be about a lesser lock beside the state's; whose that one is, the servers' record says.
void JobMeasures::note_holder(std::uint32_t state, sim::JobNumber asking) {
  LockWatch& locks = day_.locks;
  const std::uint32_t holder = locks.holder(state);
  if (holder != kNobody && !day_.still_holds(day_.number_of[holder]))
    locks.released(state, day_.run.now_us());
  if (!day_.is_operator(asking) && locks.holder(state) == kNobody && day_.still_holds(asking))
    locks.taken(state, day_.jobs[asking].record, day_.run.now_us());
}

void JobMeasures::asks(sim::JobNumber number) {
  const std::uint32_t record = day_.jobs[number].record;
  if (record != kNobody) day_.locks.begin_wait(record, day_.run.now_us());
}

void JobMeasures::reached(sim::JobNumber number, sim::Mark mark) {
  LiveJob& live = day_.jobs[number];
  if (live.record == kNobody) return;
  JobFigures& job = day_.figures.jobs[live.record];
  const models::Milestone milestone = models::read_mark(mark);
  if (const auto* goal = std::get_if<models::Goal>(&milestone.what)) {
    const bool at_once = *goal == models::Goal::granted_at_once;
    if (!at_once && *goal != models::Goal::granted_after_waiting) return;
    job.at_once = at_once && (job.at_once || !job.granted);
    return day_.locks.end_wait(live.record, day_.run.now_us(), true);
  }
  day_.locks.end_wait(live.record, day_.run.now_us(), false);
  live.chance.begin_command();
  if (job.end == JobEnd::running || job.end == JobEnd::done)
    job.end = end_of_command(std::get<models::CommandEnd>(milestone.what));
}

bool JobMeasures::ended(sim::JobNumber number, bool killed) {
  const std::uint32_t record = day_.jobs[number].record;
  ++day_.ended;
  JobFigures& job = day_.figures.jobs[record];
  job.ended_us = day_.run.now_us();
  day_.locks.end_wait(record, day_.run.now_us(), false);
  if (!killed) return false;
  job.end = JobEnd::killed;
  return day_.locks.holder_died(job.state, record, day_.run.now_us(), !day_.still_holds(number));
}

}  // namespace lockstorm::scenarios
