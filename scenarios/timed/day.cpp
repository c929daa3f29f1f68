#include "scenarios/timed/day.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include "models/cloud/cloud.hpp"
#include "models/terraform/milestone.hpp"
#include "scenarios/timed/arrival_list.hpp"
#include "scenarios/timed/durations.hpp"
#include "scenarios/timed/live_jobs.hpp"
#include "scenarios/timed/lock_watch.hpp"
#include "scenarios/timed/request_facts.hpp"
#include "scenarios/timed/safety_watch.hpp"
#include "scenarios/timed/throttles.hpp"
#include "sim/run/timed_run.hpp"
#include "sim/time/counter_random.hpp"

namespace lockstorm::scenarios {
namespace {

using sim::CallFate;
using sim::JobNumber;

// Streams of one run, each for something else.
enum class Stream : std::uint64_t { arrivals = 1, jobs, operators };

enum class AlarmKind : std::uint8_t { arrival, launch, kill, freeze, thaw, unlock };
constexpr unsigned kAlarmShift = 23;
static_assert(kMostArrivals <= std::size_t{1} << kAlarmShift);

constexpr std::uint32_t kNobody = ~0U;

std::uint64_t us(std::chrono::milliseconds span) { return static_cast<std::uint64_t>(span.count()) * 1000; }

bool has_cloud(const sim::WorldSpec& spec) {
  return std::ranges::any_of(spec.services,
                             [](const auto& service) { return service->name() == models::Cloud::kName; });
}

class Day final : private sim::TimedDirector {
 public:
  Day(const TimedWorld& world, const DayOptions& options)
      : world_(world),
        settings_(*world.settings),
        options_(options),
        random_(sim::CounterRandom(options.seed).stream(options.run)),
        arrivals_(arrival_list(settings_, random_.stream(static_cast<std::uint64_t>(Stream::arrivals)))),
        spec_(spec_of(world)),
        run_(spec_, values_, *this, settings_.states, world.most_jobs_of_a_state),
        requests_(spec_, settings_, values_),
        throttles_(spec_, settings_),
        durations_(settings_, world.scenario.resources(), has_cloud(spec_)),
        locks_(settings_.states, figures_, options.keeps_spans),
        safety_(settings_.states, figures_),
        groups_(settings_.group == Group::none ? 0 : settings_.states) {}

  RunFigures run() {
    figures_.jobs.resize(arrivals_.size());
    if (!arrivals_.empty()) set_alarm(arrivals_.front().at_us, AlarmKind::arrival, 0);
    const std::uint64_t latest_us =
        us(settings_.duration) + static_cast<std::uint64_t>(us(options_.longest_tail));
    constexpr std::uint64_t kLookEvery = 1U << 14U;  // events
    // What still lies ahead of a job that has ended, such as its death, is nothing to wait for.
    while (!is_over() && run_.events() < options_.most_events && run_.now_us() <= latest_us && run_.step()) {
      if (run_.events() % kLookEvery == 0 && nobody_gets_on()) break;
    }
    figures_.end_us = run_.now_us();
    figures_.events = run_.events();
    figures_.trace_hash = run_.trace_hash();
    if (!is_over()) note_stuck();
    locks_.finish(run_.now_us());
    figures_.jobs.resize(arrived_);
    return std::move(figures_);
  }

 private:
  struct Live {
    std::uint32_t record = kNobody;  ///< of a client's job; nobody: an operator
    JobChance chance;
    bool paused = false;
  };
  struct GroupState {
    bool busy = false;
    std::deque<std::uint32_t> waiting;
  };

  sim::WorldSpec spec_of(const TimedWorld& world) {
    sim::WorldSpec spec = world.world->spec;
    if (world.ci)
      spec.services[*world.ci] = std::make_shared<LiveJobs>(
          spec.services[*world.ci], [this](sim::Slot slot) { return status_of(slot); });
    return spec;
  }

  // Of whoever has that number on the state that the operator who asks works on.
  [[nodiscard]] models::Jobs::Status status_of(sim::Slot slot) const {
    using Status = models::Jobs::Status;
    for (std::size_t i = jobs_.size(); i-- > 0;) {
      const auto job = static_cast<JobNumber>(i);
      if (run_.state_of(job) != asking_state_ || run_.slot_of(job) != slot) continue;
      if (!run_.is_alive(job)) return Status::gone;
      return jobs_[i].paused ? Status::silent : Status::running;
    }
    return Status::gone;
  }

  void set_alarm(std::uint64_t time_us, AlarmKind kind, std::uint32_t record) {
    run_.alarm(time_us, static_cast<std::uint32_t>(kind) << kAlarmShift | record);
  }

  // ---- who starts when ----

  void rings(std::uint32_t alarm) override {
    const std::uint32_t record = alarm & ((1U << kAlarmShift) - 1);
    switch (static_cast<AlarmKind>(alarm >> kAlarmShift)) {
      case AlarmKind::arrival:
        return arrive(record);
      case AlarmKind::launch:
        return launch(record);
      case AlarmKind::kill:
        return kill(record);
      case AlarmKind::freeze:
        return freeze(record);
      case AlarmKind::thaw:
        return thaw(record);
      case AlarmKind::unlock:
        return unlock(record);
    }
  }

  void arrive(std::uint32_t record) {
    const Arrival& arrival = arrivals_[record];
    JobFigures& job = figures_.jobs[record];
    job.arrived_us = run_.now_us();
    job.state = arrival.state;
    job.pipeline = arrival.pipeline;
    ++arrived_;
    if (record + 1 < arrivals_.size()) set_alarm(arrivals_[record + 1].at_us, AlarmKind::arrival, record + 1);
    if (settings_.group == Group::none) return begin(record);
    GroupState& group = groups_[arrival.state];
    if (settings_.group == Group::newest && !group.waiting.empty()) {
      JobFigures& displaced = figures_.jobs[group.waiting.front()];
      displaced.group_wait_us = run_.now_us() - displaced.arrived_us;
      displaced.ended_us = run_.now_us();
      displaced.end = JobEnd::cancelled;
      ++ended_;
      group.waiting.clear();
    }
    group.waiting.push_back(record);
    let_next_start(arrival.state);
  }

  void let_next_start(std::uint32_t state) {
    GroupState& group = groups_[state];
    if (group.busy || group.waiting.empty()) return;
    const std::uint32_t record = group.waiting.front();
    group.waiting.pop_front();
    group.busy = true;
    figures_.jobs[record].group_wait_us = run_.now_us() - figures_.jobs[record].arrived_us;
    begin(record);
  }

  void begin(std::uint32_t record) {
    if (settings_.start_up.is_zero()) return launch(record);
    const sim::CounterRandom random = random_of(record);
    set_alarm(run_.now_us() + settings_.start_up.at(random.stream(0).at(0)), AlarmKind::launch, record);
  }

  [[nodiscard]] sim::CounterRandom random_of(std::uint32_t record) const {
    return random_.stream(static_cast<std::uint64_t>(Stream::jobs)).stream(record);
  }

  void launch(std::uint32_t record) {
    const JobFigures& job = figures_.jobs[record];
    const std::size_t client = job.pipeline % world_.class_of_client.size();
    if (number_of_.size() <= record) number_of_.resize(record + 1, kNobody);
    Live& live = add_live(record, random_of(record));
    number_of_[record] = static_cast<JobNumber>(jobs_.size() - 1);
    if (settings_.crash_every.count() > 0)
      set_alarm(run_.now_us() + live.chance.draw(sim::Distribution::exponential(us(settings_.crash_every))),
                AlarmKind::kill, record);
    schedule_freeze(live, record);
    run_.start(world_.class_of_client[client], job.state);
  }

  // Before the process itself starts, which asks at once how long its first call takes.
  Live& add_live(std::uint32_t record, const sim::CounterRandom& random) {
    Live& live = jobs_.emplace_back();
    live.record = record;
    live.chance = JobChance(random);
    return live;
  }

  // ---- what befalls them ----

  void kill(std::uint32_t record) { run_.kill(number_of_[record]); }

  void schedule_freeze(Live& live, std::uint32_t record) {
    if (settings_.pause_every.count() == 0) return;
    set_alarm(run_.now_us() + live.chance.draw(sim::Distribution::exponential(us(settings_.pause_every))),
              AlarmKind::freeze, record);
  }

  void freeze(std::uint32_t record) {
    const JobNumber job = number_of_[record];
    if (!run_.is_alive(job)) return;
    jobs_[job].paused = true;
    run_.pause(job);
    set_alarm(run_.now_us() + jobs_[job].chance.draw(settings_.pause_for), AlarmKind::thaw, record);
  }

  void thaw(std::uint32_t record) {
    const JobNumber job = number_of_[record];
    if (!run_.is_alive(job)) return;
    jobs_[job].paused = false;
    schedule_freeze(jobs_[job], record);
    run_.resume(job);
  }

  void unlock(std::uint32_t record) {
    asking_state_ = figures_.jobs[record].state;
    add_live(kNobody, random_.stream(static_cast<std::uint64_t>(Stream::operators)).stream(record));
    run_.start(static_cast<std::uint8_t>(*world_.world->operators), asking_state_);
  }

  // ---- how long things take ----

  sim::CallPlan plan_call(JobNumber number, std::uint8_t service, sim::ValueId request) override {
    Live& live = jobs_[number];
    const TimedRequest& facts = requests_.of(service, request);
    if (spec_.services[service]->name() == models::Cloud::kName)
      return {durations_.change_us(live.chance, facts.is_read, run_.now_us()), 0};
    const std::uint64_t trip_us = live.chance.draw(requests_.latency(facts.latency));
    return {trip_us / 2, trip_us - trip_us / 2};
  }

  CallFate fate_of_call(JobNumber number, std::uint8_t service, sim::ValueId) override {
    if (live_is_operator(number)) asking_state_ = run_.state_of(number);
    if (spec_.services[service]->is_local()) return CallFate::answered;
    if (!throttles_.admits(service, run_.now_us())) {
      ++figures_.throttled;
      return CallFate::throttled;
    }
    const std::uint32_t faults_ppm =
        settings_.lost_requests_ppm + settings_.lost_responses_ppm + settings_.server_errors_ppm;
    if (faults_ppm == 0) return CallFate::answered;
    Live& live = jobs_[number];
    constexpr std::uint64_t kMillion = 1'000'000;
    const std::uint64_t chance = sim::Distribution::uniform(0, kMillion - 1).at(live.chance.next());
    if (chance < settings_.lost_requests_ppm) return CallFate::lost_request;
    if (chance < settings_.lost_requests_ppm + settings_.lost_responses_ppm) return CallFate::lost_response;
    return chance < faults_ppm ? CallFate::server_error : CallFate::answered;
  }

  std::uint64_t timer_us(JobNumber number, std::uint64_t duration_us, bool jitter) override {
    return Durations::timer_us(jobs_[number].chance, duration_us, jitter);
  }

  std::uint64_t work_us(JobNumber number) override { return durations_.work_us(jobs_[number].chance); }

  std::uint32_t choose(JobNumber number, std::uint16_t about, std::uint32_t bound) override {
    return durations_.choose(jobs_[number].chance, about, bound, run_.now_us());
  }

  // ---- what is measured ----

  [[nodiscard]] bool live_is_operator(JobNumber number) const { return jobs_[number].record == kNobody; }

  void on_effect(const sim::TimedEffect& effect) override {
    if (effect.tags != 0)
      safety_.effect(run_.state_of(effect.job), effect.job, run_.flags_of(effect.job), effect.tags,
                     run_.now_us());
    const sim::AnyService& service = *spec_.services[effect.service];
    if (service.is_local() && service.name() != "disk") return;
    const TimedRequest& facts = requests_.of(effect.service, effect.request);
    const std::uint32_t record = jobs_[effect.job].record;
    if (record != kNobody) {
      JobFigures& job = figures_.jobs[record];
      ++job.requests;
      job.nanodollars += facts.nanodollars;
      if (facts.lock == sim::LockUse::asks) ++job.lock_requests;
    }
    const bool matters = facts.lock == sim::LockUse::asks || facts.lock == sim::LockUse::releases;
    if (!matters || effect.response == 0) return;
    if (effect.fate != CallFate::answered) return;
    if (service.told(values_, run_.slot_of(effect.job), effect.request, effect.response).is_refusal) return;
    note_holder(run_.state_of(effect.job), effect.job);
  }

  // A request may be about a lesser lock beside the state's; whose that one is, the servers' record says.
  void note_holder(std::uint32_t state, JobNumber asking) {
    const std::uint32_t holder = locks_.holder(state);
    if (holder != kNobody && !still_holds(number_of_[holder])) locks_.released(state, run_.now_us());
    if (!live_is_operator(asking) && locks_.holder(state) == kNobody && still_holds(asking))
      locks_.taken(state, jobs_[asking].record, run_.now_us());
  }

  void on_delivered(JobNumber number, sim::Tags tags) override {
    safety_.delivered(run_.state_of(number), number, tags, run_.now_us());
  }

  void on_flags(JobNumber number, std::uint16_t before, std::uint16_t after) override {
    safety_.flags(run_.state_of(number), number, before, after, run_.now_us());
  }

  void on_deadline_begun(JobNumber number) override {
    const std::uint32_t record = jobs_[number].record;
    if (record != kNobody) locks_.begin_wait(record, run_.now_us());
  }

  void on_mark(JobNumber number, sim::Mark mark) override {
    Live& live = jobs_[number];
    if (live.record == kNobody) return;
    const models::Milestone milestone = models::read_mark(mark);
    if (const auto* goal = std::get_if<models::Goal>(&milestone.what)) {
      const bool granted =
          *goal == models::Goal::granted_at_once || *goal == models::Goal::granted_after_waiting;
      JobFigures& job = figures_.jobs[live.record];
      if (granted) job.at_once = *goal == models::Goal::granted_at_once && (job.at_once || !job.granted);
      if (granted) locks_.end_wait(live.record, run_.now_us(), true);
      return;
    }
    const auto& end = std::get<models::CommandEnd>(milestone.what);
    locks_.end_wait(live.record, run_.now_us(), false);
    live.chance.begin_command();
    JobEnd& fared = figures_.jobs[live.record].end;
    if (fared == JobEnd::running || fared == JobEnd::done) fared = end_of(end);
  }

  static JobEnd end_of(const models::CommandEnd& end) {
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

  void on_end(JobNumber number, sim::ValueId, bool killed) override {
    safety_.ended(run_.state_of(number), number);
    const std::uint32_t record = jobs_[number].record;
    if (record == kNobody) {
      --unlocks_ahead_;
      return;
    }
    ++ended_;
    JobFigures& job = figures_.jobs[record];
    job.ended_us = run_.now_us();
    locks_.end_wait(record, run_.now_us(), false);
    if (killed) {
      job.end = JobEnd::killed;
      const bool lock_goes_with_it = !still_holds(number);
      if (locks_.holder_died(job.state, record, run_.now_us(), lock_goes_with_it) && settings_.unlock_after) {
        ++unlocks_ahead_;
        set_alarm(run_.now_us() + jobs_[number].chance.draw(*settings_.unlock_after), AlarmKind::unlock,
                  record);
      }
    }
    if (settings_.group == Group::none) return;
    groups_[job.state].busy = false;
    let_next_start(job.state);
  }

  [[nodiscard]] bool is_over() const { return ended_ == arrivals_.size() && unlocks_ahead_ == 0; }

  // All who are left wait for dead jobs' locks, which nobody will remove.
  [[nodiscard]] bool nobody_gets_on() const {
    if (spec_.time.ticks > 0 || arrived_ < arrivals_.size() || unlocks_ahead_ > 0) return false;
    for (const JobFigures& job : figures_.jobs) {
      if (job.ended_us != 0) continue;
      const std::uint32_t holder = locks_.holder(job.state);
      if (holder == kNobody || figures_.jobs[holder].end != JobEnd::killed) return false;
    }
    return true;
  }

  // By the record of the servers that keep locks; a session that has ended takes its own along.
  [[nodiscard]] bool still_holds(JobNumber number) const {
    const sim::SlotSet who = sim::only(sim::Who::process(run_.slot_of(number)));
    for (std::size_t s = 0; s < spec_.services.size(); ++s) {
      const sim::SlotSet holders =
          spec_.services[s]->holders(values_, run_.service_value(run_.state_of(number), s));
      if (holders != sim::kEverybody && (holders & who) != 0) return true;
    }
    return false;
  }

  void note_stuck() {
    Stuck stuck;
    for (std::uint32_t record = 0; record < arrived_; ++record) {
      const JobFigures& job = figures_.jobs[record];
      if (job.ended_us != 0) continue;
      ++stuck.waiting;
      if (stuck.job) continue;
      stuck.job = record;
      const std::uint32_t holder = locks_.holder(job.state);
      if (holder == kNobody || holder == record) continue;
      stuck.for_ = holder;
      stuck.holder_is_dead = figures_.jobs[holder].end == JobEnd::killed;
    }
    figures_.stuck = stuck;
  }

  const TimedWorld& world_;
  const TimedSettings& settings_;
  DayOptions options_;
  sim::CounterRandom random_;
  std::vector<Arrival> arrivals_;
  RunFigures figures_;
  sim::ValuePool values_;
  sim::WorldSpec spec_;
  std::deque<Live> jobs_;  ///< [job of the run]
  std::vector<JobNumber> number_of_;
  sim::TimedRun run_;
  TimedRequests requests_;
  Throttles throttles_;
  Durations durations_;
  LockWatch locks_;
  SafetyWatch safety_;
  std::vector<GroupState> groups_;
  std::uint32_t arrived_ = 0;
  std::size_t ended_ = 0;
  std::uint32_t unlocks_ahead_ = 0;  ///< operators who will come or are there
  std::uint32_t asking_state_ = 0;
};

}  // namespace

RunFigures run_day(const TimedWorld& world, const DayOptions& options) { return Day(world, options).run(); }

}  // namespace lockstorm::scenarios
