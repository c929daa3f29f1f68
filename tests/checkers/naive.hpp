// A naive judge of small histories: tries all orders of the operations on a plain map. Slow, and too simple
// to be wrong.
#pragma once

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "checkers/history/history.hpp"

namespace lockstorm::checkers {

class Naive {
 public:
  explicit Naive(const History& history)
      : history_(history), calls_(*calls_of(history)), done_(calls_.size()) {
    for (const Event& event : history)
      is_store_ = is_store_ || event.function == "get" || event.function == "put";
  }

  bool is_explained() {
    std::uint32_t first_completion = kNever;
    bool all = true;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if (done_[i] || calls_[i].completed == kNever) continue;
      all = false;
      first_completion = std::min(first_completion, calls_[i].completed);
    }
    if (all) return true;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if (done_[i] || calls_[i].invoked > first_completion) continue;
      const auto before = objects_;
      done_[i] = true;
      if (happens(calls_[i]) && is_explained()) return true;
      done_[i] = false;
      objects_ = before;
    }
    return false;
  }

 private:
  bool happens(const Call& call) {
    const Event& invoked = history_[call.invoked];
    const bool is_ok = call.outcome == EventType::ok;
    const Event& source = is_ok ? history_[call.completed] : invoked;
    if (invoked.function == "cas" && call.outcome == EventType::fail) {
      return object(invoked.key) != invoked.value.list()->front();
    }
    if (call.outcome == EventType::fail) return true;
    if (invoked.function != "txn") {
      const bool takes_answer =
          invoked.function == "read" || invoked.function == "get" || invoked.function == "acquire";
      return step(invoked.function, invoked.key, takes_answer ? source.value : invoked.value, invoked.process,
                  is_ok);
    }
    return std::ranges::all_of(*source.value.list(), [&](const Value& micro) {
      const auto& parts = *micro.list();
      return step(*parts[0].text(), parts[1], parts[2], invoked.process, is_ok);
    });
  }

  bool step(const std::string& f, const Value& key, const Value& value, std::uint32_t process, bool is_ok) {
    Value& now = object(key);
    if (f == "read" || f == "r" || f == "get") return !is_ok || same(now, value);
    if (f == "put") return now = value, true;
    if (f == "write" || f == "w") return write(now, value);
    if (f == "append") return append(now, value);
    if (f == "cas") return now == value.list()->front() && (now = value.list()->back(), true);
    if (f == "acquire")
      return now.is_nil() && token_rises(key, value) && (now = Value(std::int64_t{process}), true);
    if (f == "release") return now == Value(std::int64_t{process}) && (now = Value(), true);
    throw std::invalid_argument(f);
  }

  // Nothing, an empty list and an empty text are the same.
  static bool same(const Value& a, const Value& b) { return a == b || (is_empty(a) && is_empty(b)); }
  static bool is_empty(const Value& value) {
    return value.is_nil() || (value.list() != nullptr && value.list()->empty()) ||
           (value.text() != nullptr && value.text()->empty());
  }

  static bool write(Value& now, const Value& value) {
    if (const auto* list = value.list()) {
      if (!same(now, Value(Value::List(list->begin(), list->end() - 1)))) return false;
      now = value;
    } else if (value.field("base") != nullptr) {
      const bool rises = now.is_nil() || *now.field("serial")->number() < *value.field("serial")->number();
      if (!same(now, *value.field("base")) || !rises) return false;
      now = Value(Value::Fields{{"writer", *value.field("writer")}, {"serial", *value.field("serial")}});
    } else {
      now = value;
    }
    return true;
  }

  bool append(Value& now, const Value& value) const {
    if (is_store_) {
      now = Value((now.is_nil() ? "" : *now.text()) + *value.text());
    } else {
      Value::List list = now.is_nil() ? Value::List{} : *now.list();
      if (std::ranges::find(list, value) != list.end()) return false;
      list.push_back(value);
      now = Value(std::move(list));
    }
    return true;
  }

  bool token_rises(const Value& key, const Value& token) {
    if (token.number() == nullptr) return true;
    Value& last = objects_["token of " + to_text(key)];
    if (last.number() != nullptr && *last.number() >= *token.number()) return false;
    last = token;
    return true;
  }

  Value& object(const Value& key) { return objects_[to_text(key)]; }

  const History& history_;
  std::vector<Call> calls_;
  std::vector<bool> done_;
  std::map<std::string, Value> objects_;
  bool is_store_ = false;
};

}  // namespace lockstorm::checkers
