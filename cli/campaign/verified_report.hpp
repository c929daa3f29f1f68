// A campaign of proofs: the shard that one scenario is, and the report of all, as `verify` prints it.
#pragma once

#include <string>

#include "cli/campaign/campaign_index.hpp"
#include "cli/command.hpp"

namespace lockstorm::cli {

/// What the shard's file is to hold. `alone`: it is the campaign's only scenario, of which `verify` finds out
/// more.
std::string verified_shard(const scenarios::Scenario& scenario, const scenarios::CampaignSpec& spec,
                           bool alone);

/// Whether the file holds that of the scenario.
bool verified_part_is_whole(const std::string& file, const scenarios::Scenario& scenario);

/// The report of the scenarios that are done, in the spec's order; the exit status. Of the files for machines
/// only JSON: the parts hold no more.
int report_verified(CampaignIndex& index, const std::vector<scenarios::Scenario>& found,
                    const Global& global);

}  // namespace lockstorm::cli
