// Events that lie ahead of a run in virtual time: the earliest first, those of one moment in the order they
// came in.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "sim/limits.hpp"

namespace lockstorm::sim {

/// `code`: whose event it is and what kind, as the run packs it.
struct TimedEvent {
  std::uint64_t time_us = 0;
  std::uint32_t code = 0;
};

/// A radix heap (Ahuja, Mehlhorn, Orlin, Tarjan, "Faster Algorithms for the Shortest Path Problem", J. ACM
/// 37, 1990): time only goes on, so an event lies in the bucket of the highest bit in which its time differs
/// from that of the last one taken. Each is moved a few times, from one end of memory to the other in order,
/// where a heap of a hundred thousand looks all over it.
class TimedQueue {
 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  void clear() {
    for (Bucket& bucket : buckets_) bucket.clear();
    filled_ = taken_ = last_us_ = size_ = 0;
  }

  /// Not before the last one that was taken.
  void push(std::uint64_t time_us, std::uint32_t code) {
    require(time_us >= last_us_, "an event of a timed run lies before the moment that it has come to");
    require(time_us >> (kBuckets - 1) == 0, "an event of a timed run after 2^63 microseconds");
    put({time_us, code});
    ++size_;
  }

  /// The first one; there is one.
  TimedEvent pop() {
    if (taken_ == buckets_[0].size()) refill();
    const TimedEvent first = buckets_[0][taken_++];
    if (taken_ == buckets_[0].size()) {
      buckets_[0].clear();
      taken_ = 0;
      filled_ &= ~std::uint64_t{1};
    }
    --size_;
    return first;
  }

  /// Calls `visit(event)` for up to `count` of the events that come soon, about in order: what may be worth
  /// fetching.
  template <class F>
  void for_some_soon(std::size_t count, const F& visit) const {
    for (std::uint64_t left = filled_; left != 0; left &= left - 1) {
      const auto number = static_cast<std::size_t>(std::countr_zero(left));
      const Bucket& bucket = buckets_.at(number);
      for (std::size_t i = number == 0 ? taken_ : 0; i < bucket.size(); ++i) {
        if (count-- == 0) return;
        visit(bucket[i]);
      }
    }
  }

 private:
  using Bucket = std::vector<TimedEvent>;
  static constexpr std::size_t kBuckets = 64;  // times are below 2^63

  void put(const TimedEvent& event) {
    const auto number = static_cast<std::size_t>(std::bit_width(event.time_us ^ last_us_));
    buckets_[number].push_back(event);
    filled_ |= std::uint64_t{1} << number;
  }

  // Nothing is left of the moment: the next bucket is spread over those below it, each in its order.
  void refill() {
    const auto number = static_cast<std::size_t>(std::countr_zero(filled_));
    spread_.swap(buckets_.at(number));
    filled_ &= filled_ - 1;
    last_us_ = spread_.front().time_us;
    for (const TimedEvent& event : spread_) last_us_ = event.time_us < last_us_ ? event.time_us : last_us_;
    for (const TimedEvent& event : spread_) put(event);
    spread_.clear();
  }

  std::array<Bucket, kBuckets> buckets_;
  Bucket spread_;
  std::uint64_t filled_ = 0;  ///< bit i: bucket i has events
  std::size_t taken_ = 0;     ///< of the first bucket
  std::uint64_t last_us_ = 0;
  std::size_t size_ = 0;
};

}  // namespace lockstorm::sim
