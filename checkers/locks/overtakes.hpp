// Counts who was served before whom although they asked later: a Fenwick tree over the acquires in the order
// they asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lockstorm::checkers {

class Overtakes {
 public:
  explicit Overtakes(std::size_t acquires) : tree_(acquires + 1) {}

  /// The acquire that asked as number `asked` is granted now; how many that asked later were granted before
  /// it.
  std::uint64_t granted(std::uint64_t asked) {
    std::uint64_t earlier = 0;
    for (std::size_t i = asked + 1; i > 0; i -= lowest_bit(i)) earlier += tree_[i];
    for (std::size_t i = asked + 1; i < tree_.size(); i += lowest_bit(i)) ++tree_[i];
    return granted_++ - earlier;
  }

 private:
  static std::size_t lowest_bit(std::size_t i) { return i & (~i + 1); }

  std::vector<std::uint32_t> tree_;
  std::uint64_t granted_ = 0;
};

}  // namespace lockstorm::checkers
