// The one definition of what can happen next to a process and its messages; both engines use it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/action.hpp"
#include "sim/faults.hpp"
#include "sim/service.hpp"

namespace lockstorm::sim {

struct WorldSpec;

/// Where a fiber's current action stands.
enum class Phase : std::uint8_t {
  idle,        ///< nothing to wait for
  ready,       ///< about to send, choose, work, ...
  sent,        ///< request on its way, no effect yet
  answered,    ///< the response is on its way or arrived: `detail` = response, `tags` of its effect
  unanswered,  ///< no answer will come: the client has not noticed yet
  timer,       ///< `detail` = ticks left (0 = due; always 0 in free time)
};

struct FiberState {
  Phase phase = Phase::idle;
  Tags tags = 0;
  std::uint32_t detail = 0;
  friend auto operator<=>(const FiberState&, const FiberState&) = default;
};

/// A request whose sender no longer waits for it, but which may still take effect.
struct StrayRequest {
  std::uint32_t request = 0;
  std::uint8_t service = 0;
  friend auto operator<=>(const StrayRequest&, const StrayRequest&) = default;
};

enum class ProcessStatus : std::uint8_t { alive, paused, ended, dead };

/// Everything about one process and its messages except what it remembers (that is its node or its live
/// fibers).
struct LocalState {
  std::uint32_t node = 0;  ///< automaton node; unused by the simulator and for the dead
  ProcessStatus status = ProcessStatus::alive;
  /// Why servers do not do what it asks for.
  enum class Barred : std::uint8_t { no, forbidden, cut_off };
  Barred barred = Barred::no;
  [[nodiscard]] bool is_forbidden() const { return barred == Barred::forbidden; }
  std::vector<FiberState> fibers;
  std::vector<StrayRequest> strays;  ///< sorted
};

enum class MoveKind : std::uint8_t {
  send,
  effect,                ///< the request takes effect, its response is on the way
  effect_lost_response,  ///< the request takes effect, its response is lost
  effect_duplicated,     ///< the request takes effect and a copy of it is still on its way
  lose_request,
  give_up,         ///< the client times out while its request is on the way
  refuse,          ///< the server answers 5xx without doing anything
  effect_refused,  ///< the request takes effect but the server answers 5xx
  throttle,        ///< the server asks to slow down
  deliver,         ///< the fiber gets its answer, or notices there will be none
  wake,
  deadline,
  choose,
  work,
  signal,
  read_clock,
  stray_effect,  ///< a request nobody waits for takes effect
  // Of several requests in flight a crash keeps all or none. That one arrives and another does not is the run
  // in which it arrives just before: that a process is gone, nobody notices at that moment.
  crash,       ///< what was sent stays in flight
  crash_lost,  ///< what was sent is lost too
  pause,
  resume,
  end_credentials,  ///< what it asks for from now on is refused, where servers ask who asks
  lose_servers,     ///< servers that may refuse do so, until it finds them again
  find_servers,
  effect_dropped,  ///< the response of the request, and not its effect
};

/// A message is lost, or its sender has given up on it.
constexpr bool cuts_connection(MoveKind kind) {
  return kind == MoveKind::lose_request || kind == MoveKind::give_up ||
         kind == MoveKind::effect_lost_response;
}

/// One thing that may happen to a process or its messages.
struct Move {
  MoveKind kind = MoveKind::send;
  std::uint8_t fault = kNoFault;  ///< kind of fault it uses up, if any
  FiberIndex fiber = 0;           ///< which fiber, or which stray
  std::uint32_t argument = 0;     ///< choose: the choice; calls: the request
  std::uint8_t service = 0;       ///< calls: the service

  [[nodiscard]] bool is_effect() const {
    return kind == MoveKind::effect || kind == MoveKind::effect_lost_response ||
           kind == MoveKind::effect_duplicated || kind == MoveKind::effect_refused ||
           kind == MoveKind::stray_effect || kind == MoveKind::effect_dropped;
  }
  /// An effect that leaves the server as it was, although it has an answer.
  [[nodiscard]] bool is_dropped() const { return kind == MoveKind::effect_dropped; }
};

/// What the step rules need to know of a world.
struct StepRules {
  FaultMask declared = 0;               ///< faults with a budget
  std::uint32_t local_services = 0;     ///< bit i: service i is a system call
  std::uint32_t refusing_services = 0;  ///< bit i: service i may answer 5xx
  std::uint32_t throttling_services = 0;
  bool two_step_calls = false;
  bool crashes_only_at_work = false;
  bool bounded_time = false;
  std::uint32_t tick_ms = 1000;
  std::uint32_t skew_ticks = 2;  ///< how far off a skewed clock is
};

/// The step rules a world implies.
StepRules rules_of(const WorldSpec& spec);

/// Every move of a process, in the fixed order that choice streams count in. Budgets are the engine's to
/// check. `actions` are the fibers' current actions, `faults` what may happen to this process.
std::vector<Move> moves_of(const LocalState& local, std::span<const Action> actions, FaultMask faults,
                           const StepRules& rules);

/// What a move does to the process itself.
struct LocalChange {
  LocalState next;
  bool feeds = false;  ///< a fiber continues: `fiber` observes `observation`
  FiberIndex fiber = 0;
  Observation observation = 0;
};

/// Applies a move that is no effect and reads no clock. `refusal`: the response of refuse and throttle.
LocalChange apply_local(const LocalState& local, std::span<const Action> actions, const Move& move,
                        ValueId refusal);

/// Applies an effect's response (for effect_refused the refusal) to the process that sent it.
LocalState apply_effect(const LocalState& local, const Move& move, ValueId response, Tags tags);

/// The process reads the clock (true time `tick`), skewed if the move says so.
LocalChange apply_clock(const LocalState& local, const Move& move, std::uint32_t tick,
                        const StepRules& rules);

/// After a feed: `after` are the actions now; fibers that moved on start their new action.
void enter_actions(LocalState& local, std::span<const Action> before, std::span<const Action> after,
                   FiberIndex fed, const StepRules& rules);

/// The process has ended by itself: what its fibers sent goes on without it.
void end_process(LocalState& local, std::span<const Action> before);

/// Timers after one tick.
void tick_timers(LocalState& local);

/// It waits for time to pass: one of its fibers waits for a timer that is not due yet.
bool waits_for_time(const LocalState& local);

/// A process that somebody could schedule right now, so that urgent time must not pass.
bool is_urgent(const LocalState& local, std::span<const Action> actions);

}  // namespace lockstorm::sim
