// The part of a campaign that one process made, as JSON that `merge` joins with the others.
#pragma once

#include <cstdint>
#include <expected>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "scenarios/hunt/hunt.hpp"

namespace lockstorm::reports {

/// A violation that a part found.
struct PartFind {
  scenarios::HuntedExample example;
  checkers::Property property{};
  std::uint64_t fingerprint = 0;  ///< of the scenario that the schedule belongs to
  sim::Schedule schedule;
};

struct CampaignPart {
  std::string scenario;           ///< its name
  std::string reference;          ///< what finds the scenario: a name of the library, or a file
  std::uint64_t fingerprint = 0;  ///< of what the scenario simulates
  scenarios::HuntResult hunted;   ///< but for `result`
  std::vector<PartFind> found;
};

/// Adds to a campaign's JSON (hunt_json) what `merge` needs, and last a digest of all of it.
void add_part(nlohmann::ordered_json& json, const scenarios::HuntResult& hunted);

/// What add_part wrote. Otherwise one sentence on what is wrong: not a part, of another version, not what was
/// written, or counts that do not fit together.
[[nodiscard]] std::expected<CampaignPart, std::string> read_part(const std::string& text);

/// Which setting of the two campaigns differs, and how, as a sentence; empty: none.
[[nodiscard]] std::string difference(const CampaignPart& part, const CampaignPart& first);

}  // namespace lockstorm::reports
