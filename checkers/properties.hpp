// The properties Lockstorm checks: their numbers, names and one-sentence meanings.
#pragma once

#include <algorithm>
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
  approved_is_applied,
};

inline constexpr std::size_t kProperties = static_cast<std::size_t>(Property::approved_is_applied) + 1;

/// What the engines know a property by: its bit in a word of violations, its place in their arrays.
constexpr unsigned property_number(Property property) { return static_cast<unsigned>(property); }

/// One value for each property.
template <class T>
struct PerProperty {
  std::array<T, kProperties> values{};

  constexpr T& operator[](Property property) { return values[property_number(property)]; }
  constexpr const T& operator[](Property property) const { return values[property_number(property)]; }
  [[nodiscard]] constexpr auto begin() const { return values.begin(); }
  [[nodiscard]] constexpr auto end() const { return values.end(); }
};

struct PropertyInfo {
  Property property{};
  std::string_view name;
  std::string_view violated_when;  ///< completes "violated when ..."
};

inline constexpr PerProperty<PropertyInfo> kPropertyInfo{{{
    {Property::mutual_exclusion, "mutual-exclusion",
     "two live clients are between \"lock granted\" and \"unlock sent\" at once"},
    {Property::exclusive_effects, "exclusive-effects",
     "a client that does not hold the lock by the service's record changes state or infrastructure"},
    {Property::no_lost_update, "no-lost-update",
     "an acknowledged state write does not descend from the latest acknowledged one, or its content vanishes "
     "without a later writer having read it, or a command ends with success and what it was to save was "
     "never stored"},
    {Property::state_integrity, "state-integrity",
     "after healing, state cannot be read, or one (lineage, serial) names two contents, or the serial goes "
     "back, or a reader that takes no lock acts on a mixture of two versions"},
    {Property::own_lock_only, "own-lock-only",
     "a release, renewal or failed acquire removes or alters a lock with another id"},
    {Property::stale_lock_recovery, "stale-lock-recovery",
     "a dead holder's lock is neither freed nor clearable by the documented command with the id that is "
     "shown, or recovery robs a live holder whose lease has not expired"},
    {Property::progress, "progress",
     "after faults stop, a client that waits for a lock that becomes free fails, hangs or waits for itself"},
    {Property::no_drift, "no-drift",
     "a created or imported resource is in neither the final state nor an errored.tfstate that somebody can "
     "still read, or is created twice, or is destroyed by an apply whose configuration lacks it without "
     "saying "
     "so"},
    {Property::lock_released, "lock-released",
     "nothing moves any more, leases have run out, and a lock of a command that ended by itself still "
     "refuses a newcomer, or force-unlock reports success while the record still names the id it was given"},
    {Property::approved_is_applied, "approved-is-applied",
     "a plan is applied that was not made from what was approved, or a pull request reports that it has been "
     "applied, and what was approved has not"},
}}};

static_assert(std::ranges::none_of(kPropertyInfo, &std::string_view::empty, &PropertyInfo::name));
static_assert(std::ranges::none_of(kPropertyInfo, &std::string_view::empty, &PropertyInfo::violated_when));
static_assert(std::ranges::all_of(kPropertyInfo, [](const PropertyInfo& info) {
  return &kPropertyInfo[info.property] == &info;  // each at its own place
}));

constexpr std::string_view property_name(Property property) { return kPropertyInfo[property].name; }

/// The property of that name.
constexpr std::optional<Property> property_named(std::string_view name) {
  for (const PropertyInfo& info : kPropertyInfo) {
    if (info.name == name) return info.property;
  }
  return std::nullopt;
}

}  // namespace lockstorm::checkers
