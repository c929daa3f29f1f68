// A world under virtual time: the same client code on fibers, calls that take as long as somebody says, and
// no choice left open.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "sim/process/process.hpp"
#include "sim/run/timed_queue.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::sim {

/// A process of a timed run, in the order in which they start.
using JobNumber = std::uint32_t;

/// What becomes of one call.
enum class CallFate : std::uint8_t {
  answered,
  lost_request,   ///< it never arrives; the client notices when the answer would have come
  lost_response,  ///< it takes effect; the client notices when the answer would have come
  throttled,      ///< the server asks to slow down, and does nothing
  server_error,   ///< the server answers 5xx, and does nothing
};

/// How one call goes.
struct CallPlan {
  std::uint64_t there_us = 0;  ///< from the client to the moment at which it takes effect
  std::uint64_t back_us = 0;
};

/// What one call was, once it has taken effect or has been refused.
struct TimedEffect {
  JobNumber job = 0;
  std::uint8_t service = 0;
  ValueId request = 0;
  ValueId response = 0;  ///< 0: it never arrived
  CallFate fate = CallFate::answered;
  Tags tags = 0;  ///< what the service says about it; none where it did not take effect
};

/// Who decides how long things take and what chance does, and is told what happens. Each is called at the
/// run's `now_us`, in the order of events.
class TimedDirector {
 public:
  virtual ~TimedDirector() = default;
  virtual CallPlan plan_call(JobNumber job, std::uint8_t service, ValueId request) = 0;
  /// At the server, in the moment in which the request would take effect.
  virtual CallFate fate_of_call(JobNumber job, std::uint8_t service, ValueId request) = 0;
  /// `jitter`: the client draws anything from nothing to twice as much.
  virtual std::uint64_t timer_us(JobNumber job, std::uint64_t duration_us, bool jitter) = 0;
  virtual std::uint64_t work_us(JobNumber job) = 0;
  /// A number below `bound`; `about` is the model's.
  virtual std::uint32_t choose(JobNumber job, std::uint16_t about, std::uint32_t bound) = 0;
  /// An alarm that was set with `TimedRun::alarm`.
  virtual void rings(std::uint32_t alarm) = 0;

  virtual void on_effect(const TimedEffect&) {}
  /// The client learns that its call with these tags took effect.
  virtual void on_delivered(JobNumber, Tags) {}
  virtual void on_deadline_begun(JobNumber) {}
  virtual void on_mark(JobNumber, Mark) {}
  virtual void on_flags(JobNumber, std::uint16_t /*before*/, std::uint16_t /*after*/) {}
  /// The process has ended by itself, with that outcome, or was killed.
  virtual void on_end(JobNumber, ValueId /*outcome*/, bool /*killed*/) {}
};

/// One run. Services exist once for each of `states` equal and separate states; a process belongs to one of
/// them, and its number there (`Slot`) is the one that values know it by. Owned by one thread; two runs of
/// one director's decisions are equal to the event, on every compiler and machine.
class TimedRun {
 public:
  /// Processes of one state, at most: what fits beside the names of earlier ones.
  static constexpr std::uint32_t kMostOfAState = 65'000;
  /// Processes of a run, at most.
  static constexpr std::uint32_t kMostJobs = std::uint32_t{1} << 26U;

  /// `most_of_a_state`: processes that one state's services can tell apart. A process that ends by itself
  /// leaves its number to a later one, the longest ago first; `start` throws where all are taken.
  TimedRun(const WorldSpec& spec, ValuePool& values, TimedDirector& director, std::uint32_t states,
           std::uint32_t most_of_a_state = kMostOfAState);
  ~TimedRun();
  TimedRun(const TimedRun&) = delete;
  TimedRun& operator=(const TimedRun&) = delete;

  /// Rings at `time_us`, or now if that is past. `alarm`: below 2^26.
  void alarm(std::uint64_t time_us, std::uint32_t alarm);
  /// A process starts now. Throws LimitExceeded where there are too many.
  JobNumber start(std::uint8_t process_class, std::uint32_t state);
  /// It vanishes now; what it has sent takes effect all the same. Nothing where it has ended.
  void kill(JobNumber job);
  /// It stays unscheduled until `resume`; its messages go on.
  void pause(JobNumber job);
  void resume(JobNumber job);

  /// One event; false: there is none.
  bool step();
  /// Until no event is left, or `most_events` have been taken altogether.
  void run(std::uint64_t most_events);

  [[nodiscard]] std::uint64_t now_us() const { return now_us_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] bool finished() const { return queue_.empty(); }
  /// Hash chain over every event so far: equal runs have equal traces.
  [[nodiscard]] std::uint64_t trace_hash() const { return hash_; }
  [[nodiscard]] bool is_alive(JobNumber job) const { return jobs_[job].process != nullptr; }
  [[nodiscard]] std::uint32_t state_of(JobNumber job) const { return jobs_[job].state; }
  [[nodiscard]] std::uint16_t flags_of(JobNumber job) const { return jobs_[job].flags; }
  [[nodiscard]] Slot slot_of(JobNumber job) const { return jobs_[job].slot; }
  [[nodiscard]] ValueId service_value(std::uint32_t state, std::size_t service) const {
    return services_[state * spec_.services.size() + service];
  }

 private:
  enum class EventKind : std::uint8_t { effect, answer, timer, deadline, done, alarm };
  struct Waiting {
    ValueId request = 0;
    ValueId response = 0;
    std::uint64_t back_us = 0;
    Tags tags = 0;
    std::uint8_t service = 0;
    bool idle = true;  ///< the fiber waits for no event of the run's: ended, or for another fiber
    bool due = false;  ///< its event has come while the process was paused
    Observation observation = 0;
  };
  struct Job {
    std::unique_ptr<Process> process;
    std::array<Waiting, kMaxFibersPerProcess> fibers{};
    std::uint64_t deadline_us = 0;
    std::uint32_t deadlines_begun = 0;
    std::uint32_t state = 0;
    std::uint16_t flags = 0;
    Slot slot = 0;
    bool paused = false;
  };

  void fetch_soon() const;
  void push(std::uint64_t time_us, EventKind kind, std::uint32_t number, FiberIndex fiber = 0);
  void take_effect(JobNumber job, FiberIndex fiber);
  void observe(JobNumber number, FiberIndex fiber, Observation observation);
  /// A process has gone on, this fiber first: everybody in it who has come to a new wait gets its event.
  void go_on(JobNumber number, FiberIndex fiber);
  Slot take_slot(std::uint32_t state);
  void enter(JobNumber number, FiberIndex fiber, const Action& action);
  void note_progress(JobNumber number);
  void end(JobNumber number, ValueId outcome, bool killed);
  [[nodiscard]] std::uint32_t ticks_now() const;
  ValueId& service_now(std::uint32_t state, std::uint8_t service);

  const WorldSpec& spec_;
  ValuePool& values_;
  TimedDirector& director_;
  TimedQueue queue_;
  std::deque<Job> jobs_;              ///< whom callbacks start move nobody
  std::vector<ValueId> services_;     ///< [state][service]
  std::vector<std::uint64_t> ticks_;  ///< [state][service]: how many it has had
  std::uint32_t most_of_a_state_;
  std::vector<std::uint32_t> numbered_;  ///< [state]: numbers that have been given away
  std::vector<std::deque<Slot>> free_;   ///< [state]: numbers of processes that have ended
  std::uint64_t now_us_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t hash_ = 0;
  bool has_clocks_ = false;
  std::uint32_t hooks_ = 0;  ///< bit i: service i hears of ends and pauses
};

}  // namespace lockstorm::sim
