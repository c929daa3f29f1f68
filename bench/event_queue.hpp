// Pending events of the runs that engines are measured against, in two orders: earliest first, or any at
// random.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "sim/random.hpp"

namespace lockstorm::bench {

/// `code`: whose event it is and what kind, as the run packs it.
struct Event {
  std::uint64_t key = 0;  ///< time << 24 | sequence number
  std::uint32_t code = 0;
  [[nodiscard]] std::uint64_t time() const { return key >> 24U; }
  friend bool operator>(const Event& a, const Event& b) { return a.key > b.key; }
};

/// Earliest event first; ties in order of insertion. A scan of a few slots beats any heap, so the heap only
/// takes over above 32 events (fiber-core.md 2).
class EarliestFirst {
 public:
  static constexpr bool kTimed = true;

  void clear() {
    events_.clear();
    sequence_ = 0;
    heap_ = false;
  }
  [[nodiscard]] bool empty() const { return events_.empty(); }

  void push(std::uint64_t time, std::uint32_t code) {
    events_.push_back({time << 24U | (sequence_++ & 0xFFFFFFU), code});
    if (heap_) {
      std::push_heap(events_.begin(), events_.end(), std::greater<>{});
    } else if (events_.size() > kScanned) {
      std::make_heap(events_.begin(), events_.end(), std::greater<>{});
      heap_ = true;
    }
  }

  Event pop(sim::Random&) {
    if (heap_) {
      std::pop_heap(events_.begin(), events_.end(), std::greater<>{});
      const Event event = events_.back();
      events_.pop_back();
      return event;
    }
    std::size_t best = 0;
    for (std::size_t i = 1; i < events_.size(); ++i) best = events_[i].key < events_[best].key ? i : best;
    const Event event = events_[best];
    events_[best] = events_.back();
    events_.pop_back();
    return event;
  }

 private:
  static constexpr std::size_t kScanned = 32;
  std::vector<Event> events_;
  std::uint32_t sequence_ = 0;
  bool heap_ = false;
};

/// Any pending event, uniformly; time stands still.
class AnyOrder {
 public:
  static constexpr bool kTimed = false;

  void clear() { codes_.clear(); }
  [[nodiscard]] bool empty() const { return codes_.empty(); }
  void push(std::uint64_t, std::uint32_t code) { codes_.push_back(code); }
  Event pop(sim::Random& random) {
    const std::size_t index = random.below(static_cast<std::uint32_t>(codes_.size()));
    const std::uint32_t code = codes_[index];
    codes_[index] = codes_.back();
    codes_.pop_back();
    return {0, code};
  }

 private:
  std::vector<std::uint32_t> codes_;
};

}  // namespace lockstorm::bench
