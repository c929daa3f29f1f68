// Holds the promises that client code makes with `Process::scope` and `Process::forget` to what the client
// does when nothing is forgotten.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <vector>

#include "sim/process/process.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::sim {

class Automaton;
using NodeId = std::uint32_t;

/// A promise is wrong: a bug in a model. The message names the process, the scope or loop, and what the
/// process does with and without it.
struct BrokenPromise : std::logic_error {
  using std::logic_error::logic_error;
};

/// One step of a full history.
struct Seen {
  FiberIndex fiber = 0;
  Observation observation = 0;
  friend bool operator==(const Seen&, const Seen&) = default;
};

/// Which promise is broken when after `history` the process is not what its compressed memory makes of it.
BrokenPromise find_broken_promise(ValuePool& values, const Process::Body& body, const WorldSpec& spec,
                                  std::size_t process_class, const std::vector<Seen>& history);

/// How much of an automaton its promise check has looked at.
struct PromiseSample {
  std::uint64_t edges = 0;         ///< that an exploration used: each is on a full history that was walked
  std::uint64_t loops = 0;         ///< edges back to a loop head
  std::uint64_t loops_left = 0;    ///< ... of which many turns were not walked
  std::uint64_t meetings = 0;      ///< edges over which another history comes to a node
  std::uint64_t meetings_cut = 0;  ///< ... that were not followed by every way from there

  PromiseSample& operator+=(const PromiseSample& other);
};

/// Walks full histories beside the automaton, a process that forgets nothing beside nodes that do; wherever
/// they differ, in what they do or in what they mark, a promise is broken. Which histories: for every edge
/// that an exploration used one that takes it, many turns of every loop that comes back to its head, and
/// wherever histories meet in one node, the later one gone on with by every way from there. In large automata
/// the latter two are a part of all there are: `sample` says how much was left out.
class PromiseCheck {
 public:
  explicit PromiseCheck(Automaton& automaton) : automaton_(automaton) {}

  /// Checks the edges that are new since the last time. Throws BrokenPromise.
  void run();
  /// Of all checks so far.
  [[nodiscard]] const PromiseSample& sample() const { return sample_; }

 private:
  class FullHistory;

  void cover(NodeId from, std::size_t index);
  void turn_loop(NodeId from, std::size_t index);
  void follow_meeting(NodeId from, std::size_t index, std::size_t share);
  [[nodiscard]] bool is_first_way(NodeId from, std::size_t index) const;
  void take(FullHistory& history, std::size_t index);
  /// The shortest way between two nodes, as the edge to take at each; empty when there is none, nothing when
  /// that would have been too far to look.
  [[nodiscard]] std::optional<std::vector<std::size_t>> way(NodeId from, NodeId to) const;

  Automaton& automaton_;
  PromiseSample sample_;
  std::uint32_t kind_ = 0;  ///< numbers the meetings of histories
  std::size_t left_ = 0;    ///< of the steps this check may take beyond one history for every edge
};

}  // namespace lockstorm::sim
