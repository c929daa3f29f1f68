// What becomes of a finding in a state at the gate: whether it fails the audit, and if not, why.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/data/input_error.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::scenarios {

enum class Outcome : std::uint8_t {
  fails,     ///< new, at or above --fail-on, and nobody has accepted it
  expired,   ///< somebody had accepted it, for a time that is over: fails
  below,     ///< its grade is below --fail-on
  known,     ///< it stands in the baseline
  accepted,  ///< somebody has accepted it, with a reason
  inherent,  ///< no backend can prevent it
};

constexpr std::string_view outcome_name(Outcome outcome) {
  constexpr auto kNames =
      sim::text_for_each<Outcome>({"fails", "expired", "below", "known", "accepted", "inherent"});
  return kNames[static_cast<std::size_t>(outcome)];
}

/// Whether the audit ends with 1 because of it.
constexpr bool is_failure(Outcome outcome) {
  return outcome == Outcome::fails || outcome == Outcome::expired;
}

/// Of one finding in one state.
struct Standing {
  Outcome outcome = Outcome::fails;
  std::string reason;                                  ///< accepted, expired: what the acceptance says
  std::optional<std::chrono::year_month_day> expires;  ///< accepted, expired: the last day that it holds
  SourceLocation where;  ///< accepted, expired, known: of the acceptance, or the baseline
};

}  // namespace lockstorm::scenarios
