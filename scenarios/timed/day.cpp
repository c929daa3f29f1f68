#include "scenarios/timed/day.hpp"

#include <utility>

#include "models/cloud/cloud.hpp"
#include "scenarios/timed/job_measures.hpp"
#include "scenarios/timed/job_starts.hpp"
#include "scenarios/timed/safety_watch.hpp"
#include "scenarios/timed/throttles.hpp"
#include "sim/limits.hpp"

namespace lockstorm::scenarios {
namespace {

using sim::CallFate;
using sim::JobNumber;

class Day final : private sim::TimedDirector {
 public:
  Day(const TimedWorld& world, const DayOptions& options)
      : options_(options),
        day_(world, options, *this),
        requests_(day_.spec, day_.settings, day_.values),
        throttles_(day_.spec, day_.settings),
        durations_(day_.settings, world.scenario.resources(), has_cloud(day_.spec)),
        starts_(day_),
        measures_(day_, requests_),
        safety_(day_.settings.states, day_.figures) {}

  RunFigures run() {
    starts_.begin();
    const std::uint64_t latest_us =
        microseconds_of(day_.settings.duration) + microseconds_of(options_.longest_tail);
    constexpr std::uint64_t kLookEvery = 1U << 14U;  // events
    // What still lies ahead of a job that has ended, such as its death, is nothing to wait for.
    while (!day_.is_over() && run_.events() < options_.most_events && run_.now_us() <= latest_us &&
           takes_step()) {
      if (run_.events() % kLookEvery != 0) continue;
      if (day_.nobody_gets_on() || (options_.stop && options_.stop())) break;
    }
    RunFigures& figures = day_.figures;
    figures.end_us = run_.now_us();
    figures.events = run_.events();
    figures.trace_hash = run_.trace_hash();
    if (!day_.is_over() || is_crowded_) figures.stuck = day_.stuck();
    if (is_crowded_) figures.stuck->is_crowded = true;
    day_.locks.finish(run_.now_us());
    figures.jobs.resize(day_.arrived);
    return std::move(figures);
  }

 private:
  // A run that is too large is cut off like one that is too long.
  bool takes_step() {
    try {
      return run_.step();
    } catch (const sim::LimitExceeded&) {
      is_crowded_ = true;
      return false;
    }
  }

  void rings(std::uint32_t alarm) override {
    const std::uint32_t record = alarm & ((1U << kDayAlarmShift) - 1);
    switch (static_cast<DayAlarm>(alarm >> kDayAlarmShift)) {
      case DayAlarm::arrival:
        return starts_.arrive(record);
      case DayAlarm::launch:
        return starts_.launch(record);
      case DayAlarm::kill:
        return run_.kill(day_.number_of[record]);
      case DayAlarm::freeze:
        return freeze(record);
      case DayAlarm::thaw:
        return thaw(record);
      case DayAlarm::unlock:
        return unlock(record);
    }
  }

  // ---- what befalls jobs ----

  void freeze(std::uint32_t record) {
    const JobNumber job = day_.number_of[record];
    if (!run_.is_alive(job)) return;
    day_.jobs[job].paused = true;
    run_.pause(job);
    day_.set_alarm(run_.now_us() + day_.jobs[job].chance.draw(day_.settings.pause_for), DayAlarm::thaw,
                   record);
  }

  void thaw(std::uint32_t record) {
    const JobNumber job = day_.number_of[record];
    if (!run_.is_alive(job)) return;
    day_.jobs[job].paused = false;
    schedule_freeze(day_, day_.jobs[job], record);
    run_.resume(job);
  }

  void unlock(std::uint32_t record) {
    day_.asking_state = day_.figures.jobs[record].state;
    const sim::CounterRandom random =
        day_.random.stream(static_cast<std::uint64_t>(DayStream::operators)).stream(record);
    day_.jobs.push_back({kNobody, JobChance(random), false});
    run_.start(static_cast<std::uint8_t>(*day_.world.world->operators), day_.asking_state);
  }

  // ---- how long things take, and what chance does to calls ----

  sim::CallPlan plan_call(JobNumber number, std::uint8_t service, sim::ValueId request) override {
    LiveJob& live = day_.jobs[number];
    const TimedRequest& facts = requests_.of(service, request);
    if (day_.spec.services[service]->name() == models::Cloud::kName)
      return {durations_.change_us(live.chance, facts.is_read, run_.now_us()), 0};
    const std::uint64_t trip_us = live.chance.draw(requests_.latency(facts.latency));
    return {trip_us / 2, trip_us - trip_us / 2};
  }

  CallFate fate_of_call(JobNumber number, std::uint8_t service, sim::ValueId) override {
    if (day_.is_operator(number)) day_.asking_state = run_.state_of(number);
    if (day_.spec.services[service]->is_local()) return CallFate::answered;
    if (!throttles_.admits(service, run_.now_us())) {
      ++day_.figures.throttled;
      return CallFate::throttled;
    }
    const TimedSettings& settings = day_.settings;
    const std::uint32_t faults_ppm =
        settings.lost_requests_ppm + settings.lost_responses_ppm + settings.server_errors_ppm;
    if (faults_ppm == 0) return CallFate::answered;
    constexpr std::uint64_t kMillion = 1'000'000;
    const std::uint64_t chance =
        sim::Distribution::uniform(0, kMillion - 1).at(day_.jobs[number].chance.next());
    if (chance < settings.lost_requests_ppm) return CallFate::lost_request;
    if (chance < settings.lost_requests_ppm + settings.lost_responses_ppm) return CallFate::lost_response;
    return chance < faults_ppm ? CallFate::server_error : CallFate::answered;
  }

  std::uint64_t timer_us(JobNumber number, std::uint64_t duration_us, bool jitter) override {
    return Durations::timer_us(day_.jobs[number].chance, duration_us, jitter);
  }

  std::uint64_t work_us(JobNumber number) override { return durations_.work_us(day_.jobs[number].chance); }

  std::uint32_t choose(JobNumber number, std::uint16_t about, std::uint32_t /*bound*/) override {
    return Durations::choose(day_.jobs[number].chance, about, run_.now_us());
  }

  // ---- what is watched ----

  void on_effect(const sim::TimedEffect& effect) override {
    if (effect.tags != 0)
      safety_.effect(run_.state_of(effect.job), effect.job, run_.flags_of(effect.job), effect.tags,
                     run_.now_us());
    measures_.effect(effect);
  }

  void on_delivered(JobNumber number, sim::Tags tags) override {
    safety_.delivered(run_.state_of(number), number, tags, run_.now_us());
  }

  void on_flags(JobNumber number, std::uint16_t before, std::uint16_t after) override {
    safety_.flags(run_.state_of(number), number, before, after, run_.now_us());
  }

  void on_deadline_begun(JobNumber number) override { measures_.asks(number); }

  void on_mark(JobNumber number, sim::Mark mark) override { measures_.reached(number, mark); }

  void on_end(JobNumber number, sim::ValueId, bool killed) override {
    safety_.ended(run_.state_of(number), number);
    if (day_.is_operator(number)) {
      --day_.unlocks_ahead;
      return;
    }
    const std::uint32_t record = day_.jobs[number].record;
    const bool leaves_lock = measures_.ended(number, killed);
    if (leaves_lock && day_.settings.unlock_after) {
      ++day_.unlocks_ahead;
      day_.set_alarm(run_.now_us() + day_.jobs[number].chance.draw(*day_.settings.unlock_after),
                     DayAlarm::unlock, record);
    }
    starts_.ended(day_.figures.jobs[record].state);
  }

  DayOptions options_;
  DayState day_;
  sim::TimedRun& run_ = day_.run;
  TimedRequests requests_;
  Throttles throttles_;
  Durations durations_;
  JobStarts starts_;
  JobMeasures measures_;
  SafetyWatch safety_;
  bool is_crowded_ = false;
};

}  // namespace

RunFigures run_day(const TimedWorld& world, const DayOptions& options) { return Day(world, options).run(); }

}  // namespace lockstorm::scenarios
