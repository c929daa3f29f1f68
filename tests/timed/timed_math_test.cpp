// Chance and time in whole numbers: against the library's functions, and to the bit.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/random.hpp"
#include "sim/run/timed_queue.hpp"
#include "sim/time/counter_random.hpp"
#include "sim/time/distribution.hpp"
#include "sim/time/fixed_point.hpp"

namespace lockstorm::sim {
namespace {

constexpr double kTwo32 = 4294967296.0;
constexpr double kTwo64 = kTwo32 * kTwo32;

double number(Fixed x) { return static_cast<double>(x) / kTwo32; }

TEST(TimedMath, LogarithmsAreThoseOfTheLibrary) {
  const CounterRandom random(1);
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const std::uint64_t share = random.at(i) >> i % 60;
    if (share == 0) continue;
    EXPECT_NEAR(number(log_of_share(share)), std::log(static_cast<double>(share) / kTwo64), 4e-9) << share;
  }
  EXPECT_NEAR(number(log_of_share(1)), -64 * std::log(2.0), 2e-8);
  EXPECT_NEAR(number(log_of_ratio(180, 30)), std::log(6.0), 8e-9);
}

TEST(TimedMath, ExponentialsAreThoseOfTheLibrary) {
  for (double x = -20.9; x < 21; x += 0.0137) {
    const auto fixed = static_cast<Fixed>(x * kTwo32);
    const double exact = std::exp(x);
    EXPECT_NEAR(number(exponential(fixed)), exact, exact * 2e-8 + 3e-10) << x;
  }
  EXPECT_EQ(exponential(0), kFixedOne);
  EXPECT_EQ(exponential(100 * kFixedOne), exponential(21 * kFixedOne));
}

TEST(TimedMath, RootsAreRoundedDown) {
  for (const Fixed x : {Fixed{0}, Fixed{1}, kFixedOne, 2 * kFixedOne, 44 * kFixedOne}) {
    const double exact = std::sqrt(number(x));
    EXPECT_NEAR(number(fixed_root(x)), exact, 3e-10);
    EXPECT_LE(number(fixed_root(x)), exact);
  }
}

TEST(TimedMath, NormalQuantilesUndoTheNormalDistribution) {
  for (double share = 1e-9; share < 1; share += share < 0.01 ? share : 0.0101) {
    const double x = number(normal_quantile(static_cast<std::uint64_t>(share * kTwo64)));
    EXPECT_NEAR(0.5 * std::erfc(-x / std::sqrt(2.0)), share, share * 3e-6 + 1e-12) << share;
  }
  EXPECT_EQ(normal_quantile(std::uint64_t{1} << 63U), 0);
  EXPECT_LT(number(normal_quantile(0)), -9);
  EXPECT_GT(number(normal_quantile(std::numeric_limits<std::uint64_t>::max())), 9);
}

double mean_of(const Distribution& distribution) {
  constexpr int kDraws = 200'000;
  const CounterRandom random(7);
  double sum = 0;
  for (std::uint64_t i = 0; i < kDraws; ++i) sum += static_cast<double>(distribution.at(random.at(i)));
  return sum / kDraws;
}

TEST(TimedMath, MeansAreWhatIsDrawn) {
  const std::vector<Distribution> all{
      Distribution::constant(5000),
      Distribution::uniform(1000, 3000),
      Distribution::exponential(20'000),
      Distribution::log_normal(20'000, 60'000),
      Distribution::quantiles({{0, 100}, {500'000, 1000}, {1'000'000, 9000}}),
      Distribution::samples({100, 200, 900}),
  };
  for (const Distribution& one : all)
    EXPECT_NEAR(mean_of(one), static_cast<double>(one.mean_us()), static_cast<double>(one.mean_us()) * 0.01);
}

TEST(TimedMath, QuantilesAreWhereTheyWereSaid) {
  const Distribution times = Distribution::log_normal(20'000, 60'000);
  EXPECT_EQ(times.at(std::uint64_t{1} << 63U), 20'000U);
  EXPECT_NEAR(static_cast<double>(times.at(static_cast<std::uint64_t>(0.9 * kTwo64))), 60'000, 2);
  const Distribution waits = Distribution::exponential(10'000);
  EXPECT_NEAR(static_cast<double>(waits.at(std::uint64_t{1} << 63U)), 10'000 * std::log(2.0), 1);
  const Distribution points = Distribution::quantiles({{0, 0}, {900'000, 900}, {1'000'000, 5000}});
  EXPECT_EQ(points.at(std::uint64_t{1} << 63U), 500U);
  EXPECT_LE(points.at(std::numeric_limits<std::uint64_t>::max()), 5000U);
  EXPECT_EQ(Distribution::samples({3, 1, 2}).at(0), 1U);
  EXPECT_EQ(Distribution::samples({3, 1, 2}).at(std::numeric_limits<std::uint64_t>::max()), 3U);
}

// Every shape at its ends: nothing overflows, and nothing is longer than a year.
TEST(TimedMath, EndsStayWithinAYear) {
  const Distribution year = Distribution::exponential(kLongestDuration_us);
  EXPECT_EQ(year.at(std::numeric_limits<std::uint64_t>::max()), kLongestDuration_us);
  EXPECT_EQ(Distribution::log_normal(kLongestDuration_us, kLongestDuration_us)
                .at(std::numeric_limits<std::uint64_t>::max()),
            kLongestDuration_us);
  EXPECT_EQ(Distribution::uniform(0, kLongestDuration_us).at(std::numeric_limits<std::uint64_t>::max()),
            kLongestDuration_us);
}

// The same numbers on every compiler and machine, for ever: replayed seeds depend on them.
TEST(TimedMath, DrawsAreTheSameToTheBit) {
  const CounterRandom random = CounterRandom(42).stream(3);
  const Distribution times = Distribution::log_normal(20'000'000, 60'000'000);
  const Distribution waits = Distribution::exponential(1'000'000);
  std::uint64_t hash = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    hash = mix(hash, times.at(random.at(2 * i)));
    hash = mix(hash, waits.at(random.at(2 * i + 1)));
  }
  EXPECT_EQ(hash, 14'015'342'614'294'127'116U);
}

TEST(CounterRandom, BitsAndBytesAreEven) {
  constexpr std::uint64_t kDraws = 1U << 18U;
  const CounterRandom random = CounterRandom(5).stream(9);
  std::array<double, 256> low{};
  std::array<double, 256> high{};
  std::array<int, 64> ones{};
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const std::uint64_t draw = random.at(i);
    ++low[draw & 0xFFU];
    ++high[draw >> 56U];
    for (unsigned bit = 0; bit < 64; ++bit) ones[bit] += static_cast<int>(draw >> bit & 1U);
  }
  const double expected = static_cast<double>(kDraws) / 256;
  for (const auto& counts : {low, high}) {
    double chi = 0;
    for (const double count : counts) chi += (count - expected) * (count - expected) / expected;
    EXPECT_LT(chi, 342);  // 255 degrees of freedom: 99.98 %
    EXPECT_GT(chi, 181);
  }
  for (const int count : ones) EXPECT_NEAR(count, static_cast<double>(kDraws) / 2, 4.5 * 256);
}

TEST(CounterRandom, StreamsAreUnrelated) {
  const CounterRandom parent(5);
  int equal_bits = 0;
  for (std::uint64_t i = 0; i < 4096; ++i)
    equal_bits += __builtin_popcountll(parent.stream(i).at(0) ^ parent.stream(i + 1).at(0));
  EXPECT_NEAR(equal_bits, 4096 * 32, 4.5 * 256);
}

TEST(TimedQueue, GivesTheEarliestFirstAndTiesAsTheyCame) {
  const CounterRandom random(3);
  TimedQueue queue;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> expected;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> taken;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    expected.emplace_back(random.at(i) % 300, i);
    queue.push(expected.back().first, i);
  }
  while (!queue.empty()) {
    const TimedEvent event = queue.pop();
    taken.emplace_back(event.time_us, event.code);
  }
  std::ranges::stable_sort(expected, {}, &std::pair<std::uint64_t, std::uint32_t>::first);
  EXPECT_EQ(taken, expected);
}

}  // namespace
}  // namespace lockstorm::sim
