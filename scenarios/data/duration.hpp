// Durations as users write them.
#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>

namespace lockstorm::scenarios {

/// "0", "90s", "5m", "1h30m", "250ms": Go's durations as -lock-timeout takes them, or what they look like.
std::expected<std::chrono::milliseconds, std::string> parse_duration(std::string_view text);

}  // namespace lockstorm::scenarios
