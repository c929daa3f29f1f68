// Counts distinct things by their hashes in little memory; sketches of parts of a search join into that of
// the whole.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace lockstorm::sim {

/// The k smallest of all hashes (Bar-Yossef et al., RANDOM 2002): exact below k, an estimate with a relative
/// error of about 1/sqrt(k) above. What was seen decides it, not in which order.
class DistinctCount {
 public:
  static constexpr std::size_t kKept = 4096;

  void add(std::uint64_t hash) {
    if (is_full() && hash >= limit_) return;
    pending_.push_back(hash);
    if (pending_.size() >= kKept) settle();
  }
  void join(const DistinctCount& other) {
    for (const std::uint64_t hash : other.smallest()) add(hash);
  }
  [[nodiscard]] std::vector<std::uint64_t> smallest() const {
    DistinctCount settled = *this;
    settled.settle();
    return settled.kept_;
  }
  [[nodiscard]] bool is_exact() const { return smallest().size() < kKept; }
  [[nodiscard]] std::uint64_t count() const {
    const std::vector<std::uint64_t> hashes = smallest();
    if (hashes.size() < kKept) return hashes.size();
    const double share = static_cast<double>(hashes.back()) / std::ldexp(1.0, 64);
    return static_cast<std::uint64_t>(static_cast<double>(kKept - 1) / share);
  }

 private:
  [[nodiscard]] bool is_full() const { return kept_.size() == kKept; }
  void settle() {
    kept_.insert(kept_.end(), pending_.begin(), pending_.end());
    pending_.clear();
    std::sort(kept_.begin(), kept_.end());
    kept_.erase(std::unique(kept_.begin(), kept_.end()), kept_.end());
    if (kept_.size() > kKept) kept_.resize(kKept);
    limit_ = is_full() ? kept_.back() : std::numeric_limits<std::uint64_t>::max();
  }

  std::vector<std::uint64_t> kept_;  ///< sorted, distinct
  std::vector<std::uint64_t> pending_;
  std::uint64_t limit_ = std::numeric_limits<std::uint64_t>::max();
};

}  // namespace lockstorm::sim
