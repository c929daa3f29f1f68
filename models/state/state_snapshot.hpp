// A state file as a small value: lineage, serial, what it records, and whose values it holds.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "sim/value.hpp"

namespace lockstorm::models {

/// Resource addresses one configuration may declare (scenario `client.resources`).
inline constexpr std::size_t kMaxResources = 4;

/// The serial of the version after one. Where more than 255 come one after the other, as in a timed run, they
/// go on at 1: 0 is no state.
constexpr std::uint8_t next_serial(std::uint8_t serial) {
  return serial == 0xFF ? std::uint8_t{1} : static_cast<std::uint8_t>(serial + 1);
}

/// A version of a state, by what tells it from others of its history.
struct StateVersion {
  sim::Who lineage;
  std::uint16_t serial = 0;  ///< 0: none
  friend auto operator<=>(const StateVersion&, const StateVersion&) = default;
};

/// What Terraform writes as `terraform.tfstate`, reduced to what can be lost. All zero: no state at all.
/// Two snapshots are the same bytes (same MD5, same ETag) iff they are equal.
struct StateSnapshot {
  sim::Who lineage;  ///< who drew the random lineage; nobody = none
  sim::Who writer;   ///< whose configuration the recorded values come from
  std::uint8_t serial = 0;
  std::uint8_t torn = 0;  ///< 1: an interrupted rewrite left bytes that do not parse
  std::array<std::uint8_t, kMaxResources> instance{};  ///< recorded cloud instance per resource, 0 = none
  std::uint16_t write = 0;  ///< nth write of its writer, so that no two texts are equal by chance
  /// In a world with two states: the version of the other one whose outputs went into what is recorded here.
  StateVersion made_from{};

  [[nodiscard]] StateVersion version() const { return {lineage, serial}; }
  [[nodiscard]] bool exists() const { return serial != 0 || torn != 0; }
  /// There is such a file: also one without lineage and serial, as errored.tfstate can be (2.6.11).
  [[nodiscard]] bool is_file() const { return exists() || !writer.is_nobody(); }
  [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  friend auto operator<=>(const StateSnapshot&, const StateSnapshot&) = default;
};

}  // namespace lockstorm::models
