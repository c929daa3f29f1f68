// The automata of a world's processes and services as plain tables of numbers, for whoever writes them down.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/explore/plain_graph.hpp"
#include "sim/explore/state_tables.hpp"

namespace lockstorm::sim {

/// What an exploration has looked up. `kNone`: that was never looked up, so no run comes to it.
struct WorldTables {
  static constexpr std::int64_t kNone = -1;
  using Number = std::int64_t;

  /// A state of one process and its messages; states of equal processes have the same numbers.
  struct Local {
    std::size_t first_move = 0;
    std::size_t move_count = 0;
    std::uint16_t flags = 0;
    ProcessStatus status = ProcessStatus::alive;
    bool is_urgent = false;  ///< where time is urgent, it does not pass
    Number ticked = kNone;   ///< after one tick
    std::size_t end = 0;     ///< what has become of the process, where everything has come to its end
  };
  struct MoveRow {
    MoveInfo::Type type = MoveInfo::Type::local;
    std::uint8_t fault = kNoFault;
    std::uint8_t service = 0;
    MoveInfo::Hook hook = MoveInfo::Hook::none;  ///< what services are told, where the status changes
    bool is_dropped = false;                     ///< an effect that leaves the service as it was
    bool cuts = false;                           ///< the connection to the service
    Tags delivered = 0;                          ///< of the effect whose answer arrives
    std::uint32_t request = 0;                   ///< effects
    Number next = kNone;                         ///< local moves
    std::size_t first_answer = 0;                ///< effects and clocks: into `answers`, by answer or by tick
    std::size_t answer_count = 0;
  };
  /// A request takes effect. Its further ways follow the first one.
  struct EffectRow {
    Number next = kNone;
    std::uint32_t answer = 0;
    Tags tags = 0;
    std::uint8_t ways = 1;
  };
  struct ServiceTable {
    std::string name;
    std::size_t initial = 0;
    std::vector<SlotSet> holders;  ///< [state]
    std::vector<Number> ticked;    ///< [state]
    bool has_hooks = false;
    /// [hook - 1][slot * states + state]; empty: it is told nothing.
    std::array<std::vector<Number>, 4> hooks;
  };
  struct EndRow {
    std::vector<std::size_t> processes;  ///< Local::end of each
    std::vector<std::size_t> services;
    Violations violations = 0;
    friend auto operator<=>(const EndRow&, const EndRow&) = default;
  };

  std::vector<std::string> names;    ///< of the processes, by slot
  std::vector<std::size_t> initial;  ///< local state of each
  std::vector<Local> locals;
  std::vector<MoveRow> moves;
  std::vector<Number> answers;  ///< local states
  std::vector<EffectRow> effects;
  /// [request * processes + slot][state of the service]: into `effects`
  std::vector<std::vector<Number>> effect_of;
  std::vector<ServiceTable> services;
  std::vector<EndRow> ends;  ///< sorted, each once
  FaultBudget budget;
  TimeModel time;
  Watched watched;

  [[nodiscard]] std::size_t most_moves() const;
  [[nodiscard]] std::size_t most_ways() const;
};

/// Of tables that `graph` was explored with.
WorldTables world_tables(StateTables& tables, const AnyMonitor& monitor, const PlainGraph& graph);

}  // namespace lockstorm::sim
