// How far a campaign is: its shards, who is at them, what has failed, and how long it may still take.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "reports/format/style.hpp"
#include "scenarios/shards/shard_state.hpp"

namespace lockstorm::reports {

/// What `campaign status` prints.
std::string shards_text(const scenarios::CampaignProgress& progress, const Style& style);
nlohmann::ordered_json shards_json(const scenarios::CampaignProgress& progress);

/// What is to be said beside a report whose shards are not all done, lines for standard error; empty: all
/// are.
std::string open_shards_text(const scenarios::CampaignProgress& progress);

}  // namespace lockstorm::reports
