// Locks once more, as plainly as they can be said, alone and with a state that they guard.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "tests/checkers/naive_objects.hpp"

namespace lockstorm::checkers {

struct NaiveMutex {
  unsigned entered = 0;
  std::uint32_t owner = 0;
  std::int64_t token = -1;
};

inline bool is_mutex(const History& history, const Initial& = {}) {
  return any_order<NaiveMutex>(history, {{}}, [](NaiveMutex& now, const Deed& deed) {
    if (deed.outcome == EventType::fail) return true;
    const bool acquires = deed.asked.function == "acquire";
    if ((now.entered == 0) != acquires) return false;
    now.entered = acquires ? 1 : 0;
    return true;
  });
}

inline bool is_reentrant_mutex(const History& history, const Initial& = {}) {
  return any_order<NaiveMutex>(history, {{}}, [](NaiveMutex& now, const Deed& deed) {
    if (deed.outcome == EventType::fail) return true;
    if (now.entered > 0 && now.owner != deed.asked.process) return false;
    now.owner = deed.asked.process;
    if (deed.asked.function == "acquire") return ++now.entered > 0;
    return now.entered-- > 0;
  });
}

inline bool is_fencing_lock(const History& history, const Initial& = {}) {
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
  Value at_the_beginning;    ///< the id that was held then
  std::uint32_t since = 0;   ///< line of the acquire
  std::uint32_t latest = 0;  ///< line of the last one that entered again
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

/// Tokens rise from a grant to the next that was asked for afterwards.
inline bool tokens_rise(const History& history) {
  const std::vector<Call> calls = *calls_of(history);
  const auto token_of = [&](const Call& call) -> const std::int64_t* {
    if (history[call.invoked].function != "acquire" || call.outcome != EventType::ok) return nullptr;
    const Value* token = history[call.completed].value.field("token");
    return token == nullptr ? nullptr : token->number();
  };
  return std::ranges::all_of(calls, [&](const Call& first) {
    return std::ranges::all_of(calls, [&](const Call& second) {
      const auto *earlier = token_of(first), *later = token_of(second);
      return earlier == nullptr || later == nullptr || first.completed > second.invoked || *earlier < *later;
    });
  });
}

/// A write that was acknowledged happened while no other process held the lock.
inline bool is_lock(const History& recorded, const Initial& initial = {}) {
  if (!tokens_rise(recorded)) return false;
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
    } else if ((asked.function == "acquire" || call.outcome != EventType::fail) && !contains(named, id)) {
      named.push_back(id);
    }
  }
  const auto is_foreign = [&](const Value& id) { return !id.is_nil() && !contains(acquired, id); };
  std::vector<NaiveLock> beginnings{{}};
  for (const Value& id : named)
    if (is_foreign(id)) beginnings.push_back({true, 1, std::nullopt, id, id, 0, 0});
  const Value& given = initial.lock.value;
  beginnings =
      beginnings_said<NaiveLock>(initial.lock, beginnings, {}, {true, 1, std::nullopt, given, given, 0, 0});
  return any_order<NaiveLock>(history, beginnings, [&](NaiveLock& now, const Deed& deed) {
    const std::string& f = deed.asked.function;
    if (f == "lapse" || f == "death" || f == "expiry") {
      const bool is_of_beginning = now.is_held && !now.owner;
      // An end ends what began before it, and a lease what began with its grant or before.
      const auto owns = [&](const Value::List& end, std::uint32_t began) {
        return now.is_held && now.owner && std::int64_t{*now.owner} == *end[0].number() &&
               std::int64_t{began} <= *end[2].number();
      };
      bool ends = is_of_beginning && f != "expiry";
      // Who died before it entered again lives.
      if (f == "death") ends = ends || owns(*deed.asked.value.list(), now.latest);
      if (f == "expiry") {
        const auto& grant = *deed.asked.value.list();
        ends = owns(grant, now.since) && (now.id.is_nil() || now.id == id_in(grant[1]));
      }
      if (ends) now.is_held = false;
      return true;
    }
    if (f == "write")
      return deed.outcome != EventType::ok || !now.is_held || !now.owner || *now.owner == deed.asked.process;
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
             now.is_held ? now.since : deed.asked.line,
             now.is_held ? std::max(now.latest, deed.asked.line) : deed.asked.line};
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

/// A lock, the register that it guards, and an order of the lock's steps in which every write that was
/// acknowledged happens at a moment when no other process holds it.
inline bool is_lock_and_register(const History& history, const Initial& initial = {}) {
  History of_lock, of_register;
  for (const Event& event : history) {
    if (event.function == "write" || event.function == "read") of_register.push_back(event);
    if (event.function != "read") of_lock.push_back(event);
  }
  return is_lock(of_lock, initial) && is_register(of_register, initial);
}

}  // namespace lockstorm::checkers
