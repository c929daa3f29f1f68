// A schedule as data: which of the enabled steps was taken each time; the string form is what users paste.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace lockstorm::sim {

/// One choice: the index of the step taken and how many steps were enabled, in the order both engines count
/// them.
struct StepChoice {
  std::uint32_t index = 0;
  std::uint32_t bound = 0;
  friend bool operator==(const StepChoice&, const StepChoice&) = default;
};
using Schedule = std::vector<StepChoice>;

/// A replay string taken apart.
struct ReplayString {
  std::string subject;            ///< what it replays, e.g. a scenario name; empty when not stored
  std::uint64_t fingerprint = 0;  ///< of the world it was recorded in
  Schedule schedule;
};

/// `LS1-<text>`: version, fingerprint, subject and choices with their bounds, then a checksum; letters,
/// digits, - and _.
std::string encode_replay(const ReplayString& replay);

/// The parts of a replay string, or one sentence on why it is none.
std::expected<ReplayString, std::string> decode_replay(std::string_view text);

}  // namespace lockstorm::sim
