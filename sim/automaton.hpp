// A process class as a memoised automaton: a node is what the process remembers, an edge one observation. The
// body runs on a fiber only when an edge is new.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <deque>
#include <stdexcept>
#include <vector>

#include "sim/process.hpp"

namespace lockstorm::sim {

using NodeId = std::uint32_t;

/// A process between two observations.
struct AutomatonNode {
  std::vector<Memory> memory;
  std::vector<Action> actions;  ///< per fiber; empty once ended
  std::uint16_t flags = 0;
  ValueId outcome = 0;
  bool ended = false;
};

/// The automaton has more nodes than a finite protocol should have: a loop lacks `forget`.
struct AutomatonTooLarge : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Automaton {
 public:
  enum class Mode : std::uint8_t {
    compressed,  ///< scopes and loop heads shorten memories
    raw,         ///< full observation histories: the oracle the compressed mode is held to
  };

  Automaton(ValuePool& values, Process::Body body, Mode mode, std::size_t max_nodes = 1'000'000);

  [[nodiscard]] NodeId initial() const { return 0; }
  [[nodiscard]] const AutomatonNode& node(NodeId id) const { return nodes_[id]; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] std::uint64_t fiber_runs() const { return fiber_runs_; }

  /// The node after `fiber` of `from` observes `observation`.
  NodeId next(NodeId from, FiberIndex fiber, Observation observation);
  /// The node the process would be in had equal processes swapped places.
  NodeId renamed(NodeId id, const SlotPermutation& permutation);

  /// Merges nodes no future can tell apart, given the observations each request has been seen to get so far
  /// (Moore's partition refinement). Call when exploration is about to start again; returns the number of
  /// classes.
  std::size_t minimise(std::size_t max_nodes);
  /// An observation appeared that was not known when `minimise` ran: merged nodes may differ after all.
  [[nodiscard]] bool outgrown() const { return outgrown_; }

 private:
  struct Edge {
    FiberIndex fiber;
    Observation observation;
    NodeId target;
  };

  NodeId intern(AutomatonNode node);
  NodeId run(const std::vector<Memory>& memory);
  NodeId extend(NodeId from, FiberIndex fiber, Observation observation);
  void learn(const Action& action, Observation observation);
  [[nodiscard]] std::vector<Observation> alphabet(const Action& action) const;

  ValuePool& values_;
  Process::Body body_;
  Mode mode_;
  std::size_t max_nodes_;
  std::deque<AutomatonNode> nodes_;
  boost::unordered_flat_map<std::string, NodeId> ids_;
  std::vector<std::vector<Edge>> edges_;
  std::vector<NodeId> representative_;
  boost::unordered_flat_map<std::uint64_t, std::vector<Observation>> seen_;  ///< by (service, request)
  std::uint64_t fiber_runs_ = 0;
  bool minimised_ = false;
  bool outgrown_ = false;
};

}  // namespace lockstorm::sim
