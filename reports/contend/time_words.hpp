// Durations, shares and prices of runs in virtual time, as people read them.
#pragma once

#include <cstdint>
#include <string>

#include "scenarios/contend/estimates.hpp"

namespace lockstorm::reports {

/// "0 s", "0.15 s", "31.4 s", "2m 07s", "1h 03m", "2d 04h".
std::string span_text(double seconds);
std::string span_text_us(std::uint64_t microseconds);

/// "2.1 %", "0.03 %", "0 %", "100 %".
std::string percent_text(double share);

/// "$0.000012"; "$0" of nothing.
std::string price_text(double nanodollars);

/// "12.3 s (11.9 s to 12.7 s)"; without the bracket where there is no interval. `words` makes each number a
/// text.
std::string with_interval(const scenarios::Estimate& estimate, std::string (*words)(double));

/// "3.42".
std::string number_text(double number);

}  // namespace lockstorm::reports
