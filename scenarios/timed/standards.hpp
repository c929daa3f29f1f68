// What calls take and cost where a scenario does not say: one row a service, with where it is from
// (docs/contend.md).
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/time/distribution.hpp"

namespace lockstorm::scenarios {

/// A round trip to that service from a runner in its region. Unknown services get that of a web server.
sim::Distribution standard_latency(std::string_view service);

/// What one request costs in billionths of a US dollar; 0: nothing, or nobody bills it by request.
std::uint64_t standard_price_nanodollars(std::string_view service, std::string_view operation);

}  // namespace lockstorm::scenarios
