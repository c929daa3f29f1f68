// Registers, stores and Terraform's state once more, as plainly as they can be said: an object, what may
// happen to it, and all orders from each beginning that there may have been.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tests/checkers/naive_order.hpp"

namespace lockstorm::checkers {

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

inline bool is_register(const History& history, const Initial& initial = {}) {
  const auto beginnings =
      beginnings_said<Value>(initial.state, cell_beginnings(history), {}, initial.state.value);
  return any_order<Value>(history, beginnings, [](Value& now, const Deed& deed) {
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

inline bool is_store(const History& history, const Initial& initial = {}) {
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
  const auto* given = initial.state.value.text();
  beginnings = beginnings_said<std::string>(initial.state, beginnings, "", given == nullptr ? "" : *given);
  return any_order<std::string>(history, beginnings, [](std::string& now, const Deed& deed) {
    if (deed.outcome == EventType::fail) return true;
    if (deed.asked.function == "get") return deed.outcome != EventType::ok || now == *deed.answer.text();
    now = (deed.asked.function == "append" ? now : "") + *deed.asked.value.text();
    return true;
  });
}

/// Both are nil, or {lineage, serial}.
inline bool is_terraform_state(const History& history, const Initial& initial = {}) {
  std::vector<Value> beginnings{Value()};
  const auto written = asked_to_write(history);
  for (const Event& event : history)
    if (event.function == "read" && event.type == EventType::ok && !contains(written, event.value))
      beginnings.push_back(event.value);
  beginnings = beginnings_said<Value>(initial.state, beginnings, {}, initial.state.value);
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

}  // namespace lockstorm::checkers
