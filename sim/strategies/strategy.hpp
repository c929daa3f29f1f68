// What a search strategy is asked: who goes next.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/explore/state_tables.hpp"
#include "sim/random.hpp"
#include "sim/strategies/fault_plan.hpp"

namespace lockstorm::sim {

/// One decision of a run: who moves, which of its moves, which alternative of the answer. The slot after the
/// last process is time. One word, because runs write millions of them.
class Decision {
 public:
  Decision() = default;
  Decision(Slot slot, std::uint32_t move, std::uint32_t alternative)
      : word_(slot | alternative << 8U | move << 16U) {}

  [[nodiscard]] Slot slot() const { return static_cast<Slot>(word_ & 0xFFU); }
  [[nodiscard]] std::uint16_t move() const { return static_cast<std::uint16_t>(word_ >> 16U); }
  [[nodiscard]] std::uint8_t alternative() const { return static_cast<std::uint8_t>(word_ >> 8U & 0xFFU); }
  friend bool operator==(const Decision&, const Decision&) = default;

 private:
  std::uint32_t word_ = 0;
};

/// Every decision of a run, in order: replay, shrinking and mutation are ways to supply one.
using ChoiceStream = std::vector<Decision>;

/// What runs of a world look like, from a few measured before the search: strategies that promise something
/// need to know how long a run is.
struct RunShape {
  std::uint32_t processes = 0;
  std::uint32_t steps = 1;                          ///< of the longest
  std::vector<std::uint32_t> events;                ///< [slot] mean number of steps, rounded up
  std::vector<std::vector<std::uint32_t>> effects;  ///< [service][slot] mean number of effects, rounded up
};

/// Who goes next: an index into the movers, and which of its moves if the strategy minds.
struct Pick {
  static constexpr std::uint16_t kAnyMove = 0xFFFF;
  std::uint32_t mover = 0;
  std::uint16_t move = kAnyMove;
};

/// Who could go next, as a strategy sees it when it is asked.
struct Candidates {
  const StateTables& tables;
  std::span<const LocalId> locals;       ///< of every process
  std::span<const std::uint8_t> movers;  ///< who could go next; the number of processes stands for time
  std::uint64_t step = 0;

  [[nodiscard]] bool is_time(std::uint8_t mover) const { return mover >= locals.size(); }
  /// The first thing it could do that is no fault; nullptr for time and where all are faults.
  [[nodiscard]] const Move* next_move(std::uint8_t mover) const {
    if (is_time(mover)) return nullptr;
    const LocalInfo& info = tables.info(locals[mover]);
    return info.free_moves > 0 ? &tables.move(locals[mover], info.first_free).move : nullptr;
  }
};

/// Decides who goes next. A strategy is a value for one run at a time: `begin` forgets the run before.
class Strategy {
 public:
  Strategy() = default;
  Strategy(const Strategy&) = delete;
  Strategy& operator=(const Strategy&) = delete;
  virtual ~Strategy() = default;

  [[nodiscard]] virtual std::string_view name() const = 0;
  /// A new run, the strategy's own number `number`.
  virtual void begin(const RunShape& shape, std::uint64_t number, Random& random) = 0;
  /// When the run's faults strike; by default each that the allowance has is in with probability 1/2, and
  /// strikes at any time: what one fault shows another may hide.
  virtual FaultPlan faults(const FaultBudget& allowance, const RunShape& shape, Random& random) {
    FaultBudget some;
    for (std::size_t kind = 0; kind < kFaultKinds; ++kind) {
      for (unsigned i = 0; i < allowance.count[kind]; ++i)
        some.count[kind] = static_cast<std::uint8_t>(some.count[kind] + random.below(2));
    }
    return FaultPlan::drawn(some, shape.steps, random);
  }
  /// One of `candidates.movers`, which is not empty.
  virtual Pick pick(const Candidates& candidates, Random& random) = 0;
  /// What was drawn for this run, if there is something to say.
  [[nodiscard]] virtual std::string drawn() const { return {}; }
  /// The mover is about to make this move, which may be a fault that strikes. Not called when time passes.
  virtual void taking(const Candidates&, std::uint8_t /*mover*/, const Move&, Random&) {}
};

}  // namespace lockstorm::sim
