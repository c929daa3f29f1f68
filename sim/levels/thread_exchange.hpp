// Members of one search that are threads of one process.
#pragma once

#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "sim/levels/exchange.hpp"

namespace lockstorm::sim {

/// Some other member has given up.
struct ExchangeAbandoned : std::runtime_error {
  ExchangeAbandoned() : std::runtime_error("another member of the search has given up") {}
};

/// Where `size` threads meet.
class MeetingPlace {
 public:
  explicit MeetingPlace(unsigned size) : letters_(size, std::vector<Bytes>(size)) {}

  [[nodiscard]] unsigned size() const { return static_cast<unsigned>(letters_.size()); }
  /// Whoever waits, or comes later, throws ExchangeAbandoned.
  void abandon();

 private:
  friend class ThreadExchange;
  void meet();

  std::vector<std::vector<Bytes>> letters_;  ///< [from][to]
  std::mutex mutex_;
  std::condition_variable met_;
  unsigned waiting_ = 0;
  std::uint64_t meetings_ = 0;
  bool is_abandoned_ = false;
};

/// One of them.
class ThreadExchange final : public Exchange {
 public:
  ThreadExchange(MeetingPlace& place, unsigned rank) : place_(place), rank_(rank) {}

  [[nodiscard]] unsigned rank() const override { return rank_; }
  [[nodiscard]] unsigned size() const override { return place_.size(); }
  std::vector<Bytes> all_to_all(std::vector<Bytes> to) override;
  std::vector<Bytes> all_gather(const Bytes& mine) override;
  [[nodiscard]] std::uint64_t bytes_sent() const override { return bytes_sent_; }

 private:
  MeetingPlace& place_;
  unsigned rank_;
  std::uint64_t bytes_sent_ = 0;
};

}  // namespace lockstorm::sim
