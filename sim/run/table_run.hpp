// One run on the memoised automata: every step is a table look-up, so that millions of random runs are cheap.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "sim/explore/take_move.hpp"
#include "sim/limits.hpp"
#include "sim/random.hpp"
#include "sim/schedule.hpp"
#include "sim/strategies/fault_plan.hpp"
#include "sim/strategies/strategy.hpp"

namespace lockstorm::sim {

/// What one run came to.
struct RunResult {
  std::uint64_t steps = 0;
  Violations violations = 0;  ///< of its steps; what the end state violates is the caller's to check
  bool ended = false;         ///< nobody can do anything any more; otherwise `max_steps` were taken
  std::array<std::uint8_t, kFaultKinds> fired{};
};

struct RunLimits {
  std::uint64_t max_steps = 20'000;
  /// From here on steps are drawn uniformly, so that a strategy that favours a client that polls ends all the
  /// same.
  std::uint64_t fair_after = 10'000;
};

/// A run's state as plain arrays, as wide as the world needs, and how to go on from it.
class TableRun {
 public:
  TableRun(StateTables& tables, const AnyMonitor& monitor)
      : tables_(tables),
        monitor_(monitor),
        processes_(static_cast<Slot>(tables.spec().process_count())),
        services_(tables.spec().services.size()) {
    tables_.watch(monitor.watched());
    for (const std::uint8_t process_class : tables.spec().class_of_slot())
      start_.push_back(tables.initial_local(process_class));
    for (std::size_t s = 0; s < services_; ++s) first_service_.push_back(tables.initial_service(s));
    restart();
  }

  /// Back to the beginning.
  void restart();

  /// From the beginning: `strategy` says who goes next, `plan` when faults strike. `recorded` gets every
  /// decision. The same seed gives the same run.
  template <class S>
  RunResult run(S& strategy, FaultPlan& plan, Random& random, const RunLimits& limits,
                ChoiceStream& recorded);

  /// Takes the step; false, and nothing happens, where it is not enabled.
  bool take(const Decision& decision, RunResult& result);

  /// Whether the step, enabled now, is a fault.
  [[nodiscard]] bool is_fault(const Decision& decision) const {
    return decision.slot() < processes_ &&
           tables_.move(local_[decision.slot()], decision.move()).move.fault != kNoFault;
  }

  /// Every step enabled now, in the order in which schedules count them.
  [[nodiscard]] std::vector<Decision> enabled();
  /// Those of one process, or of time.
  void add_enabled(Slot slot, std::vector<Decision>& steps);

  /// The decisions, taken from the beginning, as a schedule that both engines and users can replay.
  [[nodiscard]] Schedule schedule_of(std::span<const Decision> decisions);
  /// The other way round; nothing where the schedule does not fit this world.
  [[nodiscard]] std::optional<ChoiceStream> decisions_of(const Schedule& schedule);

  [[nodiscard]] EndState end_state() const;
  /// How many adverse events it has taken to get here; see PackedWorld::adverse_events.
  [[nodiscard]] unsigned adverse_events() {
    unsigned events = events_beside_faults(tables_, monitor_, View{*this});
    for (std::size_t kind = 0; kind < kFaultKinds; ++kind)
      events += tables_.spec().budget.count[kind] - static_cast<unsigned>(left_[kind]);
    return events;
  }
  [[nodiscard]] const StateTables& tables() const { return tables_; }
  [[nodiscard]] LocalId local(Slot slot) const { return local_[slot]; }
  [[nodiscard]] ServiceStateId service(std::size_t s) const { return service_[s]; }
  [[nodiscard]] std::span<const LocalId> locals() const { return {local_.data(), processes_}; }
  [[nodiscard]] std::span<const ServiceStateId> service_states() const {
    return {service_.data(), services_};
  }
  [[nodiscard]] Slot time_slot() const { return processes_; }

 private:
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};

  struct View {
    TableRun& run;
    [[nodiscard]] std::size_t processes() const { return run.processes_; }
    [[nodiscard]] std::size_t services() const { return run.services_; }
    [[nodiscard]] LocalId local(Slot slot) const { return run.local_[slot]; }
    [[nodiscard]] std::uint8_t monitor(Slot slot) const { return run.bits_[slot]; }
    [[nodiscard]] ServiceStateId service(std::size_t s) const { return run.service_[s]; }
    [[nodiscard]] std::uint32_t clock() const { return run.clock_; }
    void set_local(Slot slot, LocalId id) { run.local_[slot] = id; }
    void set_monitor(Slot slot, std::uint8_t bits) { run.bits_[slot] = bits; }
    void set_service(std::size_t s, ServiceStateId id) { run.service_[s] = id; }
  };

  [[nodiscard]] bool affordable(const QuickMove& quick) const {
    return quick.fault == kNoFault || left_[quick.fault] > 0;
  }
  void find_movers();
  bool fault_move(const LocalInfo& info, const FaultPlan& plan, Random& random, std::uint16_t& move) const;
  [[nodiscard]] std::uint16_t decide(const LocalInfo& info, std::uint16_t wanted, FaultPlan& plan,
                                     Random& random) const;
  [[nodiscard]] unsigned alternatives(Slot slot, std::uint16_t i);
  void step(const Decision& decision, RunResult& result);

  StateTables& tables_;
  const AnyMonitor& monitor_;
  Slot processes_;
  std::size_t services_;
  std::vector<LocalId> start_;
  std::vector<ServiceStateId> first_service_;
  std::array<LocalId, kMaxProcesses> local_{};
  std::array<std::uint8_t, kMaxProcesses> bits_{};
  std::array<ServiceStateId, kMaxServices> service_{};
  std::array<std::uint8_t, kFaultKinds> left_{};
  std::uint32_t clock_ = 0;
  std::array<std::uint8_t, kMaxProcesses + 1> movers_{};
  std::uint32_t mover_count_ = 0;
};

template <class S>
RunResult TableRun::run(S& strategy, FaultPlan& plan, Random& random, const RunLimits& limits,
                        ChoiceStream& recorded) {
  RunResult result;
  restart();
  recorded.clear();
  find_movers();
  std::uint64_t next_arm = plan.next_step(kNever);
  const bool timed = tables_.spec().time.ticks > 0;
  while (result.steps < limits.max_steps) {
    if (result.steps >= next_arm) {
      plan.advance(result.steps);
      next_arm = plan.next_step(kNever);
    }
    std::uint32_t movers = mover_count_;
    if (timed && time_may_pass(tables_, View{*this}))
      movers_[movers++] = static_cast<std::uint8_t>(processes_);
    if (movers == 0) {
      result.ended = true;
      break;
    }
    const Candidates candidates{tables_, locals(), {movers_.data(), movers}, result.steps};
    const Pick pick =
        result.steps < limits.fair_after ? strategy.pick(candidates, random) : Pick{random.below(movers)};
    const Slot slot = movers_[pick.mover];
    if (slot == processes_) {
      recorded.push_back({slot, 0U, 0U});
      step(recorded.back(), result);
      find_movers();
      continue;
    }
    const LocalInfo& info = tables_.info(local_[slot]);
    const bool plain = info.free_moves == 1 && pick.move == Pick::kAnyMove && !plan.any_armed();
    const std::uint16_t move = plain ? info.first_free : decide(info, pick.move, plan, random);
    const std::uint32_t position = info.first_move + move;
    strategy.taking(candidates, static_cast<std::uint8_t>(slot), tables_.move(local_[slot], move).move,
                    random);
    unsigned alternative = 0;
    const QuickMove& quick = tables_.quick(position);
    if (quick.fault == kNoFault && tables_.take_quick(quick, slot, local_[slot], service_[quick.service])) {
      ++result.steps;
    } else {
      const unsigned ways = alternatives(slot, move);
      if (ways > 1) alternative = random.below(ways);
      step({slot, move, alternative}, result);
    }
    recorded.push_back({slot, move, alternative});
    if (tables_.info(local_[slot]).free_moves == 0) movers_[pick.mover] = movers_[--mover_count_];
  }
  return result;
}

}  // namespace lockstorm::sim
