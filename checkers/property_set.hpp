// A set of properties.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "checkers/properties.hpp"

namespace lockstorm::checkers {

/// Its members come in the order of `Property`.
class PropertySet {
 public:
  /// What engines compute with, sim::Violations: bit i is the property with the number i.
  using Bits = std::uint16_t;
  static_assert(kProperties <= 16);

  constexpr PropertySet() = default;
  constexpr PropertySet(std::initializer_list<Property> properties) {
    for (const Property property : properties) insert(property);
  }
  static constexpr PropertySet all() { return from_bits((1U << kProperties) - 1U); }
  /// Those that mean something where nothing stands between the tools and their backends: what an audit of
  /// backends judges.
  static constexpr PropertySet of_backends() { return all() - only(Property::approved_is_applied); }
  /// The set that these bits are.
  static constexpr PropertySet from_bits(unsigned bits) {
    PropertySet set;
    set.bits_ = static_cast<Bits>(bits);
    return set;
  }
  [[nodiscard]] constexpr Bits bits() const { return bits_; }

  [[nodiscard]] constexpr bool contains(Property property) const {
    return (bits_ >> property_number(property) & 1U) != 0;
  }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr std::size_t size() const { return static_cast<std::size_t>(std::popcount(bits_)); }
  constexpr void insert(Property property) { *this |= PropertySet::only(property); }
  constexpr void erase(Property property) { *this -= PropertySet::only(property); }

  constexpr PropertySet& operator|=(PropertySet other) { return *this = *this | other; }
  constexpr PropertySet& operator&=(PropertySet other) { return *this = *this & other; }
  constexpr PropertySet& operator-=(PropertySet other) { return *this = *this - other; }
  friend constexpr PropertySet operator|(PropertySet a, PropertySet b) {
    return from_bits(unsigned{a.bits_} | b.bits_);
  }
  friend constexpr PropertySet operator&(PropertySet a, PropertySet b) {
    return from_bits(unsigned{a.bits_} & b.bits_);
  }
  /// What is in `a` and not in `b`.
  friend constexpr PropertySet operator-(PropertySet a, PropertySet b) {
    return from_bits(a.bits_ & ~unsigned{b.bits_});
  }
  friend constexpr bool operator==(PropertySet, PropertySet) = default;

  class Iterator {
   public:
    using value_type = Property;
    using difference_type = std::ptrdiff_t;
    constexpr Iterator() = default;
    constexpr Property operator*() const { return static_cast<Property>(std::countr_zero(left_)); }
    constexpr Iterator& operator++() {
      left_ = static_cast<Bits>(left_ & (left_ - 1U));
      return *this;
    }
    constexpr Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    friend constexpr bool operator==(Iterator, Iterator) = default;

   private:
    friend class PropertySet;
    constexpr explicit Iterator(Bits left) : left_(left) {}

    Bits left_ = 0;  ///< what has not been passed yet
  };
  [[nodiscard]] constexpr Iterator begin() const { return Iterator(bits_); }
  [[nodiscard]] constexpr Iterator end() const { return Iterator(); }

 private:
  static constexpr PropertySet only(Property property) { return from_bits(1U << property_number(property)); }

  Bits bits_ = 0;
};

}  // namespace lockstorm::checkers
