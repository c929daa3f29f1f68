// What was there before a recording began: the state and the lock that its first operations meet.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "checkers/history/value.hpp"

namespace lockstorm::checkers {

/// `unknown`: the history itself tells, as long as one beginning explains all of it. `absent`: nothing was
/// there. `given`: that value and no other.
struct InitialPart {
  enum class Kind : std::uint8_t { unknown, absent, given } kind = Kind::unknown;
  Value value{};
};

/// Of each key alike.
struct Initial {
  InitialPart state{};
  /// A given lock's value is its id.
  InitialPart lock{};
};

/// "absent", "unknown", or a JSON object {"state": ..., "lock": ...}: null is absent, what is left out is
/// unknown. A lock is its id or {"id": ...}. The error says what was expected.
[[nodiscard]] std::expected<Initial, std::string> read_initial(std::string_view text);

}  // namespace lockstorm::checkers
