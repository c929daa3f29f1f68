// Is there an order of the operations, each between its invocation and its completion, that a sequential
// model allows (Herlihy, Wing: Linearizability, TOPLAS 1990)? Yes; no, with the longest prefix that could be
// put in order; or unknown, within a budget.
//
// A model is a value type:
//
//     struct Counter {
//       using State = std::int64_t;                                          // ==
//       struct Operation { bool adds; std::int64_t value; auto operator<=>(const Operation&) const = default;
//       }; static State initial() { return 0; } static std::uint64_t hash(State state) { return
//       static_cast<std::uint64_t>(state); } static std::optional<State> step(State state, const Operation&
//       o) {  // nothing: cannot answer so here
//         if (o.adds) return state + o.value;
//         return o.value == state ? std::optional(state) : std::nullopt;
//       }
//       static std::string why_not(State state, const Operation&) { return "it holds " +
//       std::to_string(state); }
//     };
//
// What a model may say besides makes the search faster and changes no verdict:
//
//       static bool changes_nothing(const Operation&);   // in no state
//       static bool leaves(const State&, const Operation&);   // step would answer the same state
//       // `earlier` is possible in every state, and once `later` has come right after it nobody can tell
//       that it was. static bool overwrites(const Operation& later, const Operation& earlier);
//       // Neither can tell whether the other one came first.
//       static bool independent(const Operation&, const Operation&);
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "checkers/history/history.hpp"

namespace lockstorm::checkers {

/// One operation as the search sees it: positions in the history (any increasing numbers, no two alike), and
/// what it did. `completed` is kNever where the result is unknown: then it may take effect at any later time,
/// or never.
template <class Model>
struct Interval {
  std::uint32_t invoked = 0, completed = kNever;
  typename Model::Operation operation;
};

/// In configurations and memory, not in seconds: the same input has the same verdict everywhere.
struct SearchBudget {
  std::size_t max_states = 20'000'000;
  std::size_t max_bytes = std::size_t{1} << 30U;
  std::stop_token stop{};
};

enum class Linearizable : std::uint8_t { yes, no, unknown };

/// An operation that could come next after the longest prefix, and why the model does not allow it.
struct NextOperation {
  std::uint32_t operation = 0;
  std::string why_not;
};

struct LinearizabilityResult {
  Linearizable verdict = Linearizable::unknown;
  std::string why_unknown;
  std::size_t states = 0;      ///< configurations that were made
  std::size_t most_bytes = 0;  ///< that they took at a time
  /// As many operations as could be put in an order, in that order; indices into the input. Only for a
  /// verdict of no.
  std::vector<std::uint32_t> longest_prefix;
  std::vector<NextOperation> next;
};

/// Deterministic. A short search for one order; then all orders at once, event by event, whose memory is that
/// of the widest moment; where that is too wide for half of the budget, one order after the other.
template <class Model>
[[nodiscard]] LinearizabilityResult check_linearizable(std::span<const Interval<Model>> operations,
                                                       const Model& model, const SearchBudget& budget);

namespace linearizability {
struct Spending;
}
/// One search's part of a budget (checkers/linearizability/spending.hpp).
template <class Model>
[[nodiscard]] LinearizabilityResult check_linearizable(std::span<const Interval<Model>> operations,
                                                       const Model& model,
                                                       const linearizability::Spending& spending);

}  // namespace lockstorm::checkers

#include "checkers/linearizability/depth_first.hpp"
#include "checkers/linearizability/just_in_time.hpp"

namespace lockstorm::checkers {

template <class Model>
LinearizabilityResult check_linearizable(std::span<const Interval<Model>> operations, const Model& model,
                                         const linearizability::Spending& spending) {
  using linearizability::DepthFirstSearch;
  const SearchBudget& budget = spending.budget;
  // One order that nothing stands against is found at once; a few dead ends, and it is better to look at all.
  const std::size_t some = std::min(spending.max_states / 4, 4 * operations.size() + 1024);
  LinearizabilityResult first = DepthFirstSearch<Model>(operations, model, {budget, some}).run();
  if (first.verdict != Linearizable::unknown || budget.stop.stop_requested()) return first;
  const std::size_t half = spending.max_states / 2;
  LinearizabilityResult result = linearizability::search_just_in_time(operations, model, {budget, half});
  result.states += first.states;
  if (result.verdict != Linearizable::unknown || budget.stop.stop_requested()) return result;
  const std::size_t rest = spending.max_states - half;
  LinearizabilityResult last = DepthFirstSearch<Model>(operations, model, {budget, rest}).run();
  last.states += result.states;
  return last;
}

template <class Model>
LinearizabilityResult check_linearizable(std::span<const Interval<Model>> operations, const Model& model,
                                         const SearchBudget& budget) {
  return check_linearizable(operations, model, linearizability::Spending{budget, budget.max_states});
}

}  // namespace lockstorm::checkers
