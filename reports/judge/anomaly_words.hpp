// What a correct system would have done instead of each anomaly.
#pragma once

#include <string_view>

#include "checkers/history/finding.hpp"

namespace lockstorm::reports {

/// One or two sentences.
[[nodiscard]] std::string_view expected_instead(checkers::Anomaly anomaly);

}  // namespace lockstorm::reports
