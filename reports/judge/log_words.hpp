// Words for what logs cannot say, and for when something happened.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "checkers/logs/log_format.hpp"

namespace lockstorm::reports {

/// "entries-may-be-missing", in JSON.
[[nodiscard]] std::string_view limit_name(checkers::logs::LogLimit limit);
/// What is taken for granted therefore, as the end of "Taken for granted: ...".
[[nodiscard]] std::string_view limit_sentence(checkers::logs::LogLimit limit);

/// "2026-11-02 10:00:05 UTC", with milliseconds where there are some.
[[nodiscard]] std::string moment(std::chrono::nanoseconds since_1970);

}  // namespace lockstorm::reports
