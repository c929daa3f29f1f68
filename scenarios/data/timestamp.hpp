// Points in time as tools write them, to the second.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace lockstorm::scenarios {

using Timestamp = std::chrono::sys_seconds;

/// "2026-11-29T10:11:12Z", "2026-11-29T10:11:12.123+01:00" (RFC 3339), and "2026-11-29 10:11:12.123 +0000
/// UTC", as Go prints a time. Fractions of seconds are dropped. Nothing: it is none of these.
std::optional<Timestamp> parse_timestamp(std::string_view text);

/// "2026-11-29 10:11:12 UTC".
std::string timestamp_text(Timestamp time);

}  // namespace lockstorm::scenarios
