// Whether everybody can still finish: what tells a run that hangs from one that was only cut off.
#pragma once

#include <boost/container_hash/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <span>
#include <vector>

#include "scenarios/world/world.hpp"
#include "sim/run/table_run.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::scenarios {

enum class Finish : std::uint8_t {
  possible,    ///< some run without further faults ends every process, or bounded time runs out
  impossible,  ///< none does: it hangs, as the explorer finds it on its graph
  unknown,     ///< there are too many states to look at
};

/// Answers the question for states of one world, on tables that may be those of a search. Not thread-safe.
class FinishSearch {
 public:
  /// Visits at most about `max_states` states for an answer.
  FinishSearch(sim::StateTables& tables, std::size_t max_states) : tables_(tables), max_states_(max_states) {}

  /// From where the run is after these decisions.
  Finish from(const sim::TableRun& run, std::span<const sim::Decision> decisions);

 private:
  /// Local states, service states, the clock: what decides how a run goes on, faults left out.
  using State = std::vector<std::uint32_t>;

  struct View {
    State& state;
    std::size_t clients;
    [[nodiscard]] std::size_t processes() const { return clients; }
    [[nodiscard]] std::size_t services() const { return state.size() - clients - 1; }
    [[nodiscard]] sim::LocalId local(sim::Slot slot) const { return state[slot]; }
    [[nodiscard]] std::uint8_t monitor(sim::Slot) const { return 0; }
    [[nodiscard]] sim::ServiceStateId service(std::size_t s) const { return state[clients + s]; }
    [[nodiscard]] std::uint32_t clock() const { return state.back(); }
    void set_local(sim::Slot slot, sim::LocalId id) { state[slot] = id; }
    void set_monitor(sim::Slot, std::uint8_t) {}
    void set_service(std::size_t s, sim::ServiceStateId id) { state[clients + s] = id; }
  };

  [[nodiscard]] View view(State& state) const { return {state, tables_.spec().process_count()}; }
  [[nodiscard]] bool all_ended(const State& state) const;
  [[nodiscard]] bool out_of_time(const State& state) const;
  void add_steps(const State& state, sim::Slot slot, std::vector<State>& next);
  void add_all_steps(const State& state, std::vector<State>& next);
  Finish visit_all(const State& start, std::size_t max_states);
  bool walk(State state, std::uint64_t seed);
  Finish search(const State& start);

  sim::StateTables& tables_;
  sim::MonitorOf<checkers::Monitors> monitors_;
  std::size_t max_states_;
  boost::unordered_flat_map<State, Finish, boost::hash<State>> known_;
};

/// From where the schedule leads to; unknown also where it does not fit the world.
Finish can_finish(const World& world, const sim::Schedule& schedule);

}  // namespace lockstorm::scenarios
