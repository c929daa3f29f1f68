// Visits every reachable state of a world, breadth first, and remembers how each was reached.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "sim/packed_world.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::sim {

struct ExploreOptions {
  bool symmetry = true;
  bool reduction = true;   ///< local-step reduction; off: shortest schedules are shortest of all
  Violations stop_at = 0;  ///< stop at the first violation of any of these
  std::size_t max_states = std::size_t{1} << 28U;
  std::size_t max_bytes = std::size_t{8} << 30U;
  std::uint32_t hang_property =
      kUnknown;              ///< property violated by states from which nobody can finish any more
  bool fingerprint = false;  ///< of the reachable set
};

/// A violating step: the state before it, and which step. `end`: the violation shows in the end state itself.
struct Finding {
  std::uint32_t state = 0;
  std::uint32_t step = 0;
  bool at_end = false;
};

struct ExploreResult {
  bool complete = false;
  std::string why_incomplete;
  std::size_t states = 0;
  std::size_t transitions = 0;
  std::size_t end_states = 0;
  std::size_t depth = 0;
  std::size_t memory_bytes = 0;
  /// Of the set of states that were reached, as this version numbers what they consist of; 0: not asked for.
  std::uint64_t fingerprint = 0;
  std::array<std::uint64_t, kFaultKinds> fired{};
  Violations violated = 0;
  std::array<std::optional<Finding>, 16> first;  ///< per property, the one reached in fewest steps
};

/// W: words a state is packed into. M: the monitors carried in the state.
template <int W, Monitor M>
class Explorer {
 public:
  using StateKey = Key<W>;

  Explorer(StateTables& tables, const M& monitor, EndCheck end_check, ExploreOptions options)
      : tables_(tables),
        world_(tables, monitor, options.symmetry),
        end_check_(std::move(end_check)),
        options_(options),
        set_(options.max_states),
        parents_(set_.max_size()) {}

  /// Explores; call once.
  ExploreResult run();

  /// The schedule that leads to a finding, its last step included.
  Schedule schedule_to(const Finding& finding);

  /// Every distinct end state (services, statuses, outcomes, flags), sorted; only meaningful after a complete
  /// run.
  [[nodiscard]] const std::map<EndState, Violations>& end_states() const { return ends_; }

 private:
  struct Successor {
    StateKey key;
    std::uint64_t hash;
    std::uint32_t parent;
    std::uint32_t candidate;  ///< state that it probably is
    bool faultless;           ///< reached without spending a fault
  };
  static constexpr std::size_t kBatch = 24;

  void note(Violations violations, const Finding& finding) {
    violations = static_cast<Violations>(violations & ~result_.violated);
    result_.violated = static_cast<Violations>(result_.violated | violations);
    for (unsigned property = 0; violations != 0;
         ++property, violations = static_cast<Violations>(violations >> 1U)) {
      if ((violations & 1U) != 0) result_.first[property] = finding;
    }
  }
  void expand(std::uint32_t number);
  bool settle(const Successor& successor);
  void find_hang();
  [[nodiscard]] bool looks_for_hangs() const { return options_.hang_property != kUnknown; }
  void check_end(std::uint32_t number, const StateKey& key);

  StateTables& tables_;
  PackedWorld<W, M> world_;
  EndCheck end_check_;
  ExploreOptions options_;
  StateSet<W> set_;
  ReservedArray<std::uint32_t> parents_;
  // Only where hangs are looked for: the faultless edges, those of each state together.
  std::vector<std::uint32_t> edges_;       ///< states they lead to
  std::vector<std::uint64_t> first_edge_;  ///< of each state, into edges_
  std::vector<bool> finishes_;             ///< an end, or out of time, when nobody can be blamed for waiting
  std::vector<Successor> batch_;
  std::map<EndState, Violations> ends_;
  ExploreResult result_;
};

}  // namespace lockstorm::sim

#include "sim/explorer.ipp"
