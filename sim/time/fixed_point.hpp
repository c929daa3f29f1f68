// Logarithm, exponential, root and normal quantile in whole numbers: equal bits on every compiler and
// machine.
#pragma once

#include <cstdint>

namespace lockstorm::sim {

/// A number with 32 binary places.
using Fixed = std::int64_t;
inline constexpr Fixed kFixedOne = Fixed{1} << 32U;

/// Both are exact but for the last place. The product must be below 2^31.
Fixed fixed_product(Fixed a, Fixed b);
/// `b` is not 0; the quotient must be below 2^31.
Fixed fixed_quotient(Fixed a, Fixed b);

/// Natural logarithm of `numerator / 2^64`; at most 0. `numerator` is not 0. Within 2^-28.
Fixed log_of_share(std::uint64_t numerator);

/// Natural logarithm of `a / b`, neither of them 0. Within 2^-27.
Fixed log_of_ratio(std::uint64_t a, std::uint64_t b);

/// e^x for x from -21 to 21, and what it is there beyond. Within 2^-26 of its size, or in the last place.
Fixed exponential(Fixed x);

/// `x` is not negative. Rounded down.
Fixed fixed_root(Fixed x);

/// The x below which a standard normal number lies with probability `share / 2^64`: Wichura's PPND7
/// (AS 241, 1988), about seven digits.
Fixed normal_quantile(std::uint64_t share);

}  // namespace lockstorm::sim
