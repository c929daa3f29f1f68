#include "scenarios/timed/day_state.hpp"

#include "scenarios/timed/live_jobs.hpp"

namespace lockstorm::scenarios {

DayState::DayState(const TimedWorld& timed, const DayOptions& options, sim::TimedDirector& director)
    : world(timed),
      settings(*timed.settings),
      random(sim::CounterRandom(options.seed).stream(options.run)),
      arrivals(arrival_list(settings, random.stream(static_cast<std::uint64_t>(DayStream::arrivals)))),
      spec(spec_of(timed)),
      run(spec, values, director, settings.states, timed.most_jobs_of_a_state),
      locks(settings.states, figures, options.keeps_spans) {
  figures.jobs.resize(arrivals.size());
}

sim::WorldSpec DayState::spec_of(const TimedWorld& timed) {
  sim::WorldSpec made = timed.world->spec;
  if (timed.ci)
    made.services[*timed.ci] = std::make_shared<LiveJobs>(made.services[*timed.ci],
                                                          [this](sim::Slot slot) { return status_of(slot); });
  return made;
}

// Of whoever has that number on the state that the operator who asks works on.
models::Jobs::Status DayState::status_of(sim::Slot slot) const {
  using Status = models::Jobs::Status;
  for (std::size_t i = jobs.size(); i-- > 0;) {
    const auto job = static_cast<sim::JobNumber>(i);
    if (run.state_of(job) != asking_state || run.slot_of(job) != slot) continue;
    if (!run.is_alive(job)) return Status::gone;
    return jobs[i].paused ? Status::silent : Status::running;
  }
  return Status::gone;
}

bool DayState::still_holds(sim::JobNumber number) const {
  const sim::SlotSet who = sim::only(sim::Who::process(run.slot_of(number)));
  for (std::size_t s = 0; s < spec.services.size(); ++s) {
    const sim::SlotSet holders =
        spec.services[s]->holders(values, run.service_value(run.state_of(number), s));
    if (holders != sim::kEverybody && (holders & who) != 0) return true;
  }
  return false;
}

bool DayState::nobody_gets_on() const {
  if (spec.time.servers_age || arrived < arrivals.size() || unlocks_ahead > 0) return false;
  for (const JobFigures& job : figures.jobs) {
    if (job.ended_us != 0) continue;
    const std::uint32_t holder = locks.holder(job.state);
    if (holder == kNobody || figures.jobs[holder].end != JobEnd::killed) return false;
  }
  return true;
}

Stuck DayState::stuck() const {
  Stuck stuck;
  for (std::uint32_t record = 0; record < arrived; ++record) {
    const JobFigures& job = figures.jobs[record];
    if (job.ended_us != 0) continue;
    ++stuck.waiting;
    if (stuck.job) continue;
    stuck.job = record;
    const std::uint32_t holder = locks.holder(job.state);
    if (holder == kNobody || holder == record) continue;
    stuck.for_ = holder;
    stuck.holder_is_dead = figures.jobs[holder].end == JobEnd::killed;
  }
  return stuck;
}

}  // namespace lockstorm::scenarios
