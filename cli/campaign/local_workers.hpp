// A campaign on this machine: a process for each thread, so that one that dies takes no other with it.
#pragma once

#include "cli/campaign/campaign_index.hpp"

namespace lockstorm::cli {

/// Starts as many workers as there are shards to make, `most` at once, and others for those that die, until
/// no shard is to do and nobody is at one. The exit status: 0, or that of a worker that could not go on.
int make_shards_here(CampaignIndex& index, unsigned most);

}  // namespace lockstorm::cli
