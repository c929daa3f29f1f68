// Every model of checkers/ once more, as plainly as it can be said: an object, what may happen to it, and all
// orders tried one after the other, from each beginning that there may have been. It shares no line with the
// checkers but the pairing of calls.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "checkers/history.hpp"

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

/// nil, and all that anybody saw or expected and nobody wrote; and something else.
inline std::vector<Value> cell_beginnings(const History& history) {
  std::vector<Value> beginnings{Value(), Value("something else")};
  const auto written = asked_to_write(history);
  for (const Event& event : history) {
    Value seen;
    if (event.function == "read" && event.type == EventType::ok) seen = event.value;
    if (event.function == "cas" && event.type == EventType::invoke) seen = event.value.list()->front();
    if (!contains(written, seen)) beginnings.push_back(seen);
  }
  return beginnings;
}

inline bool is_register(const History& history) {
  return any_order<Value>(history, cell_beginnings(history), [](Value& now, const Deed& deed) {
    const std::string& f = deed.asked.function;
    if (f == "read") return deed.outcome != EventType::ok || now == deed.answer;
    if (f == "write") {
      if (deed.outcome != EventType::fail) now = deed.asked.value;
      return true;
    }
    const auto& pair = *deed.asked.value.list();
    if (deed.outcome == EventType::fail) return now != pair[0];
    if (now != pair[0]) return false;
    now = pair[1];
    return true;
  });
}

inline bool is_store(const History& history) {
  std::vector<std::string> beginnings{""};
  const auto written = asked_to_write(history);
  for (const Event& event : history) {
    if (event.function != "get" || event.type != EventType::ok) continue;
    for (std::size_t length = 1; length <= event.value.text()->size(); ++length) {
      const std::string start = event.value.text()->substr(0, length);
      const auto is_part = [&](const Value& one) { return start.find(*one.text()) != std::string::npos; };
      if (std::ranges::none_of(written, is_part)) beginnings.push_back(start);
    }
  }
  return any_order<std::string>(history, beginnings, [](std::string& now, const Deed& deed) {
    if (deed.outcome == EventType::fail) return true;
    if (deed.asked.function == "get") return deed.outcome != EventType::ok || now == *deed.answer.text();
    now = (deed.asked.function == "append" ? now : "") + *deed.asked.value.text();
    return true;
  });
}

/// Both are nil, or {lineage, serial}.
inline bool is_terraform_state(const History& history) {
  std::vector<Value> beginnings{Value()};
  const auto written = asked_to_write(history);
  for (const Event& event : history)
    if (event.function == "read" && event.type == EventType::ok && !contains(written, event.value))
      beginnings.push_back(event.value);
  return any_order<Value>(history, beginnings, [](Value& now, const Deed& deed) {
    if (deed.asked.function == "read") return deed.outcome != EventType::ok || now == deed.answer;
    if (deed.outcome == EventType::fail) return true;
    const Value& said = deed.asked.value;
    const bool follows = now.is_nil() || (*now.field("lineage") == *said.field("lineage") &&
                                          *now.field("serial")->number() < *said.field("serial")->number());
    now = said;
    return follows;
  });
}

struct NaiveMutex {
  unsigned entered = 0;
  std::uint32_t owner = 0;
  std::int64_t token = -1;
};

inline bool is_mutex(const History& history) {
  return any_order<NaiveMutex>(history, {{}}, [](NaiveMutex& now, const Deed& deed) {
    if (deed.outcome == EventType::fail) return true;
    const bool acquires = deed.asked.function == "acquire";
    if ((now.entered == 0) != acquires) return false;
    now.entered = acquires ? 1 : 0;
    return true;
  });
}

inline bool is_reentrant_mutex(const History& history) {
  return any_order<NaiveMutex>(history, {{}}, [](NaiveMutex& now, const Deed& deed) {
    if (deed.outcome == EventType::fail) return true;
    if (now.entered > 0 && now.owner != deed.asked.process) return false;
    now.owner = deed.asked.process;
    if (deed.asked.function == "acquire") return ++now.entered > 0;
    return now.entered-- > 0;
  });
}

inline bool is_fencing_lock(const History& history) {
  return any_order<NaiveMutex>(history, {{}}, [](NaiveMutex& now, const Deed& deed) {
    if (deed.outcome == EventType::fail) return true;
    const bool acquires = deed.asked.function == "acquire";
    if ((now.entered == 0) != acquires) return false;
    now.entered = acquires ? 1 : 0;
    if (!acquires || deed.answer.number() == nullptr) return true;
    const bool rises = *deed.answer.number() > now.token;
    now.token = *deed.answer.number();
    return rises;
  });
}

/// A lock with ids, of which some are nobody's in the history.
struct NaiveLock {
  bool is_held = false;
  unsigned entered = 0;
  std::optional<std::uint32_t> owner;  ///< nobody knows who it is at the beginning
  Value id;
  Value at_the_beginning;   ///< the id that was held then
  std::uint32_t since = 0;  ///< line of the acquire
};

/// The ends of holds that nobody reports as operations of their own, which may happen or not: from a crash on
/// its process may hold nothing any more, from the end of a lease on its grant, and where there are leases
/// what was held at the beginning at any time.
inline History with_unreported_ends(const History& history) {
  History all;
  std::vector<Event> expiries;
  const auto add = [&](const Event& event, std::string function, Value value) {
    all.push_back({.type = EventType::invoke,
                   .process = static_cast<std::uint32_t>(5000 + all.size()),
                   .function = std::move(function),
                   .key = {},
                   .value = std::move(value),
                   .time = event.time});
  };
  const std::vector<Call> calls = *calls_of(history);
  for (const Call& call : calls) {
    const Event& asked = history[call.invoked];
    if (asked.function != "acquire" || call.outcome != EventType::ok) continue;
    const Event& answer = history[call.completed];
    const Value* lease = answer.value.field("lease_ns");
    if (lease == nullptr) continue;
    if (expiries.empty()) add(history.front(), "lapse", {});
    Event expiry = answer;
    expiry.line = asked.line;
    expiry.time = *asked.time + std::chrono::nanoseconds(*lease->number());
    expiries.push_back(expiry);
  }
  for (const Event& event : history) {
    for (Event& expiry : expiries) {
      if (expiry.function.empty() || *event.time < *expiry.time) continue;
      add(event, "expiry",
          Value::List{Value(std::int64_t{expiry.process}), expiry.value, Value(std::int64_t{expiry.line})});
      expiry.function.clear();
    }
    if (event.function == kCrash)
      add(event, "death",
          Value::List{Value(std::int64_t{event.process}), {}, Value(std::int64_t{event.line})});
    all.push_back(event);
  }
  return all;
}

inline bool is_lock(const History& recorded) {
  const History history = with_unreported_ends(recorded);
  std::vector<Value> acquired;
  bool is_one_anonymous = false;
  const auto id_in = [](const Value& value) {
    return value.field("id") == nullptr ? Value() : *value.field("id");
  };
  std::vector<Value> named{Value()};
  const std::vector<Call> calls = *calls_of(history);
  for (const Call& call : calls) {
    const Event& asked = history[call.invoked];
    const Value answer = call.completed == kNever ? Value() : history[call.completed].value;
    const Value id = id_in(answer).is_nil() ? id_in(asked.value) : id_in(answer);
    if (asked.value.list() != nullptr) continue;
    if (asked.function == "acquire" && call.outcome != EventType::fail) {
      acquired.push_back(id);
      is_one_anonymous = is_one_anonymous || id.is_nil();
    } else if (!contains(named, id)) {
      named.push_back(id);
    }
  }
  const auto is_foreign = [&](const Value& id) { return !id.is_nil() && !contains(acquired, id); };
  std::vector<NaiveLock> beginnings{{}};
  for (const Value& id : named)
    if (is_foreign(id)) beginnings.push_back({true, 1, std::nullopt, id, id, 0});
  return any_order<NaiveLock>(history, beginnings, [&](NaiveLock& now, const Deed& deed) {
    const std::string& f = deed.asked.function;
    if (f == "lapse" || f == "death" || f == "expiry") {
      const bool is_of_beginning = now.is_held && !now.owner;
      // An end ends what began before it, and a lease what began with its grant or before.
      const auto owns = [&](const Value::List& end) {
        return now.is_held && now.owner && std::int64_t{*now.owner} == *end[0].number() &&
               std::int64_t{now.since} <= *end[2].number();
      };
      bool ends = is_of_beginning && f != "expiry";
      if (f == "death") ends = ends || owns(*deed.asked.value.list());
      if (f == "expiry") {
        const auto& grant = *deed.asked.value.list();
        ends = owns(grant) && (now.id.is_nil() || now.id == id_in(grant[1]));
      }
      if (ends) now.is_held = false;
      return true;
    }
    const Value id = id_in(deed.answer).is_nil() ? id_in(deed.asked.value) : id_in(deed.answer);
    // Who is refused because of a lock that nobody acquired has met the one that was there at the beginning.
    if (f == "acquire" && deed.outcome == EventType::fail)
      return !is_foreign(id) || is_one_anonymous || now.at_the_beginning == id;
    if (deed.outcome == EventType::fail) return true;
    const bool is_id = now.id.is_nil() || id.is_nil() || now.id == id;
    const bool is_owner = now.is_held && is_id && (!now.owner || *now.owner == deed.asked.process);
    if (f == "acquire") {
      if (now.is_held && (!is_owner || !now.owner)) return false;
      const unsigned entered = now.is_held ? now.entered + 1 : 1;
      now = {true,
             entered,
             deed.asked.process,
             now.is_held && !now.id.is_nil() ? now.id : id,
             now.at_the_beginning,
             now.is_held ? now.since : deed.asked.line};
      return true;
    }
    if (f == "release") {
      if (!is_owner) return false;
      now.is_held = --now.entered > 0;
      return true;
    }
    // An eviction of a lock that is not there does nothing; but what nobody acquired was there once.
    const bool was_there = !is_foreign(id) || is_one_anonymous || deed.outcome == EventType::unknown ||
                           now.at_the_beginning == id;
    if (now.is_held && is_id) now.is_held = false;
    return was_there;
  });
}

/// Who asks to replace a version has read it before, however that ends: a read of its own, at any time
/// before.
inline History with_reads_of_bases(const History& history) {
  History first, rest;
  const std::vector<Call> calls = *calls_of(history);
  for (const Call& call : calls) {
    const Event& asked = history[call.invoked];
    if (call.outcome == EventType::ok || asked.value.field("base") == nullptr) continue;
    Event read = asked;
    read.process += 1000, read.function = "read", read.value = {}, read.time.reset();
    first.push_back(read);
  }
  for (const Event& event : history) {
    const bool is_of_one = std::ranges::any_of(
        first, [&](const Event& read) { return event.type == EventType::invoke && read.line == event.line; });
    if (is_of_one) {
      Event read = event;
      const Value& base = *event.value.field("base");
      read.process += 1000, read.function = "read", read.type = EventType::ok, read.value = base;
      rest.push_back(read);
    }
    rest.push_back(event);
  }
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

/// States whose values are nil, {writer, serial} or lists; a write has {writer, serial}, perhaps with a base.
inline bool is_state(const History& recorded) {
  const History history = with_reads_of_bases(recorded);
  const auto name_of = [](const Value& value) {
    if (value.fields() == nullptr) return value;
    return Value(Value::Fields{{"writer", *value.field("writer")}, {"serial", *value.field("serial")}});
  };
  std::vector<Value> written, beginnings{Value()};
  for (const Value& value : asked_to_write(history)) written.push_back(name_of(value));
  for (const Event& event : history) {
    if (event.type == EventType::invoke && event.value.field("base") != nullptr) {
      if (!contains(written, name_of(*event.value.field("base"))))
        beginnings.push_back(name_of(*event.value.field("base")));
    }
    if (event.function != "read" || event.type != EventType::ok) continue;
    if (event.value.list() == nullptr) {
      if (!contains(written, event.value)) beginnings.push_back(event.value);
      continue;
    }
    // A list may begin with what was there before anything was appended.
    for (std::size_t length = 1; length <= event.value.list()->size(); ++length) {
      Value::List start(event.value.list()->begin(),
                        event.value.list()->begin() + static_cast<std::ptrdiff_t>(length));
      if (std::ranges::none_of(start, [&](const Value& element) { return contains(written, element); }))
        beginnings.emplace_back(std::move(start));
    }
  }
  return any_order<Value>(history, beginnings, [&](Value& now, const Deed& deed) {
    const bool is_empty_list = now.is_nil() && deed.answer.list() != nullptr && deed.answer.list()->empty();
    if (deed.asked.function == "read")
      return deed.outcome != EventType::ok || now == deed.answer || is_empty_list;
    if (deed.outcome == EventType::fail) return true;
    const Value& said = deed.asked.value;
    if (deed.asked.function == "append") {
      Value::List list = now.is_nil() ? Value::List{} : *now.list();
      if (std::ranges::find(list, said) != list.end()) return false;
      list.push_back(said);
      now = Value(std::move(list));
      return true;
    }
    const Value* base = said.field("base");
    if (base != nullptr && name_of(*base) != now) return false;
    const bool rises = now.is_nil() || *now.field("serial")->number() < *said.field("serial")->number();
    now = name_of(said);
    return rises;
  });
}

}  // namespace lockstorm::checkers
