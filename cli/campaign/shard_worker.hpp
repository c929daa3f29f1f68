// One process that makes shards of a campaign, one after the other, and gives signs of life meanwhile.
#pragma once

#include <cstdint>
#include <optional>

#include "cli/campaign/campaign_index.hpp"

namespace lockstorm::cli {

struct WorkerOptions {
  std::optional<std::int64_t> only;  ///< nothing but this shard
  std::int64_t parent = 0;           ///< the process without which it is not wanted; 0: none
};

/// Until all shards are made, or left for good: those of owners who are lost are made again. A shard that
/// cannot be made fails; a result that cannot be written ends the work and leaves the shard to do. An
/// interrupt gives the shard back first. The exit status: 0, of bad input where something cannot be read or
/// written, of an internal error where `only` has failed for good.
int make_shards(CampaignIndex& index, const WorkerOptions& options);

}  // namespace lockstorm::cli
