#include "sim/levels/thread_exchange.hpp"

namespace lockstorm::sim {

void MeetingPlace::abandon() {
  const std::lock_guard lock(mutex_);
  is_abandoned_ = true;
  met_.notify_all();
}

void MeetingPlace::meet() {
  std::unique_lock lock(mutex_);
  const std::uint64_t meeting = meetings_;
  if (++waiting_ == size()) {
    waiting_ = 0;
    ++meetings_;
    met_.notify_all();
  }
  met_.wait(lock, [&] { return meetings_ != meeting || is_abandoned_; });
  if (meetings_ == meeting) throw ExchangeAbandoned();
}

// Letters are laid out, then fetched; nobody lays out the next ones before all have fetched theirs.
std::vector<Bytes> ThreadExchange::all_to_all(std::vector<Bytes> to) {
  for (unsigned other = 0; other < size(); ++other)
    if (other != rank_) bytes_sent_ += to[other].size();
  place_.letters_[rank_] = std::move(to);
  place_.meet();
  std::vector<Bytes> from(size());
  for (unsigned other = 0; other < size(); ++other) from[other] = std::move(place_.letters_[other][rank_]);
  place_.meet();
  return from;
}

std::vector<Bytes> ThreadExchange::all_gather(const Bytes& mine) {
  return all_to_all(std::vector<Bytes>(size(), mine));
}

}  // namespace lockstorm::sim
