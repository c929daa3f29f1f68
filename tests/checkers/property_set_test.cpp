// Sets of properties, and that words of violations are such sets.
#include "checkers/property_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "sim/one_for_each.hpp"

namespace lockstorm::checkers {
namespace {

static_assert(std::forward_iterator<PropertySet::Iterator>);
static_assert(sim::kCountOf<Property> == kProperties);

std::vector<Property> members(PropertySet set) { return {set.begin(), set.end()}; }

TEST(PropertySet, HasTheMembersThatWerePutIn) {
  PropertySet set{Property::progress, Property::mutual_exclusion};
  EXPECT_EQ(members(set), (std::vector{Property::mutual_exclusion, Property::progress}));
  set.insert(Property::no_drift);
  set.erase(Property::progress);
  EXPECT_EQ(members(set), (std::vector{Property::mutual_exclusion, Property::no_drift}));
  EXPECT_TRUE(set.contains(Property::no_drift));
  EXPECT_FALSE(set.contains(Property::progress));
  EXPECT_EQ(set.size(), 2U);
  EXPECT_FALSE(set.empty());
  EXPECT_TRUE(PropertySet{}.empty());
  EXPECT_TRUE(members({}).empty());
}

TEST(PropertySet, AllAreThoseThatHaveNames) {
  EXPECT_EQ(PropertySet::all().size(), kProperties);
  for (const Property property : PropertySet::all())
    EXPECT_EQ(property_named(property_name(property)), property);
}

TEST(PropertySet, JoinsMeetsAndTakesAway) {
  const PropertySet a{Property::progress, Property::no_drift};
  const PropertySet b{Property::no_drift, Property::lock_released};
  EXPECT_EQ(a | b, (PropertySet{Property::progress, Property::no_drift, Property::lock_released}));
  EXPECT_EQ(a & b, PropertySet{Property::no_drift});
  EXPECT_EQ(a - b, PropertySet{Property::progress});
  PropertySet all = PropertySet::all();
  all -= a;
  EXPECT_EQ(all | a, PropertySet::all());
  EXPECT_TRUE((all & a).empty());
}

TEST(PropertySet, BitsAreWhatEnginesNumberPropertiesBy) {
  for (const Property property : PropertySet::all()) {
    EXPECT_EQ(PropertySet{property}.bits(), 1U << property_number(property));
    EXPECT_EQ(PropertySet::from_bits(1U << property_number(property)), PropertySet{property});
  }
}

TEST(PropertySet, ArraysHaveAPlaceForEach) {
  PerProperty<int> counts;
  for (const Property property : PropertySet::all()) counts[property] = static_cast<int>(property) + 1;
  EXPECT_EQ(counts[Property::approved_is_applied], static_cast<int>(kProperties));
  EXPECT_EQ(std::ranges::count(counts, 0), 0);
}

}  // namespace
}  // namespace lockstorm::checkers
