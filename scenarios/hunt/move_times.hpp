// When each move of a process that a hunt follows in virtual time is due: messages that are under way,
// timers, work, as long as the scenario says.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "scenarios/timed/durations.hpp"
#include "scenarios/timed/request_facts.hpp"
#include "scenarios/world/world.hpp"
#include "sim/explore/state_tables.hpp"

namespace lockstorm::scenarios {

/// What runs of a hunt in virtual time have in common; outlives them.
struct TimedHunt {
  TimedHunt(const Scenario& hunted, const World& made);

  const Scenario& scenario;
  const World& world;
  std::shared_ptr<const TimedSettings> settings;
  /// [slot] how long it waits for a lock.
  std::vector<std::uint64_t> lock_timeout_us;
  std::size_t clients = 0;  ///< the first ones; after them those who interfere
};

/// Of one run. Durations are drawn for each process from a stream of its own.
class MoveTimes {
 public:
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};

  MoveTimes(const TimedHunt& hunt, const sim::ValuePool& values, const sim::CounterRandom& random,
            const std::vector<std::uint64_t>& starts_us);

  struct Next {
    std::uint64_t due_us = kNever;
    std::uint16_t move = 0;
  };
  /// The first thing that the process, which is in that state, does without a fault; never: only a fault can
  /// make it go on. What it has begun since it was asked for the last time has begun now.
  Next next(const sim::StateTables& tables, sim::Slot slot, sim::LocalId local, std::uint64_t now_us);
  /// The process makes that move: whatever its fiber does next is something new.
  void makes(sim::Slot slot, const sim::Move& move);
  /// Somebody who has not begun yet does so then.
  void start_at(sim::Slot slot, std::uint64_t time_us);
  [[nodiscard]] bool has_begun(sim::Slot slot) const { return processes_[slot].has_begun; }
  [[nodiscard]] JobChance& chance_of(sim::Slot slot) { return processes_[slot].chance; }

 private:
  struct FiberTime {
    bool is_known = false;
    sim::Phase phase = sim::Phase::idle;
    std::uint64_t due_us = kNever;
    std::uint64_t back_us = 0;  ///< of a call: from its effect to the answer
    std::uint32_t choice = 0;
  };
  struct ProcessTime {
    std::array<FiberTime, sim::kMaxFibersPerProcess> fibers{};
    JobChance chance;
    std::uint64_t starts_us = 0;
    std::uint64_t deadline_us = 0;
    std::uint64_t helped_us = kNever;  ///< when its pause or outage is over
    std::size_t strays = 0;
    std::uint64_t stray_us = kNever;  ///< when the first of its late requests arrives
    bool has_begun = false;
    bool waits = false;  ///< for a lock, until `deadline_us`
  };

  void note_fibers(const sim::StateTables& tables, sim::Slot slot, const sim::LocalState& local,
                   sim::LocalId id, std::uint64_t now_us);
  void begin_action(sim::Slot slot, FiberTime& fiber, const sim::Action& action, std::uint64_t now_us);
  void begin_call(ProcessTime& process, FiberTime& fiber, const sim::Action& action, std::uint64_t now_us);
  [[nodiscard]] std::uint64_t due_of(const ProcessTime& process, const sim::Move& move) const;

  const TimedHunt& hunt_;
  TimedRequests requests_;
  Durations durations_;
  std::vector<ProcessTime> processes_;
};

}  // namespace lockstorm::scenarios
