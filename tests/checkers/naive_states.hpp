// States as versions once more, as plainly as they can be said.
#pragma once

#include <algorithm>
#include <vector>

#include "tests/checkers/naive_order.hpp"

namespace lockstorm::checkers {

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
inline bool is_state(const History& recorded, const Initial& initial = {}) {
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
  beginnings = beginnings_said<Value>(initial.state, beginnings, {}, initial.state.value);
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
