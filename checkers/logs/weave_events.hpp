// Calls between moments as events in an order: who may have been before whom stays open, who was is kept.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "checkers/history/history.hpp"
#include "checkers/logs/log_entry.hpp"

namespace lockstorm::checkers::logs {

struct Numbered {
  const LogEntry* entry = nullptr;
  std::uint32_t number = 0;
  const LogEntry* operator->() const { return entry; }
};

/// An event that happens at a moment; of those of one moment invocations come before answers, but for a
/// client that does several things in it: its steps have rising phases.
struct TimedEvent {
  std::chrono::nanoseconds at{};
  std::uint32_t phase = 0;
  Event event;
};
inline constexpr std::uint32_t kAnswers = std::uint32_t{1} << 30U;

[[nodiscard]] inline History in_order(std::vector<TimedEvent> events) {
  std::ranges::stable_sort(events, {},
                           [](const TimedEvent& timed) { return std::tuple(timed.at, timed.phase); });
  History history;
  history.reserve(events.size());
  for (TimedEvent& timed : events) history.push_back(std::move(timed.event));
  return history;
}

}  // namespace lockstorm::checkers::logs
