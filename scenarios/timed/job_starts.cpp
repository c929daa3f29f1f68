#include "scenarios/timed/job_starts.hpp"

namespace lockstorm::scenarios {

void JobStarts::arrive(std::uint32_t record) {
  const Arrival& arrival = day_.arrivals[record];
  JobFigures& job = day_.figures.jobs[record];
  job.arrived_us = day_.run.now_us();
  job.state = arrival.state;
  job.pipeline = arrival.pipeline;
  ++day_.arrived;
  if (record + 1 < day_.arrivals.size())
    day_.set_alarm(day_.arrivals[record + 1].at_us, DayAlarm::arrival, record + 1);
  if (groups_.empty()) return start_up(record);
  GroupState& group = groups_[arrival.state];
  if (day_.settings.group == Group::newest && !group.waiting.empty()) {
    cancel(group.waiting.front());
    group.waiting.clear();
  }
  group.waiting.push_back(record);
  let_next_start(arrival.state);
}

void JobStarts::cancel(std::uint32_t record) {
  JobFigures& displaced = day_.figures.jobs[record];
  displaced.group_wait_us = day_.run.now_us() - displaced.arrived_us;
  displaced.ended_us = day_.run.now_us();
  displaced.end = JobEnd::cancelled;
  ++day_.ended;
}

void JobStarts::let_next_start(std::uint32_t state) {
  GroupState& group = groups_[state];
  if (group.busy || group.waiting.empty()) return;
  const std::uint32_t record = group.waiting.front();
  group.waiting.pop_front();
  group.busy = true;
  JobFigures& job = day_.figures.jobs[record];
  job.group_wait_us = day_.run.now_us() - job.arrived_us;
  start_up(record);
}

void JobStarts::start_up(std::uint32_t record) {
  if (day_.settings.start_up.is_zero()) return launch(record);
  const std::uint64_t start_up_us = day_.settings.start_up.at(day_.random_of(record).stream(0).at(0));
  day_.set_alarm(day_.run.now_us() + start_up_us, DayAlarm::launch, record);
}

// What the job is given comes before the process itself, which asks at once how long its first call takes.
void JobStarts::launch(std::uint32_t record) {
  const JobFigures& job = day_.figures.jobs[record];
  const std::size_t client = job.pipeline % day_.world.class_of_client.size();
  if (day_.number_of.size() <= record) day_.number_of.resize(record + 1, kNobody);
  LiveJob& live = day_.jobs.emplace_back(LiveJob{record, JobChance(day_.random_of(record)), false});
  day_.number_of[record] = static_cast<sim::JobNumber>(day_.jobs.size() - 1);
  if (day_.settings.crash_every.count() > 0) {
    const auto until_killed = sim::Distribution::exponential(microseconds_of(day_.settings.crash_every));
    day_.set_alarm(day_.run.now_us() + live.chance.draw(until_killed), DayAlarm::kill, record);
  }
  schedule_freeze(day_, live, record);
  day_.run.start(day_.world.class_of_client[client], job.state);
}

void JobStarts::ended(std::uint32_t state) {
  if (groups_.empty()) return;
  groups_[state].busy = false;
  let_next_start(state);
}

void schedule_freeze(DayState& day, LiveJob& job, std::uint32_t record) {
  if (day.settings.pause_every.count() == 0) return;
  const auto until_frozen = sim::Distribution::exponential(microseconds_of(day.settings.pause_every));
  day.set_alarm(day.run.now_us() + job.chance.draw(until_frozen), DayAlarm::freeze, record);
}

}  // namespace lockstorm::scenarios
