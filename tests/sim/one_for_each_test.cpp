// Enumerators and alternatives are counted, wherever an enumeration is declared.
#include "sim/one_for_each.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>

namespace lockstorm::sim {
namespace {

enum class Inner : std::uint8_t { a, b, c };
enum class Single : std::uint16_t { only };
enum class FromOne : std::uint8_t { one = 1, two };
struct Outer {
  enum class Nested : std::uint16_t { a, b };
};
using Either = std::variant<int, double, Outer>;

static_assert(kCountOf<Inner> == 3);
static_assert(kCountOf<Single> == 1);
static_assert(kCountOf<Outer::Nested> == 2);
static_assert(kCountOf<FromOne> == 0, "only those from 0 on have places in an array");
static_assert(kCountOf<Either> == 3);

TEST(OneForEach, HasTheEntriesInTheirOrder) {
  constexpr auto kTexts = text_for_each<Inner>({"a", "", "c"});
  EXPECT_EQ(kTexts.size(), 3U);
  EXPECT_EQ(kTexts[2], "c");
  constexpr auto kPairs = one_for_each<Either, std::pair<int, int>>({{1, 2}, {3, 4}, {5, 6}});
  EXPECT_EQ(kPairs[1].second, 4);
}

}  // namespace
}  // namespace lockstorm::sim
