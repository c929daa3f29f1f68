// The report of a campaign from the parts in its folder: what one machine would have written.
#pragma once

#include <string>

#include "cli/campaign/campaign_index.hpp"
#include "cli/command.hpp"

namespace lockstorm::cli {

/// Whether the result of a done shard is there, whole, and of this campaign.
bool part_is_whole(CampaignIndex& index, const scenarios::ShardRow& shard,
                   const std::vector<scenarios::Scenario>& found);

/// Empty, or why some of the files that are asked for would not be written.
std::string unwritten_files(const CampaignIndex& index, const Global& global, const std::string& html_file);

/// Tells of shards that have failed or are not done, and writes the report of the others; the exit status.
int report_campaign(CampaignIndex& index, const Global& global, const std::string& html_file);

}  // namespace lockstorm::cli
