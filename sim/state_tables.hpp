// Everything an exploration looks up: processes, services and requests as small integers with memoised
// transitions.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "sim/automaton.hpp"
#include "sim/end_state.hpp"
#include "sim/steps.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::sim {

inline constexpr std::uint32_t kUnknown = ~0U;

/// Bit of a look: the state names equal clients.
inline constexpr std::uint32_t kNamesOthers = 1U << 31U;

/// Interned LocalState of some process class.
using LocalId = std::uint32_t;
/// Interned state of one service (numbered per service).
using ServiceStateId = std::uint32_t;

/// A move with its memoised outcome.
struct MoveInfo {
  enum class Type : std::uint8_t { local, effect, clock };
  enum class Hook : std::uint8_t { none, ended, paused, resumed };  ///< what services must be told

  Move move;
  Type type = Type::local;
  Hook hook = Hook::none;
  Tags tags = 0;                  ///< deliver: of the effect whose answer arrives
  LocalId next = kUnknown;        ///< local moves, once known
  std::uint32_t request_row = 0;  ///< effects: row of the request at its service
  std::uint32_t receive_row = 0;  ///< effects and clock reads: row of `receive`
};

struct LocalInfo {
  enum class Ample : std::uint8_t { unknown, no, yes };

  std::uint32_t first_move = 0;
  std::uint16_t move_count = 0;
  std::uint16_t flags = 0;
  ProcessStatus status = ProcessStatus::alive;
  std::uint8_t process_class = 0;
  Ample ample = Ample::unknown;
  bool urgent = false;
  std::uint32_t look = kUnknown;
  LocalId ticked = kUnknown;
};

/// One request taking effect on one service state.
struct EffectInfo {
  ServiceStateId next = kUnknown;
  std::uint32_t response = 0;  ///< ValueId
  Tags tags = 0;
  std::uint8_t alternatives = 1;
};

/// The tables of one exploration. Not thread-safe; one per thread.
class StateTables {
 public:
  StateTables(const WorldSpec& spec, Automaton::Mode mode);

  [[nodiscard]] const WorldSpec& spec() const { return spec_; }
  [[nodiscard]] ValuePool& values() { return values_; }
  [[nodiscard]] Automaton& automaton(std::uint8_t process_class) { return *automata_[process_class]; }
  [[nodiscard]] std::size_t local_count() const { return locals_.size(); }
  [[nodiscard]] std::size_t service_state_count(std::size_t service) const {
    return services_[service].states.size();
  }
  [[nodiscard]] std::size_t service_count() const { return services_.size(); }

  LocalId initial_local(std::uint8_t process_class);
  ServiceStateId initial_service(std::size_t service);

  [[nodiscard]] const LocalInfo& info(LocalId id) const { return infos_[id]; }
  [[nodiscard]] const LocalState& local(LocalId id) const { return locals_[id]; }
  [[nodiscard]] const MoveInfo& move(LocalId id, std::size_t index) const {
    return moves_[infos_[id].first_move + index];
  }
  [[nodiscard]] const MoveInfo* moves_begin(const LocalInfo& info) const {
    return moves_.data() + info.first_move;
  }

  /// True when expanding only this process loses nothing (local-step reduction, explorer.md 4): all it can do
  /// by itself is invisible to everybody else.
  bool ample(LocalId id, Tags visible_tags) {
    const LocalInfo::Ample known = infos_[id].ample;
    if (known != LocalInfo::Ample::unknown) return known == LocalInfo::Ample::yes;
    return find_ample(id, visible_tags);
  }

  LocalId after_local(LocalId id, std::size_t move_index) {
    const LocalId next = moves_[infos_[id].first_move + move_index].next;
    return next != kUnknown ? next : find_local(id, move_index);
  }
  /// The local state once its request has been answered with `response`.
  LocalId after_effect(LocalId id, std::size_t move_index, std::uint32_t receive_row, ValueId response,
                       Tags tags) {
    const std::vector<Received>& row = receive_[receive_row];
    for (const Received& received : row) {
      if (received.response == response && received.tags == tags) return received.next;
    }
    return find_received(id, move_index, receive_row, response, tags);
  }
  LocalId after_clock(LocalId id, std::size_t move_index, std::uint32_t receive_row, std::uint32_t tick);
  LocalId after_tick(LocalId id) {
    const LocalId next = infos_[id].ticked;
    return next != kUnknown ? next : find_ticked(id);
  }

  const EffectInfo& effect(std::size_t service, std::uint32_t request_row, Slot slot, ServiceStateId state,
                           unsigned alternative) {
    ServiceTable& table = services_[service];
    const std::size_t row = static_cast<std::size_t>(request_row) * process_count_ + slot;
    if (alternative == 0 && row < table.effects.size() && state < table.effects[row].size()) {
      const EffectInfo& known = table.effects[row][state];
      if (known.next != kUnknown) return known;
    }
    return find_effect(service, request_row, slot, state, alternative);
  }

  [[nodiscard]] std::uint32_t holders(std::size_t service, ServiceStateId state) const {
    return services_[service].holders[state];
  }
  [[nodiscard]] ValueId service_value(std::size_t service, ServiceStateId state) const {
    return services_[service].states[state];
  }
  ServiceStateId after_hook(std::size_t service, ServiceStateId state, Slot slot, MoveInfo::Hook hook);
  ServiceStateId after_service_tick(std::size_t service, ServiceStateId state);
  [[nodiscard]] bool has_hooks(std::size_t service) const { return services_[service].has_hooks; }

  // ---- symmetry ----
  /// Numbers the permutation for the look-ups below.
  std::uint32_t permutation_index(const SlotPermutation& permutation);
  LocalId permuted_local(LocalId id, std::uint32_t permutation);
  ServiceStateId permuted_service(std::size_t service, ServiceStateId state, std::uint32_t permutation);
  /// How a service state looks from one slot, equal clients being all alike; a sort key.
  std::uint32_t view(std::size_t service, ServiceStateId state, Slot slot);
  /// Sort key of a local state that does not depend on which equal client is where: the id itself, unless the
  /// state names equal clients (then `names_others`).
  std::uint32_t look(LocalId id) {
    const std::uint32_t known = infos_[id].look;
    return known != kUnknown ? known : find_look(id);
  }
  static bool names_others(std::uint32_t look) { return (look & kNamesOthers) != 0; }
  /// How a local state that names others looks from one slot.
  std::uint32_t local_view(LocalId id, Slot slot);

  /// Merges bisimilar automaton nodes and empties all tables that mention nodes; see Automaton::minimise.
  void minimise(std::size_t max_nodes);
  [[nodiscard]] bool outgrown() const;
  [[nodiscard]] std::size_t node_count() const;
  [[nodiscard]] std::uint64_t fiber_runs() const;
  [[nodiscard]] const StepRules& rules() const { return rules_; }

 private:
  struct Received {
    ValueId response;
    Tags tags;
    LocalId next;
  };
  struct ServiceTable {
    std::vector<ValueId> states;
    std::vector<std::uint32_t> holders;
    boost::unordered_flat_map<ValueId, ServiceStateId> ids;
    boost::unordered_flat_map<std::uint32_t, std::uint32_t> request_rows;
    std::vector<std::uint32_t> requests;
    std::vector<std::vector<EffectInfo>> effects;  ///< [request_row * processes + slot][state]
    boost::unordered_flat_map<std::uint64_t, EffectInfo> other_alternatives;
    boost::unordered_flat_map<std::uint64_t, ServiceStateId> hooks;
    std::vector<ServiceStateId> ticked;
    std::vector<std::vector<ServiceStateId>> permuted;  ///< [permutation][state]
    std::vector<std::vector<std::uint32_t>> views;      ///< [slot][state]
    bool has_hooks = false;
  };

  void clear_locals();
  LocalId intern(LocalState local, std::uint8_t process_class);
  [[nodiscard]] std::string identity(const LocalState& local, std::uint8_t process_class);
  LocalId finish(LocalId from, const LocalChange& change);
  [[nodiscard]] std::span<const Action> actions_of(const LocalState& local, std::uint8_t process_class) const;
  ServiceStateId intern_service(std::size_t service, ValueId value);
  std::uint32_t request_row(std::size_t service, std::uint32_t request);
  bool find_ample(LocalId id, Tags visible_tags);
  bool compute_ample(LocalId id, Tags visible_tags);
  LocalId find_local(LocalId id, std::size_t move_index);
  LocalId find_received(LocalId id, std::size_t move_index, std::uint32_t receive_row, ValueId response,
                        Tags tags);
  LocalId find_ticked(LocalId id);
  const EffectInfo& find_effect(std::size_t service, std::uint32_t request_row, Slot slot,
                                ServiceStateId state, unsigned alternative);
  std::uint32_t find_look(LocalId id);
  [[nodiscard]] bool names_equal_clients(LocalId id);
  std::uint32_t signature(LocalId id, const SlotPermutation& map);
  ValueId refusal_of(const Move& move);

  const WorldSpec& spec_;
  std::size_t process_count_;
  StepRules rules_;
  ValuePool values_;
  std::vector<std::unique_ptr<Automaton>> automata_;

  std::deque<LocalState> locals_;
  std::vector<LocalInfo> infos_;
  std::vector<MoveInfo> moves_;
  boost::unordered_flat_map<std::string, LocalId> local_ids_;
  std::vector<std::vector<Received>> receive_;
  std::vector<ServiceTable> services_;
  std::vector<SlotPermutation> permutations_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> permutation_ids_;
  std::vector<std::vector<LocalId>> permuted_locals_;    ///< [permutation][local]
  std::vector<std::vector<std::uint32_t>> local_views_;  ///< [slot][local]
  boost::unordered_flat_map<std::string, std::uint32_t> signatures_;
};

}  // namespace lockstorm::sim
