// The properties Lockstorm checks: their numbers in violation sets, names and one-sentence meanings.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lockstorm::checkers {

enum class Property : std::uint8_t {
  mutual_exclusion,
  exclusive_effects,
  no_lost_update,
  state_integrity,
  own_lock_only,
  stale_lock_recovery,
  progress,
  no_drift,
  lock_released,
};

inline constexpr std::size_t kProperties = 9;

struct PropertyInfo {
  std::string_view name;
  std::string_view violated_when;  ///< completes "violated when ..."
};

inline constexpr std::array<PropertyInfo, kProperties> kPropertyInfo{{
    {"mutual-exclusion", "two live clients are between \"lock granted\" and \"unlock sent\" at once"},
    {"exclusive-effects",
     "a client that does not hold the lock by the service's record changes state or infrastructure"},
    {"no-lost-update",
     "an acknowledged state write does not descend from the latest acknowledged one, or its content vanishes "
     "without a later writer having read it, or a command ends with success and what it was to save was "
     "never "
     "stored"},
    {"state-integrity",
     "after healing, state cannot be read, or one (lineage, serial) names two contents, or the serial goes "
     "back, or a reader that takes no lock acts on a mixture of two versions"},
    {"own-lock-only", "a release, renewal or failed acquire removes or alters a lock with another id"},
    {"stale-lock-recovery",
     "a dead holder's lock is neither freed nor clearable by the documented command with the id that is "
     "shown, or recovery "
     "robs a live holder whose lease has not expired"},
    {"progress",
     "after faults stop, a client that waits for a lock that becomes free fails, hangs or waits for itself"},
    {"no-drift",
     "a created or imported resource is in neither the final state nor an errored.tfstate that somebody can "
     "still read, or is created twice, or is destroyed by an apply whose configuration lacks it without "
     "saying "
     "so"},
    {"lock-released",
     "nothing moves any more, leases have run out, and a lock of a command that ended by itself still "
     "refuses a newcomer, or force-unlock reports success while the record still names the id it was given"},
}};

using PropertySet = std::uint16_t;

constexpr PropertySet property_bit(Property property) {
  return static_cast<PropertySet>(1U << static_cast<unsigned>(property));
}
constexpr std::string_view property_name(Property property) {
  return kPropertyInfo[static_cast<std::size_t>(property)].name;
}

/// The property of that name.
constexpr std::optional<Property> property_named(std::string_view name) {
  for (std::size_t i = 0; i < kProperties; ++i) {
    if (kPropertyInfo[i].name == name) return static_cast<Property>(i);
  }
  return std::nullopt;
}

}  // namespace lockstorm::checkers
