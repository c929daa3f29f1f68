// The version that reports and the command print.
#pragma once

#include <string_view>

namespace lockstorm::reports {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace lockstorm::reports
