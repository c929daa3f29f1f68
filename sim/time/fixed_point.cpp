#include "sim/time/fixed_point.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

namespace lockstorm::sim {
namespace {

__extension__ using Wide = __int128;
__extension__ using UnsignedWide = unsigned __int128;

// Constants are rounded once, by the compiler, from decimal literals; no run depends on a floating-point
// unit.
consteval Fixed fixed(double value) {
  return static_cast<Fixed>(value * 4294967296.0 + (value < 0 ? -0.5 : 0.5));
}

constexpr Fixed kLogOfTwo = fixed(0.69314718055994530942);
constexpr Fixed kRootOfTwo = fixed(1.41421356237309504880);
constexpr Fixed kLargestExponent = fixed(21.0);

template <std::size_t N>
Fixed polynomial(const std::array<Fixed, N>& coefficients, Fixed x) {
  Fixed sum = coefficients[N - 1];
  for (std::size_t i = N - 1; i-- > 0;) sum = fixed_product(sum, x) + coefficients[i];
  return sum;
}

// ln m for m from 1/sqrt 2 to sqrt 2: twice the area tangent of (m - 1) / (m + 1), whose series then gains
// three bits of every two.
Fixed log_near_one(Fixed m) {
  static constexpr std::array<Fixed, 7> kOddReciprocals{fixed(1.0),     fixed(1.0 / 3), fixed(1.0 / 5),
                                                        fixed(1.0 / 7), fixed(1.0 / 9), fixed(1.0 / 11),
                                                        fixed(1.0 / 13)};
  const Fixed z = fixed_quotient(m - kFixedOne, m + kFixedOne);
  return 2 * fixed_product(z, polynomial(kOddReciprocals, fixed_product(z, z)));
}

// AS 241: the middle, and two pieces of either tail.
constexpr std::array<Fixed, 4> kMiddleAbove{fixed(3.3871327179), fixed(50.434271938), fixed(159.29113202),
                                            fixed(59.109374720)};
constexpr std::array<Fixed, 4> kMiddleBelow{fixed(1.0), fixed(17.895169469), fixed(78.757757664),
                                            fixed(67.187563600)};
constexpr std::array<Fixed, 4> kTailAbove{fixed(1.4234372777), fixed(2.7568153900), fixed(1.3067284816),
                                          fixed(0.17023821103)};
constexpr std::array<Fixed, 3> kTailBelow{fixed(1.0), fixed(0.73700164250), fixed(0.12021132975)};
constexpr std::array<Fixed, 4> kFarTailAbove{fixed(6.6579051150), fixed(3.0812263860), fixed(0.42868294337),
                                             fixed(0.017337203997)};
constexpr std::array<Fixed, 3> kFarTailBelow{fixed(1.0), fixed(0.24197894225), fixed(0.012258202635)};

Fixed tail_quantile(std::uint64_t share) {
  const Fixed r = fixed_root(-log_of_share(std::max<std::uint64_t>(share, 1)));
  if (r <= 5 * kFixedOne) {
    const Fixed x = r - fixed(1.6);
    return fixed_quotient(polynomial(kTailAbove, x), polynomial(kTailBelow, x));
  }
  const Fixed x = r - 5 * kFixedOne;
  return fixed_quotient(polynomial(kFarTailAbove, x), polynomial(kFarTailBelow, x));
}

}  // namespace

Fixed fixed_product(Fixed a, Fixed b) { return static_cast<Fixed>((static_cast<Wide>(a) * b) >> 32U); }

Fixed fixed_quotient(Fixed a, Fixed b) { return static_cast<Fixed>(static_cast<Wide>(a) * kFixedOne / b); }

Fixed log_of_share(std::uint64_t numerator) {
  const int zeros = std::countl_zero(numerator);
  auto m = static_cast<Fixed>((numerator << static_cast<unsigned>(zeros)) >> 31U);  // 1 to 2
  int exponent = -1 - zeros;
  if (m > kRootOfTwo) {
    m /= 2;
    ++exponent;
  }
  return exponent * kLogOfTwo + log_near_one(m);
}

Fixed log_of_ratio(std::uint64_t a, std::uint64_t b) { return log_of_share(a) - log_of_share(b); }

Fixed exponential(Fixed x) {
  static constexpr std::array<Fixed, 11> kReciprocalFactorials{
      fixed(1.0),         fixed(1.0),          fixed(1.0 / 2),      fixed(1.0 / 6),
      fixed(1.0 / 24),    fixed(1.0 / 120),    fixed(1.0 / 720),    fixed(1.0 / 5040),
      fixed(1.0 / 40320), fixed(1.0 / 362880), fixed(1.0 / 3628800)};
  x = std::clamp(x, -kLargestExponent, kLargestExponent);
  const auto halves = (2 * x / kLogOfTwo + (x < 0 ? -1 : 1)) / 2;  // to the nearest power of two
  const Fixed power = polynomial(kReciprocalFactorials, x - halves * kLogOfTwo);
  return halves >= 0 ? power << halves : power >> -halves;
}

Fixed fixed_root(Fixed x) {
  const UnsignedWide square = static_cast<UnsignedWide>(x) << 32U;
  Fixed root = 0;
  for (int bit = 47; bit >= 0; --bit) {
    const Fixed larger = root | Fixed{1} << bit;
    if (static_cast<UnsignedWide>(larger) * static_cast<UnsignedWide>(larger) <= square) root = larger;
  }
  return root;
}

Fixed normal_quantile(std::uint64_t share) {
  constexpr Fixed kMiddle = fixed(0.425);
  const Fixed q = static_cast<Fixed>(share >> 32U) - kFixedOne / 2;
  if (q >= -kMiddle && q <= kMiddle) {
    const Fixed r = fixed(0.180625) - fixed_product(q, q);
    return fixed_product(q, fixed_quotient(polynomial(kMiddleAbove, r), polynomial(kMiddleBelow, r)));
  }
  return q < 0 ? -tail_quantile(share) : tail_quantile(~share);
}

}  // namespace lockstorm::sim
