// A process class as a memoised automaton: a node is what the process remembers, an edge one observation. The
// body runs on a fiber only when an edge is new.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "sim/limits.hpp"
#include "sim/process/process.hpp"
#include "sim/process/promise_check.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::sim {

/// A process between two observations.
struct AutomatonNode {
  std::vector<Memory> memory;
  std::vector<Action> actions;  ///< per fiber; empty once ended
  std::uint16_t flags = 0;
  ValueId outcome = 0;
  ValueId kept = 0;  ///< of a live process; what one that has ended once remembered is nothing to anybody
  bool ended = false;
};

/// What the fibers of a live process are parked on.
std::vector<Action> current_actions(const Process& process);

/// What an automaton may grow to. No finite protocol comes near.
struct AutomatonLimits {
  std::size_t nodes = 250'000;
  std::size_t memories = 4'000'000;  ///< of all nodes together
  std::size_t answers = 4'096;       ///< different ones to one request
};

/// The process makes more different observations than a finite protocol should. The message names the process
/// and the call that grows.
struct AutomatonTooLarge : LimitExceeded {
  using LimitExceeded::LimitExceeded;
};

class Automaton {
 public:
  enum class Mode : std::uint8_t {
    compressed,  ///< scopes and loop heads shorten memories
    raw,         ///< full observation histories: the oracle the compressed mode is held to
  };

  /// Of the members of `spec.classes[process_class]`, which are all alike.
  Automaton(ValuePool& values, const WorldSpec& spec, std::size_t process_class, Mode mode,
            AutomatonLimits limits = {});

  [[nodiscard]] NodeId initial() const { return 0; }
  [[nodiscard]] const AutomatonNode& node(NodeId id) const { return nodes_[id]; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  /// What all nodes remember, together.
  [[nodiscard]] std::size_t memories() const { return memories_; }

  /// The node after `fiber` of `from` observes `observation`.
  NodeId next(NodeId from, FiberIndex fiber, Observation observation);
  /// The node the process would be in had equal processes swapped places.
  NodeId renamed(NodeId id, const SlotPermutation& permutation);

  /// Everything that members have marked on edges that were asked for, and before their first wait; sorted.
  [[nodiscard]] std::vector<Mark> reached() const;

  /// Merges nodes no future can tell apart, given the observations each request has been seen to get so far
  /// (Moore's partition refinement). Call when exploration is about to start again; returns the number of
  /// classes.
  std::size_t minimise(std::size_t max_nodes);
  /// An observation appeared that was not known when `minimise` ran: merged nodes may differ after all.
  [[nodiscard]] bool outgrown() const { return outgrown_; }

  /// Holds what is new since the last time to full histories. Throws BrokenPromise.
  void check_promises();
  /// How much of what there is the checks so far have looked at.
  [[nodiscard]] const PromiseSample& promise_sample() const { return promise_check_.sample(); }

 private:
  friend class PromiseCheck;

  struct Edge {
    FiberIndex fiber;
    Observation observation;
    NodeId target;
    std::uint32_t marks = 0;  ///< number of the set of marks on it; 0: none
    bool used = false;        ///< by an exploration, not only to close the automaton
    bool checked = false;     ///< some full history has been held to it
    /// For PromiseCheck: how often histories of its kind number `kind` have taken it.
    std::uint32_t kind = 0;
    std::uint32_t taken = 0;
  };
  using EdgeName = std::pair<NodeId, std::size_t>;
  /// How a node was first reached.
  struct Origin {
    NodeId from = 0;
    Seen seen;
  };

  /// Where a run from a memory has come to, and what it has marked since its last observation.
  struct Arrival {
    NodeId node = 0;
    std::uint32_t marks = 0;
  };

  NodeId intern(AutomatonNode node);
  Arrival run(const std::vector<Memory>& memory);
  std::uint32_t set_of(std::vector<Mark> marks);
  std::size_t extend(NodeId from, FiberIndex fiber, Observation observation);
  NodeId renamed_node(NodeId id, const SlotPermutation& permutation);
  [[nodiscard]] std::vector<Seen> renamed_history(NodeId id, const SlotPermutation& permutation) const;
  [[nodiscard]] std::vector<Seen> history(NodeId id) const;
  [[nodiscard]] BrokenPromise broken_promise(const std::vector<Seen>& history) const;
  [[nodiscard]] std::string what_grows() const;
  [[nodiscard]] std::string grows(const std::string& call, std::size_t answers) const;
  void learn(const Action& action, Observation observation);
  [[nodiscard]] std::vector<Observation> alphabet(const Action& action) const;

  ValuePool& values_;
  const WorldSpec& spec_;
  std::size_t process_class_;
  const Process::Body& body_;
  Mode mode_;
  AutomatonLimits limits_;
  std::size_t memories_ = 0;
  std::deque<AutomatonNode> nodes_;
  boost::unordered_flat_map<std::string, NodeId> ids_;
  std::vector<std::vector<Edge>> edges_;
  std::vector<std::vector<Mark>> mark_sets_{{}};
  std::uint32_t first_marks_ = 0;  ///< number of the set that is marked before the first wait
  std::vector<NodeId> representative_;
  std::vector<Origin> origins_;
  boost::unordered_flat_map<NodeId, std::vector<Seen>> root_histories_;  ///< of nodes reached by renaming
  std::vector<EdgeName> new_edges_;
  std::vector<NodeId> new_roots_;
  PromiseCheck promise_check_{*this};
  boost::unordered_flat_map<std::uint64_t, std::vector<Observation>> seen_;  ///< by (service, request)
  std::uint64_t fiber_runs_ = 0;
  bool minimised_ = false;
  bool outgrown_ = false;
};

}  // namespace lockstorm::sim
