// Wing and Gong's search over Lowe's linked list: one order after the other, with every configuration (what
// is linearized, state) visited once. Finds an order fast where there are many, also with very many
// operations at once.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "checkers/linearizability/linearizability.hpp"
#include "checkers/linearizability/list.hpp"
#include "checkers/linearizability/spending.hpp"

namespace lockstorm::checkers::linearizability {

/// A configuration is remembered by 128 bits of hash: two of them are taken for one with a probability of
/// about states^2 / 2^128.
template <class Model>
class DepthFirstSearch {
 public:
  DepthFirstSearch(std::span<const Interval<Model>> operations, const Model& model, const Spending& spending)
      : operations_(operations), model_(model), spending_(spending), state_(model.initial()) {
    list_.reserve(operations.size());
    for (const Interval<Model>& operation : operations) list_.add(operation.invoked, operation.completed);
    list_.link();
  }

  LinearizabilityResult run() {
    result_.verdict = search();
    if (result_.verdict == Linearizable::yes) {
      result_.longest_prefix = chosen_operations();
    } else {
      explain();
    }
    result_.states = visited_.size();
    return std::move(result_);
  }

 private:
  using State = typename Model::State;
  using Fingerprint = std::pair<std::uint64_t, std::uint64_t>;

  struct Choice {
    std::uint32_t operation;
    State before;
    /// Nothing else needs to be tried in its place.
    bool is_forced;
  };

  struct FingerprintHash {
    using is_avalanching = void;
    std::size_t operator()(const Fingerprint& fingerprint) const { return fingerprint.first; }
  };

  // A node of the list is an invocation or a completion; before the first completion stand all that may come
  // next.
  Linearizable search() {
    take_observers();
    std::uint32_t node = list_.first();
    while (list_.completions() > 0) {
      if (list_.is_invocation(node)) {
        const std::uint32_t operation = list_.operation_of(node);
        if (auto next = model_.step(state_, operations_[operation].operation);
            next && visit(operation, *next)) {
          chosen_.push_back({operation, std::exchange(state_, *std::move(next)), false});
          list_.lift(operation);
          take_observers();
          node = list_.first();
        } else {
          node = list_.next(node);
        }
        continue;
      }
      note_prefix();
      if (chosen_.empty()) return Linearizable::no;
      if (is_over_budget()) return Linearizable::unknown;
      while (chosen_.back().is_forced) {
        undo();
        if (chosen_.empty()) return Linearizable::no;
      }
      node = undo();
    }
    return Linearizable::yes;
  }

  // An operation that changes nothing and fits now is linearized now: whatever follows can follow it, and its
  // completion is out of the way. Configurations are those after all that fit.
  void take_observers() {
    if constexpr (requires(const typename Model::Operation& operation) {
                    Model::changes_nothing(operation);
                  }) {
      std::uint32_t node = list_.first();
      while (list_.is_invocation(node)) {
        const std::uint32_t operation = list_.operation_of(node);
        node = list_.next(node);
        if (!Model::changes_nothing(operations_[operation].operation) ||
            !model_.step(state_, operations_[operation].operation))
          continue;
        chosen_.push_back({operation, state_, true});
        done_.first ^= mixed(2 * std::uint64_t{operation});
        done_.second ^= mixed(2 * std::uint64_t{operation} + 1);
        list_.lift(operation);
        // Its completion may have stood before others that fit, too.
        node = list_.first();
      }
    }
  }

  // Whether the configuration after the operation is new.
  bool visit(std::uint32_t operation, const State& next) {
    const Fingerprint done{done_.first ^ mixed(2 * std::uint64_t{operation}),
                           done_.second ^ mixed(2 * std::uint64_t{operation} + 1)};
    const std::uint64_t state = model_.hash(next);
    if (!visited_
             .insert({mixed(done.first + mixed(state ^ 0x5851F42D4C957F2DU)),
                      mixed(done.second ^ mixed(state + 0x14057B7EF767814FU))})
             .second)
      return false;
    done_ = done;
    return true;
  }

  // The node after the invocation of what was chosen last.
  std::uint32_t undo() {
    Choice& last = chosen_.back();
    const std::uint32_t operation = last.operation;
    state_ = std::move(last.before);
    chosen_.pop_back();
    done_.first ^= mixed(2 * std::uint64_t{operation});
    done_.second ^= mixed(2 * std::uint64_t{operation} + 1);
    list_.unlift(operation);
    return list_.next(list_.invocation_of(operation));
  }

  bool is_over_budget() {
    result_.why_unknown = spending_.why_not_on(visited_.size(), visited_.size() * 2 * sizeof(Fingerprint));
    return !result_.why_unknown.empty();
  }

  void note_prefix() {
    if (chosen_.size() > result_.longest_prefix.size() || !has_dead_end_)
      result_.longest_prefix = chosen_operations();
    has_dead_end_ = true;
  }

  std::vector<std::uint32_t> chosen_operations() const {
    std::vector<std::uint32_t> operations;
    operations.reserve(chosen_.size());
    for (const Choice& choice : chosen_) operations.push_back(choice.operation);
    return operations;
  }

  void explain() {
    while (!chosen_.empty()) undo();
    for (const std::uint32_t operation : result_.longest_prefix) {
      state_ = *model_.step(state_, operations_[operation].operation);
      list_.lift(operation);
    }
    for (std::uint32_t node = list_.first(); list_.is_invocation(node); node = list_.next(node)) {
      const auto& operation = operations_[list_.operation_of(node)].operation;
      if (!model_.step(state_, operation))
        result_.next.push_back({list_.operation_of(node), model_.why_not(state_, operation)});
    }
  }

  static std::uint64_t mixed(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
  }

  std::span<const Interval<Model>> operations_;
  const Model& model_;
  Spending spending_;
  List list_;
  State state_;
  std::vector<Choice> chosen_;
  Fingerprint done_{};
  boost::unordered_flat_set<Fingerprint, FingerprintHash> visited_;
  LinearizabilityResult result_;
  bool has_dead_end_ = false;
};

}  // namespace lockstorm::checkers::linearizability
