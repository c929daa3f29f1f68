// A simulated OS process: straight-line client code whose only window on the world is this class.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/action.hpp"
#include "sim/process/fiber_pool.hpp"
#include "sim/service.hpp"

namespace lockstorm::sim {

/// Thrown inside a process that has been killed or has exited; never catch it.
struct ProcessEnded {};

/// Something that a process has reached, in numbers of its model's own.
using Mark = std::uint16_t;

/// What a client knows of a call: an answer, or nothing (the request may or may not have taken effect, now or
/// later).
template <class Response>
struct Reply {
  std::optional<Response> answer;

  [[nodiscard]] bool answered() const { return answer.has_value(); }
  const Response* operator->() const { return &*answer; }
  const Response& operator*() const { return *answer; }
};

/// Where a process keeps one typed value between the calls of its client code: what the real client has in
/// memory. Two clients in one process, such as those of a migration's two backends, need a cell each.
struct Cell {
  std::uint8_t index = 0;
};

/// Cells of one process.
inline constexpr std::size_t kCells = std::tuple_size_v<decltype(ValueTuple::of)>;

/// One thing a process remembers.
struct Memory {
  enum class Kind : std::uint8_t {
    observation,
    scope_result,
    loop_head,
    started,  ///< the fiber, after whoever spawned it had come to a wait
    resumed,  ///< the fiber went on in `wait_until`
  };

  static constexpr std::uint16_t kAsTheyAre = 0xFFFF;
  static constexpr ValueId kAsItIs = ~ValueId{0};

  FiberIndex fiber = 0;
  Kind kind = Kind::observation;
  std::uint16_t tag = 0;  ///< of the scope or loop
  /// The process's flags when it was stored (scope results and loop heads) or just before: a scope that
  /// another fiber left later may have set them.
  std::uint16_t flags = kAsTheyAre;
  std::uint16_t depth = 0;  ///< number of scopes around it (scope results and loop heads)
  std::uint32_t value = 0;  ///< observation, or ValueId of the result / live values
  std::uint32_t shared =
      0;  ///< ValueId of what the fibers share (see `share`) just before; 0: nothing, or as it is
  ValueId kept = kAsItIs;  ///< like `flags`: what the cells held, as one value (see `keep`); 0: nothing

  static Memory observed(FiberIndex fiber, Observation observation) {
    return {fiber, Kind::observation, 0, kAsTheyAre, 0, observation, 0, kAsItIs};
  }

  friend auto operator<=>(const Memory&, const Memory&) = default;
};

/// A process cannot be brought back from what it remembers: its body took another path than before. Some
/// promise of `scope` or `forget` is wrong, or the body depends on something it does not observe.
struct ReplayMismatch : std::logic_error {
  using std::logic_error::logic_error;
};

/// One run of a process body. A body is a deterministic function of what it observes; it may keep any state
/// in local variables but may not read clocks, random devices, addresses, globals or unordered containers.
///
/// A body is run either to its next wait from a recorded memory (the explorer) or step by step (the
/// simulator).
class Process {
 public:
  using Body = std::function<void(Process&)>;

  Process(ValuePool& values, const Body& body) : values_(values), body_(body) {}
  ~Process() { kill(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // ---- what client code uses ----

  /// One RPC. Another fiber, another process, a crash or a fault may come between send, effect and response.
  template <Service S>
  Reply<typename S::Response> call(ServiceRef<S> service, const typename S::Request& request) {
    const Observation seen = act({ActionKind::call, service.index, 0, values_.intern(request)});
    if (seen == observe::kNoAnswer) return {};
    return {values_.get<typename S::Response>(seen)};
  }

  /// Waits for a timer.
  void sleep(std::chrono::milliseconds duration) {
    act({ActionKind::sleep, 0, 0, static_cast<std::uint32_t>(duration.count())});
  }
  /// The same, where the client draws how long: from nothing to twice `duration`. Where time is free the
  /// scheduler draws anyway; runs in virtual time ask `sleeps_with_jitter`.
  void sleep_with_jitter(std::chrono::milliseconds duration) {
    jitter_ = true;
    sleep(duration);
  }

  /// Waits for a timer or, if that comes first, for the operation's deadline. True: the timer fired.
  bool sleep_unless_deadline(std::chrono::milliseconds duration) {
    return act({ActionKind::wait, 0, 0, static_cast<std::uint32_t>(duration.count())}) == observe::kWoke;
  }

  /// An operation begins that may take no longer than `limit`: its waits (`sleep_unless_deadline`) end by
  /// then. Where time is free that may be at any moment, and nothing is remembered of it.
  void begin_deadline(std::chrono::milliseconds limit) {
    deadline_limit_ = limit;
    ++deadlines_begun_;
  }

  /// A number below `bound`; every value is possible. `about`: what is decided, an enumeration of the model's
  /// own, for whoever tells the run.
  template <class About>
    requires std::is_enum_v<About>
  std::uint32_t choose(std::uint32_t bound, About about) {
    return act({ActionKind::choose, 0, static_cast<std::uint16_t>(about), bound}) - observe::kChoice;
  }
  /// The same, where nobody will ask what it was about.
  std::uint32_t choose(std::uint32_t bound) {
    return act({ActionKind::choose, 0, 0, bound}) - observe::kChoice;
  }

  /// Something local that takes as long as it likes.
  void work() { act({ActionKind::work, 0, 0, 0}); }

  /// Waits until the process is interrupted (SIGINT).
  void wait_for_interrupt() { act({ActionKind::signal, 0, 0, 0}); }

  /// The client's clock in ticks; only worlds with bounded time have one.
  std::uint32_t now() { return act({ActionKind::now, 0, 0, 0}) - observe::kChoice; }

  /// Sets or clears a flag that monitors watch (`checkers/` names the bits).
  void set_flag(std::uint16_t bit, bool on) {
    flags_ = static_cast<std::uint16_t>(on ? flags_ | bit : flags_ & ~bit);
  }
  [[nodiscard]] std::uint16_t flags() const { return flags_; }

  /// What `keep` has put into the cell; at first, and after keeping just that, `T{}`. Each cell is for one
  /// type.
  template <Internable T>
  [[nodiscard]] T kept(Cell cell) const {
    const ValueId value = cells().of.at(cell.index);
    return value == 0 ? T{} : values_.get<T>(value);
  }
  template <Internable T>
  void keep(Cell cell, const T& value) {
    ValueTuple all = cells();
    all.of.at(cell.index) = encode_value(value) == encode_value(T{}) ? 0 : values_.intern(value);
    kept_ = all.empty() ? 0 : values_.intern(all);
  }

  /// Runs `body` and forgets how its result came about: from then on only the result is remembered. `body`
  /// may change nothing but what it returns (and flags and cells); `tag` tells scopes of one process apart.
  template <Internable T, class F>
  T scope(std::uint16_t tag, F&& body) {
    if (forgetful_) return body();
    if (const std::optional<std::uint32_t> known = recall_scope(tag)) return values_.get<T>(*known);
    enter_scope();
    const T result = body();
    leave_scope(tag, values_.intern(result));
    return result;
  }

  /// At the head of a loop, first thing in its scope: promises that the future depends only on `live`;
  /// earlier turns are forgotten. What other fibers see of them must be declared with `share`.
  template <Internable T>
  void forget(std::uint16_t tag, T& live) {
    if (forgetful_) return;
    begin_loop();
    if (const std::optional<std::uint32_t> known = recall_loop_head(tag)) {
      live = values_.get<T>(*known);
    } else {
      store_loop_head(tag, values_.intern(live));
    }
  }

  /// Declares, before any fiber is spawned, the variables that fibers of this process both use when one of
  /// them has a loop head: with what it forgets of a loop's turns goes what they did to other fibers, unless
  /// it is told where to look. `state` must live as long as the process.
  template <Internable T>
  void share(T& state) {
    save_shared_ = [this, &state] { return values_.intern(state); };
    load_shared_ = [this, &state](ValueId id) { state = values_.get<T>(id); };
  }

  /// Starts another fiber of this process. Fibers of a process die together. A fiber started inside a scope,
  /// or in one turn of a loop with `forget`, must have ended when that is over.
  void spawn(std::function<void()> body);

  /// Waits until `condition` holds; other fibers of this process make it true. Costs no step.
  void wait_until(const std::function<bool()>& condition);

  /// Ends the process at once, other fibers included; requests they sent stay in flight.
  [[noreturn]] void exit();

  /// What the process leaves behind when it ends (exit code, errored.tfstate, ...); shown to monitors.
  template <Internable T>
  void set_outcome(const T& outcome) {
    outcome_ = values_.intern(outcome);
  }

  /// Says that something has been reached: engines tell in which worlds it is. It is counted on the step that
  /// leads there and not remembered, so a process is the same with and without its marks; what is marked must
  /// be a function of what the process remembers.
  void mark(Mark mark) {
    if (!replaying()) marks_.push_back(mark);
  }

  [[nodiscard]] ValuePool& values() { return values_; }

  // ---- what engines use ----

  /// Runs from the start through `memory` to the next wait. `compress`: finished scopes and loop heads
  /// shorten the memory (otherwise it stays the full list of observations).
  void replay(std::span<const Memory> memory, bool compress);
  /// Before `replay`: of all scopes and loop heads only those of this kind and tag may shorten the memory.
  void compress_only(Memory::Kind kind, std::uint16_t tag) { only_ = {kind, tag}; }
  /// Runs from the start to the first wait, and remembers nothing ever after: for runs that are only fed.
  void start();
  /// Continues a parked fiber with what it observes.
  void feed(FiberIndex fiber, Observation observation);
  /// Unwinds every fiber.
  void kill();

  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] std::size_t fiber_count() const { return fibers_.size(); }
  [[nodiscard]] const Action& action(FiberIndex fiber) const { return fibers_[fiber]->action; }
  [[nodiscard]] std::vector<Memory> memory() const;
  [[nodiscard]] ValueId outcome() const { return outcome_; }
  /// What all cells hold, as one value; 0: nothing.
  [[nodiscard]] ValueId kept() const { return kept_; }
  /// How many operations with a deadline have begun, and how long the last one may take from when it did.
  [[nodiscard]] std::uint32_t deadlines_begun() const { return deadlines_begun_; }
  [[nodiscard]] std::chrono::milliseconds deadline_limit() const { return deadline_limit_; }
  /// The timer that a fiber went to wait for last is one with jitter; says so once.
  [[nodiscard]] bool sleeps_with_jitter() { return std::exchange(jitter_, false); }
  /// What was marked since the last observation, or since the start where there was none.
  [[nodiscard]] const std::vector<Mark>& marks() const { return marks_; }
  /// Scopes and loop heads that made this run forget something, in order of their first time.
  [[nodiscard]] const std::vector<std::pair<Memory::Kind, std::uint16_t>>& promises() const {
    return promises_;
  }

 private:
  using LifeId = std::uint32_t;  ///< a fiber from its start to its end; others may use its index later

  struct Scope {
    std::size_t start = 0;         ///< how much this fiber remembered at the entry
    std::uint32_t entered = 0;     ///< when; see `events_`
    std::uint32_t loop_begun = 0;  ///< when its loop first came to its head; 0: there was none
  };
  struct Fiber {
    Worker worker;
    std::function<void()> body;
    Action action;
    std::function<bool()> condition;     ///< set while not started, or waiting for another fiber
    std::vector<Scope> scopes{Scope{}};  ///< open ones; the first is the whole fiber
    Observation observation = 0;
    LifeId life = 0;
    bool begun = false;
    bool ended = false;
  };
  struct Life {
    LifeId spawner = 0;
    std::uint32_t born = 0;
    bool ended = false;
  };
  struct Remembered {
    Memory memory;
    LifeId life = 0;
  };

  [[nodiscard]] ValueTuple cells() const {
    return kept_ == 0 ? ValueTuple{} : values_.get<ValueTuple>(kept_);
  }
  Observation act(const Action& action);
  Observation park(const Action& action);
  FiberIndex start_fiber(std::function<void()> body);
  void run_fiber(FiberIndex fiber);
  void run_ready_fibers();
  void replay_next();
  void remember(FiberIndex fiber, Memory memory);
  void take_up(const Memory& memory);
  [[nodiscard]] const Memory* own_next() const;
  [[nodiscard]] bool is_next() const {
    return replaying() && script_[cursor_].fiber == current_ && (compress_ || !others_ready());
  }
  [[nodiscard]] bool replaying() const { return cursor_ < script_.size(); }
  [[nodiscard]] bool others_ready() const;
  [[nodiscard]] bool may_forget(Memory::Kind kind, std::uint16_t tag) const {
    return compress_ && (!only_ || *only_ == std::pair(kind, tag));
  }

  std::optional<std::uint32_t> recall(Memory::Kind kind, std::uint16_t tag);
  std::optional<std::uint32_t> recall_scope(std::uint16_t tag) {
    return recall(Memory::Kind::scope_result, tag);
  }
  std::optional<std::uint32_t> recall_loop_head(std::uint16_t tag) {
    return recall(Memory::Kind::loop_head, tag);
  }
  void enter_scope();
  void leave_scope(std::uint16_t tag, ValueId result);
  void begin_loop();
  void store_loop_head(std::uint16_t tag, ValueId live);
  [[nodiscard]] std::size_t own_memories() const;
  void note_promise(Memory::Kind kind, std::uint16_t tag);
  void forget_since(std::size_t start, std::uint32_t time);

  ValuePool& values_;
  const Body& body_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<Memory> script_;  ///< memory being replayed
  std::size_t cursor_ = 0;
  std::vector<Remembered> memory_;
  std::vector<Life> lives_;
  std::vector<Mark> marks_;
  std::vector<std::pair<Memory::Kind, std::uint16_t>> promises_;
  std::uint32_t events_ = 0;  ///< counts starts of fibers, scopes and loops
  std::function<ValueId()> save_shared_;
  std::function<void(ValueId)> load_shared_;
  FiberIndex current_ = 0;
  std::uint16_t flags_ = 0;
  ValueId kept_ = 0;
  ValueId outcome_ = 0;
  std::chrono::milliseconds deadline_limit_{0};
  std::uint32_t deadlines_begun_ = 0;
  bool jitter_ = false;
  bool forgetful_ = false;
  bool compress_ = false;
  std::optional<std::pair<Memory::Kind, std::uint16_t>> only_;
  bool started_ = false;
  bool ended_ = false;
  bool killed_ = false;
  std::exception_ptr failure_;
};

}  // namespace lockstorm::sim
