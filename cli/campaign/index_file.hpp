// The file that a campaign's index is: its tables, and how it comes to be there.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "scenarios/data/input_error.hpp"
#include "scenarios/shards/campaign_spec.hpp"

namespace lockstorm::cli {

inline constexpr std::string_view kIndexName = "campaign.sqlite";
/// Of the tables; another one is refused.
inline constexpr std::string_view kIndexFormat = "1";

/// Makes the folder and, where there is none, the index: with all shards to do, and the scenarios as they are
/// now.
std::optional<scenarios::InputError> make_index_file(const std::filesystem::path& folder,
                                                     const scenarios::CampaignSpec& spec,
                                                     const std::vector<scenarios::Scenario>& found);

}  // namespace lockstorm::cli
