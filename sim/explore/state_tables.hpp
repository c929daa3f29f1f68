// Everything an exploration looks up: processes, services and requests as small integers with memoised
// transitions.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "sim/end_state.hpp"
#include "sim/process/automaton.hpp"
#include "sim/steps.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::sim {

/// Ways in which one request may take effect on one service state, at most.
inline constexpr unsigned kMaxAlternatives = 16;

/// Bit of a likeness: the state names equal clients.
inline constexpr std::uint32_t kNamesOthers = 1U << 31U;

/// Interned LocalState of some process class.
using LocalId = std::uint32_t;
/// Interned state of one service (numbered per service).
using ServiceStateId = std::uint32_t;

/// A move with its memoised outcome.
struct MoveInfo {
  enum class Type : std::uint8_t { local, effect, clock };
  enum class Hook : std::uint8_t { none, ended, paused, resumed, cut };  ///< what services must be told

  Move move;
  Type type = Type::local;
  Hook hook = Hook::none;
  Tags tags = 0;              ///< deliver: of the effect whose answer arrives
  LocalId next = kUnknown;    ///< local moves, once known
  std::uint32_t request = 0;  ///< effects: number of the request
};

/// What the explorer's inner loop needs of a move, once its outcome is known and nobody has to be told.
struct QuickMove {
  enum class Kind : std::uint8_t {
    none,    ///< look at the MoveInfo
    local,   ///< `target` is the next local state
    effect,  ///< one per response, from `target` on: the local state it leads to, or kUnknown
  };

  Kind kind = Kind::none;
  std::uint8_t fault = kNoFault;
  std::uint8_t service = 0;
  std::uint32_t target = 0;
  std::uint32_t responses = 0;  ///< how many `target` has room for
  std::uint32_t effects = 0;    ///< row of the request's effects for slot 0
};

struct LocalInfo {
  enum class Ample : std::uint8_t { unknown, no, yes };

  std::uint32_t first_move = 0;
  std::uint16_t move_count = 0;
  std::uint16_t free_moves = 0;  ///< of these, how many are no faults
  std::uint16_t first_free = 0;  ///< index of the first such
  std::uint16_t flags = 0;
  ProcessStatus status = ProcessStatus::alive;
  std::uint8_t process_class = 0;
  Ample ample = Ample::unknown;
  bool urgent = false;
  bool waits_for_time = false;
  std::uint32_t likeness = kUnknown;
  LocalId ticked = kUnknown;
};

/// One request taking effect on one service state.
struct EffectInfo {
  ServiceStateId next = kUnknown;
  std::uint32_t response = 0;      ///< ValueId
  std::uint32_t response_row = 0;  ///< numbers the (response, tags) pairs of one request
  Tags tags = 0;
  std::uint8_t alternatives = 1;
  bool quick = false;  ///< one alternative, and nothing a monitor looks at
};

/// How many of each there are to tell apart, as far as an exploration has come; no local states: nothing is
/// known yet.
struct TableSizes {
  std::size_t local_states = 0;
  std::vector<std::size_t> service_states;  ///< per service
};

/// Frozen tables were asked for something that they do not hold yet.
struct Unready : std::exception {};

/// The tables of one exploration: one per thread, or frozen while several threads read them.
class StateTables {
 public:
  /// While it lives, look-ups of what is not known yet throw Unready instead of extending the tables, so that
  /// any number of threads may look things up.
  class Frozen {
   public:
    explicit Frozen(StateTables& tables) : tables_(tables) { tables_.frozen_ = true; }
    ~Frozen() { tables_.frozen_ = false; }
    Frozen(const Frozen&) = delete;
    Frozen& operator=(const Frozen&) = delete;

   private:
    StateTables& tables_;
  };

  /// Throws LimitExceeded where a world has more, or fewer, parts than tables are made for.
  StateTables(const WorldSpec& spec, Automaton::Mode mode, const AutomatonLimits& limits = {});

  [[nodiscard]] const WorldSpec& spec() const { return spec_; }
  [[nodiscard]] ValuePool& values() { return values_; }
  [[nodiscard]] const ValuePool& pool() const { return values_; }
  [[nodiscard]] Automaton& automaton(std::uint8_t process_class) { return *automata_[process_class]; }
  [[nodiscard]] std::size_t local_count() const { return locals_.size(); }

  [[nodiscard]] TableSizes sizes() const;
  /// About what they take, told from how much they hold, so that it is the same in every run.
  [[nodiscard]] std::size_t memory_bytes() const;

  LocalId initial_local(std::uint8_t process_class);
  ServiceStateId initial_service(std::size_t service);

  [[nodiscard]] const LocalInfo& info(LocalId id) const { return infos_[id]; }
  [[nodiscard]] const LocalState& local(LocalId id) const { return locals_[id]; }
  /// What its fibers are parked on; none for the dead.
  [[nodiscard]] std::span<const Action> actions(LocalId id) const {
    return actions_of(locals_[id], infos_[id].process_class);
  }
  [[nodiscard]] const MoveInfo& move(LocalId id, std::size_t index) const {
    return moves_[infos_[id].first_move + index];
  }
  [[nodiscard]] const QuickMove& quick(std::uint32_t position) const { return quick_[position]; }
  /// Takes a move whose outcome is known and concerns no monitor or hook. `service`: the state of the service
  /// it names. False: nothing happened.
  [[gnu::always_inline]] bool take_quick(const QuickMove& move, Slot slot, LocalId& local,
                                         ServiceStateId& service) const {
    if (move.kind == QuickMove::Kind::local) {
      local = move.target;
      return true;
    }
    if (move.kind == QuickMove::Kind::none) return false;
    const std::vector<EffectInfo>& row = effects_[move.effects + slot];
    if (service >= row.size() || !row[service].quick) return false;
    const LocalId next = received(move, row[service].response_row);
    if (next == kUnknown) return false;
    local = next;
    service = row[service].next;
    return true;
  }
  /// Tells the tables what monitors look at; forgets what is quick if that has changed.
  void watch(const Watched& watched);

  /// True when expanding only this process loses nothing (local-step reduction, explorer.md 4): all it can do
  /// by itself is invisible to everybody else.
  bool ample(LocalId id, Tags visible_tags) {
    const LocalInfo::Ample known = infos_[id].ample;
    if (known != LocalInfo::Ample::unknown) return known == LocalInfo::Ample::yes;
    return compute_ample(id, visible_tags);
  }

  LocalId after_local(LocalId id, std::size_t move_index) {
    const LocalId next = moves_[infos_[id].first_move + move_index].next;
    return next != kUnknown ? next : compute_local(id, move_index);
  }
  /// The local state once its request has been answered so.
  LocalId after_effect(LocalId id, std::size_t move_index, const EffectInfo& effect) {
    const LocalId next = received(quick_[infos_[id].first_move + move_index], effect.response_row);
    return next != kUnknown ? next : compute_received(id, move_index, effect);
  }
  LocalId after_clock(LocalId id, std::size_t move_index, std::uint32_t tick) {
    const LocalId next = received(quick_[infos_[id].first_move + move_index], tick);
    return next != kUnknown ? next : compute_clock(id, move_index, tick);
  }
  LocalId after_tick(LocalId id) {
    const LocalId next = infos_[id].ticked;
    return next != kUnknown ? next : compute_ticked(id);
  }

  const EffectInfo& effect(std::uint32_t request, Slot slot, ServiceStateId state, unsigned alternative) {
    if (alternative == 0) {
      const std::vector<EffectInfo>& row = effects_[request * process_count_ + slot];
      if (state < row.size() && row[state].next != kUnknown) return row[state];
    }
    return find_effect(request, slot, state, alternative);
  }

  [[nodiscard]] SlotSet holders(std::size_t service, ServiceStateId state) const {
    return services_[service].holders[state];
  }
  [[nodiscard]] unsigned events_spent(std::size_t service, ServiceStateId state) const {
    return services_[service].events_spent[state];
  }
  [[nodiscard]] ValueId service_value(std::size_t service, ServiceStateId state) const {
    return services_[service].states[state];
  }
  ServiceStateId after_hook(std::size_t service, ServiceStateId state, Slot slot, MoveInfo::Hook hook);
  ServiceStateId after_service_tick(std::size_t service, ServiceStateId state);
  [[nodiscard]] bool has_hooks(std::size_t service) const { return services_[service].has_hooks; }
  [[nodiscard]] bool has_connections(std::size_t service) const { return services_[service].has_connections; }

  // ---- what is known, for whoever writes it down; kUnknown or null: it was never looked up ----
  [[nodiscard]] const EffectInfo* known_effect(std::uint32_t request, Slot slot, ServiceStateId state,
                                               unsigned alternative) const;
  [[nodiscard]] LocalId known_received(LocalId id, std::size_t move_index, std::uint32_t row) const {
    return received(quick_[infos_[id].first_move + move_index], row);
  }
  [[nodiscard]] ServiceStateId known_hook(std::size_t service, ServiceStateId state, Slot slot,
                                          MoveInfo::Hook hook) const;
  [[nodiscard]] ServiceStateId known_tick(std::size_t service, ServiceStateId state) const {
    return services_[service].ticked[state];
  }
  [[nodiscard]] std::size_t request_count() const { return requests_.size(); }
  [[nodiscard]] std::uint8_t service_of_request(std::uint32_t request) const {
    return requests_[request].service;
  }

  /// What has become of a process.
  [[nodiscard]] EndState::Process end_of(LocalId id) const;

  // ---- symmetry ----
  /// Numbers the permutation for the look-ups below.
  std::uint32_t permutation_index(const SlotPermutation& permutation);
  LocalId permuted_local(LocalId id, std::uint32_t permutation);
  ServiceStateId permuted_service(std::size_t service, ServiceStateId state, std::uint32_t permutation);
  /// How a service state looks from one slot, equal clients being all alike; a sort key.
  std::uint32_t service_seen_from(std::size_t service, ServiceStateId state, Slot slot);
  /// Sort key of a local state that does not depend on which equal client is where: the id itself, unless the
  /// state names equal clients (then `names_others`).
  std::uint32_t likeness(LocalId id) {
    const std::uint32_t known = infos_[id].likeness;
    return known != kUnknown ? known : compute_likeness(id);
  }
  static bool names_others(std::uint32_t likeness) { return (likeness & kNamesOthers) != 0; }
  /// How a local state that names others looks from one slot.
  std::uint32_t local_seen_from(LocalId id, Slot slot);

  /// Merges bisimilar automaton nodes and empties all tables that mention nodes; see Automaton::minimise.
  void minimise(std::size_t max_nodes);
  /// Holds what clients forget to what they do when they forget nothing; see Automaton::check_promises.
  void check_promises();
  /// Everything that processes of the class have marked in what was looked up so far; sorted. Nothing is
  /// looked up that no run comes to: faults are taken only where their budget allows them, an answer that is
  /// under way can always arrive, and so can whatever the local-step reduction looks at ahead of time.
  [[nodiscard]] std::vector<Mark> reached(std::uint8_t process_class) const {
    return automata_[process_class]->reached();
  }
  /// How much of what clients forget the checks so far have held to what they do.
  [[nodiscard]] PromiseSample promise_sample() const;
  [[nodiscard]] bool outgrown() const;
  [[nodiscard]] std::size_t node_count() const;
  [[nodiscard]] const StepRules& rules() const { return rules_; }

 private:
  /// The local state that response `row` leads to, or kUnknown.
  [[nodiscard]] LocalId received(const QuickMove& move, std::uint32_t row) const {
    return row < move.responses ? received_[move.target + row] : kUnknown;
  }

  /// First thing of everything that computes what is not known yet.
  void about_to_extend() const {
    if (frozen_) throw Unready{};
  }

  using ResponseKey = std::pair<ValueId, Tags>;
  struct RequestTable {
    std::uint8_t service;
    bool is_forbidden;  ///< its sender has no credentials any more
    ValueId request;
    std::vector<ResponseKey> responses;  ///< [response_row]
  };
  struct ServiceTable {
    std::vector<ValueId> states;
    std::vector<SlotSet> holders;
    std::vector<std::uint8_t> events_spent;
    boost::unordered_flat_map<ValueId, ServiceStateId> ids;
    boost::unordered_flat_map<std::uint64_t, ServiceStateId> hooks;
    std::vector<ServiceStateId> ticked;
    std::vector<std::vector<ServiceStateId>> permuted;  ///< [permutation][state]
    std::vector<std::vector<std::uint32_t>> seen_from;  ///< [slot][state]
    bool has_hooks = false;
    bool has_connections = false;
  };

  void clear_locals();
  LocalId intern(LocalState local, std::uint8_t process_class);
  [[nodiscard]] std::string identity(const LocalState& local, std::uint8_t process_class);
  LocalId finish(LocalId from, const LocalChange& change);
  [[nodiscard]] std::span<const Action> actions_of(const LocalState& local, std::uint8_t process_class) const;
  ServiceStateId intern_service(std::size_t service, ValueId value);
  std::uint32_t request_number(std::uint8_t service, ValueId request, bool is_forbidden);
  bool compute_ample(LocalId id, Tags visible_tags);
  [[nodiscard]] bool is_own_move(const MoveInfo& entry) const;
  bool moves_unseen(LocalId id, Tags visible_tags);
  bool may_go_round(LocalId id, Tags visible_tags);
  LocalId compute_local(LocalId id, std::size_t move_index);
  LocalId compute_received(LocalId id, std::size_t move_index, const EffectInfo& effect);
  LocalId compute_clock(LocalId id, std::size_t move_index, std::uint32_t tick);
  void store_received(std::uint32_t position, std::uint32_t row, LocalId next);
  LocalId compute_ticked(LocalId id);
  /// Beyond the direct ones: what is known is found, what is not is computed and kept.
  const EffectInfo& find_effect(std::uint32_t request, Slot slot, ServiceStateId state, unsigned alternative);
  EffectInfo compute_effect(std::uint32_t request, Slot slot, ServiceStateId state, unsigned alternative);
  std::uint32_t compute_likeness(LocalId id);
  [[nodiscard]] bool names_equal_clients(LocalId id);
  std::uint32_t signature(LocalId id, const SlotPermutation& map);
  ValueId refusal_of(const Move& move);

  const WorldSpec& spec_;
  bool frozen_ = false;
  std::size_t process_count_;
  /// States of a service whose effects are looked up by index: all, but in wide worlds, where few are met
  /// twice.
  std::size_t direct_states_;
  StepRules rules_;
  ValuePool values_;
  std::vector<std::unique_ptr<Automaton>> automata_;

  std::deque<LocalState> locals_;
  std::size_t most_locals_ = 0;  ///< before they were last cleared
  std::vector<LocalInfo> infos_;
  std::vector<MoveInfo> moves_;
  boost::unordered_flat_map<std::string, LocalId> local_ids_;
  std::vector<QuickMove> quick_;   ///< [position of the move]
  std::vector<LocalId> received_;  ///< what QuickMove::target numbers
  Watched watched_;
  std::vector<ServiceTable> services_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> request_numbers_;
  std::vector<RequestTable> requests_;
  std::vector<std::vector<EffectInfo>> effects_;  ///< [request * processes + slot][state]
  boost::unordered_flat_map<std::uint64_t, EffectInfo>
      sparse_effects_;  ///< further alternatives, and states beyond the direct ones
  std::vector<SlotPermutation> permutations_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> permutation_ids_;
  std::vector<std::vector<LocalId>> permuted_locals_;         ///< [permutation][local]
  std::vector<std::vector<std::uint32_t>> locals_seen_from_;  ///< [slot][local]
  boost::unordered_flat_map<std::string, std::uint32_t> signatures_;
};

}  // namespace lockstorm::sim
