// The compact set against an ordinary one, and how many bytes it takes.
#include "sim/levels/compact_set.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "sim/limits.hpp"
#include "sim/random.hpp"

namespace lockstorm::sim {
namespace {

template <int W>
Key<W> key_of(std::uint64_t number, const std::array<unsigned, W>& bits) {
  Key<W> key;
  for (std::size_t word = 0; word < W; ++word) {
    const std::uint64_t mask = bits[word] == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits[word]) - 1;
    key.word[word] = number * (word + 0x9E3779B1U) & mask;
  }
  return key;
}

// Numbers that come again and again, some of which are marked.
template <int W>
void agrees_with_a_set(const std::array<unsigned, W>& bits, const std::vector<std::uint32_t>& numbers) {
  CompactSet<W> set(bits);
  std::set<Key<W>> known;
  std::set<Key<W>> marked;
  for (const std::uint32_t number : numbers) {
    const Key<W> key = key_of<W>(number, bits);
    RC_ASSERT(set.contains(key) == known.contains(key));
    RC_ASSERT(set.insert(key) == known.insert(key).second);
    RC_ASSERT(set.is_marked(key) == marked.contains(key));
    if (number % 3 != 0) continue;
    set.mark(key);
    marked.insert(key);
  }
  RC_ASSERT(set.size() == known.size());
  std::set<Key<W>> listed;
  set.for_each([&](const Key<W>& key, bool mark) {
    RC_ASSERT(listed.insert(key).second);
    RC_ASSERT(mark == marked.contains(key));
  });
  RC_ASSERT(listed == known);
}

RC_GTEST_PROP(CompactSet, KeepsWhatWasPutIn, ()) {
  const auto numbers = *rc::gen::container<std::vector<std::uint32_t>>(5'000, rc::gen::inRange(0U, 4'000U));
  agrees_with_a_set<1>({64}, numbers);
  agrees_with_a_set<1>({24}, numbers);
  agrees_with_a_set<2>({64, 17}, numbers);
  agrees_with_a_set<4>({64, 64, 64, 40}, numbers);
}

// Everything that so few bits can say: no two keys have the same place.
TEST(CompactSet, HoldsEveryKeyOfFewBits) {
  CompactSet<1> set({16});
  for (std::uint64_t number = 0; number < 1U << 16U; ++number) EXPECT_TRUE(set.insert({{number}}));
  for (std::uint64_t number = 0; number < 1U << 16U; ++number) EXPECT_FALSE(set.insert({{number}}));
  EXPECT_EQ(set.size(), 1U << 16U);
}

double bytes_of_a_state(unsigned bits, std::size_t states) {
  CompactSet<1> set({bits});
  Random random(7);
  const std::uint64_t mask = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
  for (std::size_t i = 0; i < states; ++i) set.insert({{random.next() & mask}});
  return static_cast<double>(set.memory_bytes()) / static_cast<double>(set.size());
}

TEST(CompactSet, TakesFewBytes) {
  EXPECT_LT(bytes_of_a_state(64, 3'000'000), 9.5);
  EXPECT_LT(bytes_of_a_state(48, 3'000'000), 6.5);
}

TEST(CompactSet, RefusesAMarkForWhatItDoesNotHold) {
  CompactSet<1> set({48});
  set.insert({{1}});
  EXPECT_FALSE(set.is_marked({{2}}));
  EXPECT_THROW(set.mark({{2}}), LimitExceeded);
}

}  // namespace
}  // namespace lockstorm::sim
