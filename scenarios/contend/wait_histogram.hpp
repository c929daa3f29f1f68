// Waits by how long they were, in bins that grow with them.
#pragma once

#include <boost/histogram.hpp>

#include <cstdint>
#include <utility>
#include <vector>

namespace lockstorm::scenarios {

/// Bins of whole seconds whose widths double: none, up to 1 s, 2 s, 4 s, ... a week and more. Whole numbers
/// decide, so that equal waits fall into equal bins everywhere.
class WaitHistogram {
 public:
  struct Bin {
    std::uint64_t from_us = 0;
    std::uint64_t to_us = 0;
    std::uint64_t count = 0;
  };

  void add(std::uint64_t wait_us) { counts_(bin_of(wait_us)); }
  void add(const WaitHistogram& other) { counts_ += other.counts_; }

  /// From the first bin to the last one that is not empty.
  [[nodiscard]] std::vector<Bin> bins() const {
    std::vector<Bin> made;
    for (int i = 0; i < kBins; ++i)
      made.push_back({lower_us(i), lower_us(i + 1), static_cast<std::uint64_t>(counts_.at(i).value())});
    while (made.size() > 1 && made.back().count == 0) made.pop_back();
    return made;
  }

 private:
  static constexpr int kBins = 22;
  static constexpr std::uint64_t kSecond_us = 1'000'000;
  using Axis = boost::histogram::axis::integer<int, boost::histogram::use_default,
                                               boost::histogram::axis::option::overflow_t>;
  using Counts = boost::histogram::histogram<
      std::tuple<Axis>,
      boost::histogram::dense_storage<boost::histogram::accumulators::count<std::uint64_t>>>;

  static constexpr std::uint64_t lower_us(int bin) {
    if (bin <= 1) return static_cast<std::uint64_t>(bin);  // 0: none at all; 1: the least there is
    return kSecond_us << static_cast<unsigned>(bin - 2);
  }
  static int bin_of(std::uint64_t wait_us) {
    int bin = 0;
    while (bin < kBins - 1 && wait_us >= lower_us(bin + 1)) ++bin;
    return bin;
  }

  Counts counts_{Axis(0, kBins)};
};

}  // namespace lockstorm::scenarios
