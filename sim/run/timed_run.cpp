#include "sim/run/timed_run.hpp"

#include <algorithm>
#include <optional>

#include "sim/limits.hpp"
#include "sim/random.hpp"

namespace lockstorm::sim {
namespace {

constexpr unsigned kFiberBits = 2;
constexpr unsigned kKindBits = 3;
constexpr unsigned kNumberShift = kFiberBits + kKindBits;
static_assert(kMaxFibersPerProcess <= 1U << kFiberBits);
constexpr std::size_t kFetchedFrom = 2000;
constexpr std::size_t kJobsFetched = 8;
constexpr std::size_t kProcessesFetched = 2;
constexpr std::uint64_t kMicroseconds = 1000;  // in a millisecond

void fetch_process(const Process& process) {
  const auto* const lines = reinterpret_cast<const char*>(&process);
  for (std::size_t line = 0; line < sizeof(Process); line += 64) __builtin_prefetch(lines + line);
  if (process.fiber_count() > 0) __builtin_prefetch(&process.action(0));
}

}  // namespace

TimedRun::TimedRun(const WorldSpec& spec, ValuePool& values, TimedDirector& director, std::uint32_t states,
                   std::uint32_t most_of_a_state)
    : spec_(spec),
      values_(values),
      director_(director),
      most_of_a_state_(std::min(most_of_a_state, kMostOfAState)),
      numbered_(states, 0),
      free_(states) {
  has_clocks_ = spec.time.servers_age;
  for (std::size_t i = 0; i < spec.services.size(); ++i) {
    if (spec.services[i]->has_process_hooks()) hooks_ |= 1U << i;
  }
  for (std::uint32_t state = 0; state < states; ++state) {
    for (const auto& service : spec.services) services_.push_back(service->initial(values));
  }
  ticks_.assign(services_.size(), 0);
}

TimedRun::~TimedRun() = default;

void TimedRun::push(std::uint64_t time_us, EventKind kind, std::uint32_t number, FiberIndex fiber) {
  queue_.push(time_us, number << kNumberShift | static_cast<std::uint32_t>(kind) << kFiberBits | fiber);
}

void TimedRun::alarm(std::uint64_t time_us, std::uint32_t alarm) {
  push(std::max(time_us, now_us_), EventKind::alarm, alarm);
}

JobNumber TimedRun::start(std::uint8_t process_class, std::uint32_t state) {
  require(jobs_.size() < kMostJobs, "more than 2^26 jobs in one timed run");
  const auto number = static_cast<JobNumber>(jobs_.size());
  Job& job = jobs_.emplace_back();
  job.state = state;
  job.slot = take_slot(state);
  job.process = std::make_unique<Process>(values_, spec_.classes[process_class].body);
  job.process->start();
  go_on(number, 0);
  return number;
}

Slot TimedRun::take_slot(std::uint32_t state) {
  if (numbered_[state] < most_of_a_state_) return static_cast<Slot>(numbered_[state]++);
  require(!free_[state].empty(),
          "more jobs at once on one state than its servers can tell apart in a timed run");
  const Slot slot = free_[state].front();
  free_[state].pop_front();
  for (std::size_t s = 0; s < spec_.services.size(); ++s) {
    if ((hooks_ >> s & 1U) == 0) continue;
    ValueId& value = service_now(state, static_cast<std::uint8_t>(s));
    value = spec_.services[s]->process_started(values_, value, slot);
  }
  return slot;
}

void TimedRun::kill(JobNumber number) {
  Job& job = jobs_[number];
  if (!job.process) return;
  job.process->kill();
  end(number, 0, true);
}

void TimedRun::pause(JobNumber number) {
  Job& job = jobs_[number];
  if (!job.process || job.paused) return;
  job.paused = true;
  for (std::size_t s = 0; s < spec_.services.size(); ++s) {
    if ((hooks_ >> s & 1U) == 0) continue;
    ValueId& value = service_now(job.state, static_cast<std::uint8_t>(s));
    value = spec_.services[s]->process_paused(values_, value, job.slot, true);
  }
}

void TimedRun::resume(JobNumber number) {
  Job& job = jobs_[number];
  if (!job.process || !job.paused) return;
  job.paused = false;
  for (std::size_t s = 0; s < spec_.services.size(); ++s) {
    if ((hooks_ >> s & 1U) == 0) continue;
    ValueId& value = service_now(job.state, static_cast<std::uint8_t>(s));
    value = spec_.services[s]->process_paused(values_, value, job.slot, false);
  }
  for (FiberIndex i = 0; i < kMaxFibersPerProcess && job.process; ++i) {
    if (std::exchange(job.fibers[i].due, false)) observe(number, i, job.fibers[i].observation);
  }
}

// Among many thousand processes the next ones are in no cache: while one event happens the jobs of some that
// come soon are fetched, and of the first of them, whose job is there by then, what goes on.
void TimedRun::fetch_soon() const {
  if (jobs_.size() < kFetchedFrom) return;
  std::size_t place = 0;
  queue_.for_some_soon(kJobsFetched, [&](const TimedEvent& event) {
    const std::uint32_t number = event.code >> kNumberShift;
    if (number >= jobs_.size()) return;
    if (place++ >= kProcessesFetched)
      __builtin_prefetch(&jobs_[number]);
    else if (jobs_[number].process)
      fetch_process(*jobs_[number].process);
  });
}

bool TimedRun::step() {
  if (queue_.empty()) return false;
  const TimedEvent event = queue_.pop();
  fetch_soon();
  now_us_ = event.time_us;
  ++events_;
  hash_ = mix(hash_, now_us_ << 20U ^ event.code);
  const std::uint32_t number = event.code >> kNumberShift;
  const auto kind = static_cast<EventKind>(event.code >> kFiberBits & ((1U << kKindBits) - 1));
  const auto fiber = static_cast<FiberIndex>(event.code & ((1U << kFiberBits) - 1));
  switch (kind) {
    case EventKind::effect:
      take_effect(number, fiber);
      break;
    case EventKind::answer: {
      const Waiting& waiting = jobs_[number].fibers[fiber];
      if (!jobs_[number].process) break;
      observe(number, fiber, waiting.response == 0 ? observe::kNoAnswer : waiting.response);
      break;
    }
    case EventKind::timer:
      observe(number, fiber, observe::kWoke);
      break;
    case EventKind::deadline:
      observe(number, fiber, observe::kDeadline);
      break;
    case EventKind::done:
      observe(number, fiber, observe::kDone);
      break;
    case EventKind::alarm:
      director_.rings(number);
      break;
  }
  return true;
}

void TimedRun::run(std::uint64_t most_events) {
  while (events_ < most_events && step()) {
  }
}

std::uint32_t TimedRun::ticks_now() const {
  return static_cast<std::uint32_t>(now_us_ /
                                    (static_cast<std::uint64_t>(spec_.time.tick.count()) * kMicroseconds));
}

// The server's clock goes on only when somebody asks it: what it does meanwhile it would do then anyway.
ValueId& TimedRun::service_now(std::uint32_t state, std::uint8_t service) {
  const std::size_t place = state * spec_.services.size() + service;
  ValueId& value = services_[place];
  if (!has_clocks_) return value;
  const std::uint32_t ticks = ticks_now();
  for (; ticks_[place] < ticks; ++ticks_[place]) {
    const ValueId before = std::exchange(value, spec_.services[service]->tick(values_, value));
    if (before != value) continue;
    ticks_[place] = ticks;  // nothing ages any more
    break;
  }
  return value;
}

void TimedRun::take_effect(JobNumber number, FiberIndex fiber) {
  Job& job = jobs_[number];
  Waiting& waiting = job.fibers[fiber];
  const AnyService& service = *spec_.services[waiting.service];
  CallFate fate = director_.fate_of_call(number, waiting.service, waiting.request);
  const bool refused = fate == CallFate::throttled || fate == CallFate::server_error;
  if (refused && !service.can_refuse()) fate = CallFate::answered;
  waiting.response = 0;
  waiting.tags = 0;
  if (fate == CallFate::answered || fate == CallFate::lost_response) {
    ValueId& value = service_now(job.state, waiting.service);
    const AnyService::Outcome outcome = service.apply(values_, value, job.slot, waiting.request, 0);
    value = outcome.value;
    waiting.tags = outcome.tags;
    if (fate == CallFate::answered) waiting.response = outcome.response;
  } else if (refused) {
    waiting.response = service.refusal(
        values_, waiting.request, fate == CallFate::throttled ? Refusal::throttled : Refusal::server_error);
  }
  if (waiting.response == 0) {
    ValueId& value = service_now(job.state, waiting.service);
    value = service.connection_lost(values_, value, job.slot);
  }
  hash_ = mix(hash_, waiting.response);
  director_.on_effect({number, waiting.service, waiting.request, waiting.response, fate, waiting.tags});
  if (job.process) push(now_us_ + waiting.back_us, EventKind::answer, number, fiber);
}

void TimedRun::observe(JobNumber number, FiberIndex fiber, Observation observation) {
  Job& job = jobs_[number];
  if (!job.process) return;
  if (job.paused) {
    job.fibers[fiber].due = true;
    job.fibers[fiber].observation = observation;
    return;
  }
  // Of what it learns by an answer; a timer's fiber has none.
  const Tags tags = std::exchange(job.fibers[fiber].tags, Tags{0});
  if (tags != 0 && job.fibers[fiber].response != 0) director_.on_delivered(number, tags);
  job.process->feed(fiber, observation);
  go_on(number, fiber);
}

void TimedRun::go_on(JobNumber number, FiberIndex fiber) {
  Job& job = jobs_[number];
  std::uint32_t moved = 1U << fiber;
  for (;;) {
    note_progress(number);
    if (job.process->ended()) return end(number, job.process->outcome(), false);
    std::optional<std::pair<FiberIndex, Observation>> at_once;
    for (FiberIndex i = 0; i < job.process->fiber_count() && !at_once; ++i) {
      if ((moved >> i & 1U) == 0 && !job.fibers[i].idle) continue;
      const Action action = job.process->action(i);
      if (action.kind == ActionKind::choose) {
        at_once = {i, observe::kChoice + director_.choose(number, action.about, action.argument)};
      } else if (action.kind == ActionKind::now) {
        at_once = {i, observe::kChoice + ticks_now()};
      } else {
        enter(number, i, action);
        moved &= ~(1U << i);
      }
    }
    if (!at_once) return;
    moved |= 1U << at_once->first;
    job.process->feed(at_once->first, at_once->second);
  }
}

void TimedRun::enter(JobNumber number, FiberIndex fiber, const Action& action) {
  Job& job = jobs_[number];
  Waiting& waiting = job.fibers[fiber];
  waiting.idle = false;
  switch (action.kind) {
    case ActionKind::call: {
      const CallPlan plan = director_.plan_call(number, action.service, action.argument);
      waiting.service = action.service;
      waiting.request = action.argument;
      waiting.back_us = plan.back_us;
      return push(now_us_ + plan.there_us, EventKind::effect, number, fiber);
    }
    case ActionKind::sleep:
    case ActionKind::wait: {
      const bool jitter = job.process->sleeps_with_jitter();
      const std::uint64_t end_us =
          now_us_ + director_.timer_us(number, action.argument * kMicroseconds, jitter);
      const bool is_cut = action.kind == ActionKind::wait && job.deadline_us < end_us;
      if (!is_cut) return push(end_us, EventKind::timer, number, fiber);
      return push(std::max(job.deadline_us, now_us_), EventKind::deadline, number, fiber);
    }
    case ActionKind::work:
      return push(now_us_ + director_.work_us(number), EventKind::done, number, fiber);
    case ActionKind::signal:  // nobody interrupts
      return;
    case ActionKind::none:
    case ActionKind::recall:
    case ActionKind::choose:
    case ActionKind::now:
      waiting.idle = true;
      return;
  }
}

void TimedRun::note_progress(JobNumber number) {
  Job& job = jobs_[number];
  Process& process = *job.process;
  if (process.deadlines_begun() != job.deadlines_begun) {
    job.deadlines_begun = process.deadlines_begun();
    job.deadline_us = now_us_ + static_cast<std::uint64_t>(process.deadline_limit().count()) * kMicroseconds;
    director_.on_deadline_begun(number);
  }
  if (process.flags() != job.flags) {
    const std::uint16_t before = std::exchange(job.flags, process.flags());
    director_.on_flags(number, before, job.flags);
  }
  for (const Mark mark : process.marks()) director_.on_mark(number, mark);
}

void TimedRun::end(JobNumber number, ValueId outcome, bool killed) {
  Job& job = jobs_[number];
  job.process.reset();
  for (std::size_t s = 0; s < spec_.services.size(); ++s) {
    if ((hooks_ >> s & 1U) == 0) continue;
    ValueId& value = service_now(job.state, static_cast<std::uint8_t>(s));
    value = spec_.services[s]->process_ended(values_, value, job.slot);
  }
  if (!killed) free_[job.state].push_back(job.slot);
  director_.on_end(number, outcome, killed);
}

}  // namespace lockstorm::sim
