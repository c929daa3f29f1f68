// Distinct things are counted exactly while they are few, well when they are many, and the same in parts and
// as a whole.
#include "sim/run/sketch.hpp"

#include <gtest/gtest.h>

#include <array>

#include "sim/random.hpp"

namespace lockstorm::sim {
namespace {

TEST(DistinctCount, IsExactBelowWhatItKeeps) {
  DistinctCount count;
  for (int round = 0; round < 3; ++round) {
    Random random(1);
    for (int i = 0; i < 1000; ++i) count.add(random.next());
  }
  EXPECT_TRUE(count.is_exact());
  EXPECT_EQ(count.count(), 1000U);
}

TEST(DistinctCount, EstimatesManyWithinAFewPercent) {
  DistinctCount count;
  Random random(2);
  for (int i = 0; i < 1'000'000; ++i) count.add(random.next());
  EXPECT_FALSE(count.is_exact());
  EXPECT_NEAR(static_cast<double>(count.count()), 1e6, 6e4);
}

TEST(DistinctCount, OfPartsIsThatOfTheWhole) {
  DistinctCount whole;
  std::array<DistinctCount, 3> parts;
  Random random(3);
  for (std::size_t i = 0; i < 50'000; ++i) {
    const std::uint64_t hash = mix(0, random.next() % 20'000);
    whole.add(hash);
    parts[i % 3].add(hash);
  }
  DistinctCount joined;
  for (const DistinctCount& part : parts) joined.join(part);
  EXPECT_EQ(joined.smallest(), whole.smallest());
  EXPECT_EQ(joined.count(), whole.count());
}

}  // namespace
}  // namespace lockstorm::sim
