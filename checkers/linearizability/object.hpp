// The object as the search sees it: states and kinds of operations are numbers, and every step is remembered.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <compare>
#include <cstdint>
#include <deque>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "checkers/linearizability/linearizability.hpp"

namespace lockstorm::checkers::linearizability {

template <class Model>
class Object {
 public:
  using State = typename Model::State;
  using Operation = typename Model::Operation;
  static constexpr std::uint32_t kImpossible = 0xFFFFFFFF;

  Object(std::span<const Interval<Model>> history, const Model& model) : model_(model) {
    std::vector<std::uint32_t> sorted(history.size());
    std::iota(sorted.begin(), sorted.end(), 0U);
    std::ranges::sort(sorted, [&](std::uint32_t x, std::uint32_t y) {
      const auto order = history[x].operation <=> history[y].operation;
      return order != 0 ? order < 0 : x < y;
    });
    kind_of_.resize(history.size());
    for (const std::uint32_t i : sorted) {
      if (operations_.empty() || *operations_.back() != history[i].operation)
        operations_.push_back(&history[i].operation);
      kind_of_[i] = static_cast<std::uint32_t>(operations_.size() - 1);
    }
    number(model.initial());
  }

  [[nodiscard]] std::uint32_t kind(std::uint32_t interval) const { return kind_of_[interval]; }
  [[nodiscard]] std::size_t states() const { return states_.size(); }
  /// About what is kept, the contents of states not counted.
  [[nodiscard]] std::size_t bytes() const {
    return states_.size() * (sizeof(State) + 48) + few_.capacity() * sizeof(std::uint32_t) +
           many_.size() * 2 * sizeof(std::uint64_t);
  }
  [[nodiscard]] const State& state(std::uint32_t number) const { return states_[number]; }

  /// Number of the state after an operation of that kind, or kImpossible.
  std::uint32_t after(std::uint32_t state, std::uint32_t kind) {
    std::uint32_t& known = remembered(state, kind);
    if (known == kNotAsked) {
      const std::optional<State> next = model_.step(states_[state], *operations_[kind]);
      const std::uint32_t found = next ? number(*next) : kImpossible;
      remembered(state, kind) = found;  // numbering may have moved what is remembered
      return found;
    }
    return known;
  }

  /// Whether an operation of that kind is possible and leaves the state as it is.
  bool leaves(std::uint32_t state, std::uint32_t kind) {
    if constexpr (requires(const State& s, const Operation& o) { model_.leaves(s, o); })
      return model_.leaves(states_[state], *operations_[kind]);
    return after(state, kind) == state;
  }

  [[nodiscard]] bool changes_nothing(std::uint32_t kind) const {
    if constexpr (requires(const Operation& o) { Model::changes_nothing(o); })
      return Model::changes_nothing(*operations_[kind]);
    return false;
  }
  static constexpr bool kKnowsOverwriting = requires(const Operation& o) { Model::overwrites(o, o); };
  [[nodiscard]] bool overwrites([[maybe_unused]] std::uint32_t later,
                                [[maybe_unused]] std::uint32_t earlier) const {
    if constexpr (kKnowsOverwriting) return Model::overwrites(*operations_[later], *operations_[earlier]);
    return false;
  }
  static constexpr bool kKnowsIndependence = requires(const Operation& o) { Model::independent(o, o); };
  [[nodiscard]] bool independent([[maybe_unused]] std::uint32_t a, [[maybe_unused]] std::uint32_t b) const {
    if constexpr (kKnowsIndependence) return Model::independent(*operations_[a], *operations_[b]);
    return false;
  }
  [[nodiscard]] std::string why_not(std::uint32_t state, std::uint32_t kind) const {
    return model_.why_not(states_[state], *operations_[kind]);
  }

 private:
  static constexpr std::uint32_t kNotAsked = 0xFFFFFFFE;
  static constexpr std::size_t kFewKinds = 128;

  struct AsItIs {
    using is_avalanching = void;
    std::size_t operator()(std::uint64_t hash) const { return hash * 0x9E3779B97F4A7C15U; }
  };

  // Different states of the same hash go to the next free place.
  std::uint32_t number(const State& state) {
    for (std::uint64_t hash = Model::hash(state);; ++hash) {
      const auto [position, is_new] = numbers_.try_emplace(hash, static_cast<std::uint32_t>(states_.size()));
      if (is_new) {
        states_.push_back(state);
        if (operations_.size() <= kFewKinds) few_.resize(few_.size() + operations_.size(), kNotAsked);
        return position->second;
      }
      if (states_[position->second] == state) return position->second;
    }
  }

  std::uint32_t& remembered(std::uint32_t state, std::uint32_t kind) {
    if (operations_.size() <= kFewKinds) return few_[state * operations_.size() + kind];
    return many_.try_emplace(std::uint64_t{state} << 32U | kind, kNotAsked).first->second;
  }

  const Model& model_;
  std::vector<const Operation*> operations_;                                 ///< [kind]
  std::vector<std::uint32_t> kind_of_;                                       ///< [interval]
  boost::unordered_flat_map<std::uint64_t, std::uint32_t, AsItIs> numbers_;  ///< [hash]
  std::deque<State> states_;                                                 ///< [number]
  std::vector<std::uint32_t> few_;                                           ///< [state][kind]
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> many_;
};

}  // namespace lockstorm::checkers::linearizability
