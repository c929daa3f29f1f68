// All orders of a history's operations, tried one after the other: slow, and too simple to be wrong. It
// shares no line with the checkers but the pairing of calls.
#pragma once

#include <algorithm>
#include <vector>

#include "checkers/formats/initial.hpp"
#include "checkers/history/history.hpp"

namespace lockstorm::checkers {

/// What one operation asked for and was answered; `answer` is nil where nobody knows.
struct Deed {
  const Event& asked;
  EventType outcome;
  Value answer;
};

/// Does some order of all completed operations, and of as many of the others as one likes, explain the
/// history? `happens(object, deed)` changes the object, or says that it cannot have been so.
template <class Object, class Happens>
class NaiveOrder {
 public:
  NaiveOrder(const History& history, Happens happens)
      : history_(history), calls_(*calls_of(history)), done_(calls_.size()), happens_(happens) {}

  bool explains(const Object& object) {
    std::uint32_t first_completion = kNever;
    for (std::size_t i = 0; i < calls_.size(); ++i)
      if (!done_[i]) first_completion = std::min(first_completion, calls_[i].completed);
    if (first_completion == kNever) return true;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if (done_[i] || calls_[i].invoked > first_completion) continue;
      Object next = object;
      if (!happens_(next, deed(calls_[i]))) continue;
      done_[i] = true;
      const bool is_explained = explains(next);
      done_[i] = false;
      if (is_explained) return true;
    }
    return false;
  }

 private:
  [[nodiscard]] Deed deed(const Call& call) const {
    return {history_[call.invoked], call.outcome,
            call.completed == kNever ? Value() : history_[call.completed].value};
  }

  const History& history_;
  std::vector<Call> calls_;
  std::vector<bool> done_;
  Happens happens_;
};

template <class Object, class Happens>
bool any_order(const History& history, const std::vector<Object>& beginnings, Happens happens) {
  return std::ranges::any_of(beginnings, [&](const Object& beginning) {
    return NaiveOrder<Object, Happens>(history, happens).explains(beginning);
  });
}

/// All that any write, cas, put or append asked for.
inline std::vector<Value> asked_to_write(const History& history) {
  std::vector<Value> written;
  for (const Event& event : history) {
    if (event.type != EventType::invoke || event.value.is_nil()) continue;
    if (event.function == "cas") {
      written.push_back(event.value.list()->back());
    } else {
      written.push_back(event.value);
    }
  }
  return written;
}

inline bool contains(const std::vector<Value>& values, const Value& value) {
  return std::ranges::find(values, value) != values.end();
}

/// What the caller says was there; else what the history allows.
template <class Object>
std::vector<Object> beginnings_said(const InitialPart& said, std::vector<Object> allowed, const Object& none,
                                    const Object& given) {
  if (said.kind == InitialPart::Kind::unknown) return allowed;
  return {said.kind == InitialPart::Kind::absent ? none : given};
}

}  // namespace lockstorm::checkers
