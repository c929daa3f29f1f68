// The search: all configurations that a prefix of the history can have led to, event by event.
//
// Operations are linearized as late as possible (Lowe: Testing for linearizability, CCPE 2017, "just-in-time
// linearization"): only when one completes, and of those that are going on only such as make that possible.
// Nothing is ever taken back, so memory is that of one moment. What keeps the moment small:
// - an operation that would change nothing where it is (a read of the current state, a write of what is
// there) is free
//   from then on: whether it is linearized here, or made use of later, need not be decided now;
// - so is every operation that is going on when another overwrites it: it can go right before that;
// - a configuration that another covers (Configuration::covers) is forgotten;
// - of equal operations that are going on, the one that completes first is used first;
// - operations that are independent of all that could matter to the one that completes are left alone.
#pragma once

#include <algorithm>
#include <cassert>
#include <vector>

#include "checkers/linearizability/configurations.hpp"
#include "checkers/linearizability/object.hpp"
#include "checkers/linearizability/spending.hpp"

namespace lockstorm::checkers::linearizability {

/// An invocation or a completion, in the order of the history.
struct Moment {
  std::uint32_t position = 0;
  std::uint32_t interval = 0;
  bool is_completion = false;
};

template <class Model>
std::vector<Moment> moments_of(std::span<const Interval<Model>> history) {
  std::vector<Moment> moments;
  moments.reserve(history.size() * 2);
  for (std::uint32_t i = 0; i < history.size(); ++i) {
    moments.push_back({history[i].invoked, i, false});
    if (history[i].completed != kNever) moments.push_back({history[i].completed, i, true});
  }
  std::ranges::sort(moments, {}, &Moment::position);
  return moments;
}

/// How many operations at most are going on at once, those of unknown result for ever.
inline std::size_t widest(std::span<const Moment> moments) {
  std::size_t now = 0;
  std::size_t most = 0;
  for (const Moment& moment : moments) {
    now = moment.is_completion ? now - 1 : now + 1;
    most = std::max(most, now);
  }
  return most;
}

template <class Model, std::size_t W>
class JustInTimeSearch {
 public:
  /// `records`: keeps the order that led to each configuration, for the proof.
  JustInTimeSearch(std::span<const Interval<Model>> history, std::span<const Moment> moments,
                   Object<Model>& object, const Spending& spending, bool records)
      : history_(history), moments_(moments), object_(object), spending_(spending), records_(records) {
    slot_of_.resize(history.size());
    interval_in_.resize(W * 64);
    overwritten_by_.resize(W * 64);
    configurations_.push_back({});
  }

  LinearizabilityResult run() {
    look_at_budget();
    for (const Moment& moment : moments_) {
      if (moment.is_completion) {
        complete(moment.interval);
      } else {
        invoke(moment.interval);
      }
      if (!result_.why_unknown.empty()) return std::move(result_);
      if (!next_is_empty_) continue;
      result_.verdict = Linearizable::no;
      if (records_) tell(moment.interval);
      return std::move(result_);
    }
    look_at_budget();
    result_.verdict = Linearizable::yes;
    result_.why_unknown.clear();
    return std::move(result_);
  }

 private:
  using Config = Configuration<W>;
  static constexpr std::size_t kStatesBetweenLooks = 1024;

  /// One entry of an order: what was linearized, when, and after what. A free operation that completes has an
  /// entry too; where in the order it belongs is found out in the end.
  struct Entry {
    std::uint32_t before = 0;
    std::uint32_t interval = 0;
    std::uint32_t moment = 0;
    bool was_free = false;
  };

  [[nodiscard]] std::uint32_t kind_in(std::uint32_t slot) const { return object_.kind(interval_in_[slot]); }

  void invoke(std::uint32_t interval) {
    ++now_;
    const std::uint32_t kind = object_.kind(interval);
    const bool is_unknown = history_[interval].completed == kNever;
    if (is_unknown && object_.changes_nothing(kind)) return;  // nobody can tell whether it happened
    const std::uint32_t slot = going_on_.first_absent();
    assert(slot < W * 64 && "W is chosen so that all fit");
    slot_of_[interval] = slot;
    interval_in_[slot] = interval;
    going_on_.set(slot);
    if (!object_.changes_nothing(kind)) changers_.set(slot);
    note_overwriting(slot, kind);
    invocations_.push_back(slot);
    for (Config& one : configurations_) {
      if (is_unknown || object_.leaves(one.state, kind)) one.free.set(slot);
    }
  }

  void note_overwriting(std::uint32_t slot, std::uint32_t kind) {
    if constexpr (!Object<Model>::kKnowsOverwriting) return;
    overwritten_by_[slot] = {};
    going_on_.any([&](std::uint32_t other) {
      if (object_.overwrites(kind, kind_in(other))) overwritten_by_[slot].set(other);
      overwritten_by_[other].clear(slot);
      if (object_.overwrites(kind_in(other), kind)) overwritten_by_[other].set(slot);
      return false;
    });
  }

  void complete(std::uint32_t interval) {
    ++now_;
    const std::uint32_t slot = slot_of_[interval];
    const bool can_change = changers_.has(slot);
    candidates_ = candidates_for(interval);
    next_.clear();
    reached_.clear();
    for (const Config& one : configurations_) {
      if (one.used.has(slot)) {
        keep(one, slot);
      } else if (!one.free.has(slot)) {
        reach(one);
      } else {
        keep(noted(one, interval, true), slot);
        if (can_change) reach(one);
      }
    }
    for (std::size_t i = 0; i < reached_.entries() && result_.why_unknown.empty(); ++i) {
      if (!reached_.is_dead(i)) go_on(Config(reached_[i]), interval);
    }
    next_is_empty_ = next_.empty();
    if (next_is_empty_) return;
    going_on_.clear(slot);
    changers_.clear(slot);
    configurations_.clear();
    for (std::size_t i = 0; i < next_.entries(); ++i) {
      if (!next_.is_dead(i)) configurations_.push_back(next_[i]);
    }
  }

  // From a configuration in which the operation that completes may still be linearized: now, or after another
  // one.
  void go_on(const Config& one, std::uint32_t interval) {
    const std::uint32_t slot = slot_of_[interval];
    const std::uint32_t kind = object_.kind(interval);
    const std::uint32_t after = object_.after(one.state, kind);
    if (after != Object<Model>::kImpossible && after != one.state) keep(used(one, slot, after), slot);
    const Mask<W> left = candidates_ - one.used;
    left.any([&](std::uint32_t other) {
      if (other == slot || is_twin_of_earlier(one, left, other)) return false;
      const std::uint32_t then = object_.after(one.state, kind_in(other));
      if (then == Object<Model>::kImpossible || then == one.state) return false;
      const Config next = used(one, other, then);
      const bool is_done = next.free.has(slot) && !one.free.has(slot);
      // If it is overwritten by the other one, it could also have come first, and the other one later.
      if (is_done && !overwritten_by_[other].has(slot)) keep(noted(next, interval, true), slot);
      // What is done with and changes nothing needs no more: whatever else happens can as well happen later.
      if (!is_done || changers_.has(slot)) reach(next);
      return false;
    });
  }

  // Equal operations of which one completes earlier, and is due where this one is free or as this one is:
  // whatever this one would be used for, the earlier one can be.
  [[nodiscard]] bool is_twin_of_earlier(const Config& one, const Mask<W>& left, std::uint32_t slot) const {
    const std::uint32_t kind = kind_in(slot);
    const bool is_free = one.free.has(slot);
    return left.any([&](std::uint32_t other) {
      if (other == slot || kind_in(other) != kind) return false;
      const bool other_is_free = one.free.has(other);
      if (other_is_free && !is_free) return false;
      const std::uint32_t deadline = history_[interval_in_[slot]].completed;
      const std::uint32_t others = history_[interval_in_[other]].completed;
      return others < deadline || (others == deadline && other < slot);
    });
  }

  // The operation in `slot` is linearized and leaves that state.
  [[nodiscard]] Config used(const Config& one, std::uint32_t slot, std::uint32_t state) {
    Config next = one;
    next.used.set(slot);
    next.free.clear(slot);
    next.state = state;
    next.free = next.free | ((overwritten_by_[slot] & going_on_) - next.used);
    next.free = next.free | (unchanging(state) - next.used);
    return noted(next, interval_in_[slot], false);
  }

  [[nodiscard]] Config noted(Config one, std::uint32_t interval, bool was_free) {
    if (!records_) return one;
    entries_.push_back({one.proof, interval, now_, was_free});
    one.proof = static_cast<std::uint32_t>(entries_.size());
    return one;
  }

  void keep(Config one, std::uint32_t completed_slot) {
    one.used.clear(completed_slot);
    one.free.clear(completed_slot);
    if (next_.insert(one, object_.states())) count();
  }
  void reach(const Config& one) {
    if (reached_.insert(one, object_.states())) count();
  }

  void count() {
    ++result_.states;
    if (result_.states <= spending_.max_states && result_.states % kStatesBetweenLooks != 0) return;
    look_at_budget();
  }

  void look_at_budget() {
    const std::size_t bytes = next_.bytes() + reached_.bytes() + configurations_.capacity() * sizeof(Config) +
                              entries_.capacity() * sizeof(Entry) + object_.bytes();
    result_.most_bytes = std::max(result_.most_bytes, bytes);
    if (result_.why_unknown.empty()) result_.why_unknown = spending_.why_not_on(result_.states, bytes);
  }

  // Operations going on that leave this state as it is.
  [[nodiscard]] Mask<W> unchanging(std::uint32_t state) {
    if (unchanging_.size() <= state) unchanging_.resize(object_.states());
    Unchanging& known = unchanging_[state];
    if (!known.is_known) {
      known.is_known = true;
      known.upto = invocations_.size();
      going_on_.any([&](std::uint32_t slot) { return note_unchanging(known, state, slot); });
    }
    for (; known.upto < invocations_.size(); ++known.upto)
      note_unchanging(known, state, invocations_[known.upto]);
    return known.mask & going_on_;
  }

  // Which operations could matter to one that completes: those that depend on it, or on one that matters.
  [[nodiscard]] Mask<W> candidates_for(std::uint32_t interval) {
    if constexpr (!Object<Model>::kKnowsIndependence) return changers_;
    Mask<W> found;
    std::vector<std::uint32_t> kinds{object_.kind(interval)};
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      (changers_ - found).any([&](std::uint32_t slot) {
        if (object_.independent(kinds[i], kind_in(slot))) return false;
        found.set(slot);
        kinds.push_back(kind_in(slot));
        return false;
      });
    }
    return found;
  }

  // The longest order that any configuration before the failure has, made legal and complete.
  void tell(std::uint32_t interval) {
    std::uint32_t best = 0;
    std::uint32_t best_state = configurations_.empty() ? 0 : configurations_.front().state;
    std::size_t longest = 0;
    Config best_one;
    for (std::size_t i = 0; i < reached_.entries(); ++i) {
      std::size_t length = 0;
      for (std::uint32_t at = reached_[i].proof; at != 0; at = entries_[at - 1].before) ++length;
      if (i > 0 && length <= longest) continue;
      longest = length;
      best = reached_[i].proof;
      best_state = reached_[i].state;
      best_one = reached_[i];
    }
    result_.longest_prefix = order_of(best);
    result_.next.push_back({interval, object_.why_not(best_state, object_.kind(interval))});
    (going_on_ - best_one.used - best_one.free).any([&](std::uint32_t slot) {
      const std::uint32_t other = interval_in_[slot];
      if (other != interval && object_.after(best_state, object_.kind(other)) == Object<Model>::kImpossible)
        result_.next.push_back({other, object_.why_not(best_state, object_.kind(other))});
      return false;
    });
  }

  // Free operations go where they change nothing, or right before one that overwrites.
  [[nodiscard]] std::vector<std::uint32_t> order_of(std::uint32_t last) {
    std::vector<Entry> order;
    std::vector<Entry> free;
    for (std::uint32_t at = last; at != 0; at = entries_[at - 1].before)
      (entries_[at - 1].was_free ? free : order).push_back(entries_[at - 1]);
    std::ranges::reverse(order);
    std::ranges::reverse(free);
    // In front of each of the order, those first that change nothing there, then those that it overwrites.
    std::vector<std::vector<std::uint32_t>> unchanging(order.size() + 1);
    std::vector<std::vector<std::uint32_t>> overwritten(order.size() + 1);
    for (const Entry& one : free) {
      const Place place = place_of(one, order);
      (place.is_overwritten ? overwritten : unchanging)[place.before].push_back(one.interval);
    }
    std::vector<std::uint32_t> whole;
    for (std::size_t i = 0; i <= order.size(); ++i) {
      whole.insert(whole.end(), unchanging[i].begin(), unchanging[i].end());
      whole.insert(whole.end(), overwritten[i].begin(), overwritten[i].end());
      if (i < order.size()) whole.push_back(order[i].interval);
    }
    return whole;
  }

  struct Place {
    std::size_t before = 0;
    bool is_overwritten = false;
  };
  [[nodiscard]] Place place_of(const Entry& one, const std::vector<Entry>& order) {
    const std::uint32_t kind = object_.kind(one.interval);
    std::uint32_t state = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const bool was_going_on = history_[one.interval].invoked < moments_[order[i].moment - 1].position;
      if (was_going_on && object_.leaves(state, kind)) return {i, false};
      const std::uint32_t next_kind = object_.kind(order[i].interval);
      if (was_going_on && object_.overwrites(next_kind, kind)) return {i, true};
      state = object_.after(state, next_kind);
    }
    return {order.size(), false};
  }

  struct Unchanging {
    Mask<W> mask;
    std::size_t upto = 0;  ///< invocations that are in it
    bool is_known = false;
  };
  bool note_unchanging(Unchanging& known, std::uint32_t state, std::uint32_t slot) {
    if (going_on_.has(slot) && object_.leaves(state, kind_in(slot))) {
      known.mask.set(slot);
    } else {
      known.mask.clear(slot);
    }
    return false;
  }

  std::span<const Interval<Model>> history_;
  std::span<const Moment> moments_;
  Object<Model>& object_;
  Spending spending_;
  bool records_;
  LinearizabilityResult result_;
  std::vector<Config> configurations_;
  BestConfigurations<W> next_;
  BestConfigurations<W> reached_;  ///< on the way to the completion of one operation
  bool next_is_empty_ = false;
  Mask<W> going_on_;
  Mask<W> changers_;  ///< that may change something
  Mask<W> candidates_;
  std::vector<std::uint32_t> slot_of_;      ///< [interval]
  std::vector<std::uint32_t> interval_in_;  ///< [slot]
  std::vector<Mask<W>> overwritten_by_;     ///< [slot]
  std::vector<std::uint32_t> invocations_;  ///< slots, in order
  std::vector<Unchanging> unchanging_;      ///< [state]
  std::vector<Entry> entries_;
  std::uint32_t now_ = 0;  ///< moments so far
};

template <class Model, std::size_t W>
LinearizabilityResult search(std::span<const Interval<Model>> history, std::span<const Moment> moments,
                             const Model& model, const Spending& spending) {
  Object<Model> object(history, model);
  LinearizabilityResult result = JustInTimeSearch<Model, W>(history, moments, object, spending, false).run();
  if (result.verdict != Linearizable::no) return result;
  // Once more, to be able to say how far it went. Where that is too much, the verdict stands.
  LinearizabilityResult told = JustInTimeSearch<Model, W>(history, moments, object, spending, true).run();
  if (told.verdict != Linearizable::no) return result;
  told.states = result.states;
  return told;
}

template <class Model>
LinearizabilityResult search_just_in_time(std::span<const Interval<Model>> history, const Model& model,
                                          const Spending& spending) {
  const std::vector<Moment> moments = moments_of(history);
  const std::size_t slots = widest(moments);
  if (slots <= 64) return search<Model, 1>(history, moments, model, spending);
  if (slots <= 128) return search<Model, 2>(history, moments, model, spending);
  if (slots <= 256) return search<Model, 4>(history, moments, model, spending);
  if (slots <= 1024) return search<Model, 16>(history, moments, model, spending);
  LinearizabilityResult result;
  result.why_unknown = "more than 1024 operations are going on at once, those of unknown result included";
  return result;
}

}  // namespace lockstorm::checkers::linearizability
