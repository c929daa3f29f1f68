// Events that lie ahead of a run in virtual time: the earliest first, those of one moment in the order they
// came in.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/limits.hpp"

namespace lockstorm::sim {

/// `code`: whose event it is and what kind, as the run packs it.
struct TimedEvent {
  std::uint64_t time_us = 0;
  std::uint64_t order = 0;  ///< number of insertion << 32 | code
  [[nodiscard]] std::uint32_t code() const { return static_cast<std::uint32_t>(order); }
  friend bool operator<(const TimedEvent& a, const TimedEvent& b) {
    return a.time_us != b.time_us ? a.time_us < b.time_us : a.order < b.order;
  }
};

/// A heap of four children a node: half as deep as one of two, and the children of a node share a cache line
/// (fiber-core.md 2).
class TimedQueue {
 public:
  [[nodiscard]] bool empty() const { return events_.empty(); }
  [[nodiscard]] std::size_t size() const { return events_.size(); }
  [[nodiscard]] const TimedEvent& next() const { return events_.front(); }
  void clear() {
    events_.clear();
    inserted_ = 0;
  }

  void push(std::uint64_t time_us, std::uint32_t code) {
    require(inserted_ < kMostEvents, "more than 2^32 events in one timed run");
    const TimedEvent event{time_us, inserted_++ << 32U | code};
    std::size_t hole = events_.size();
    events_.push_back(event);
    while (hole > 0) {
      const std::size_t parent = (hole - 1) / kChildren;
      if (!(event < events_[parent])) break;
      events_[hole] = events_[parent];
      hole = parent;
    }
    events_[hole] = event;
  }

  TimedEvent pop() {
    const TimedEvent first = events_.front();
    const TimedEvent last = events_.back();
    events_.pop_back();
    if (!events_.empty()) sink(last);
    return first;
  }

 private:
  static constexpr std::size_t kChildren = 4;
  static constexpr std::uint64_t kMostEvents = std::uint64_t{1} << 32U;

  // From the root down, as far as it goes.
  void sink(const TimedEvent& event) {
    const std::size_t count = events_.size();
    std::size_t hole = 0;
    for (;;) {
      const std::size_t first = hole * kChildren + 1;
      if (first >= count) break;
      const std::size_t end = first + kChildren < count ? first + kChildren : count;
      std::size_t least = first;
      for (std::size_t child = first + 1; child < end; ++child)
        least = events_[child] < events_[least] ? child : least;
      if (!(events_[least] < event)) break;
      events_[hole] = events_[least];
      hole = least;
    }
    events_[hole] = event;
  }

  std::vector<TimedEvent> events_;
  std::uint64_t inserted_ = 0;
};

}  // namespace lockstorm::sim
