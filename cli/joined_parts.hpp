// The parts of a campaign as if one process had made it.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "reports/ci/campaign_part.hpp"
#include "scenarios/data/input_error.hpp"
#include "scenarios/hunt/hunt.hpp"

namespace lockstorm::cli {

/// A part that `hunt --shard K/N --json FILE` or a campaign wrote.
std::expected<reports::CampaignPart, scenarios::InputError> read_part_file(const std::string& file);

/// Parts of one campaign, each once; what does not belong to the others is an error.
std::expected<std::vector<reports::CampaignPart>, scenarios::InputError> read_part_files(
    const std::vector<std::string>& files);

/// The result is to be that of one process, to the byte, where no part is missing: it does not say that it
/// was joined.
struct JoinedAsOne {
  std::size_t calm_states = 0;  ///< what that process would have looked at without faults
};

/// For each property the example of the earliest run of all parts; counts and times added up. `files`: of the
/// parts, for messages. What a part has found and is not found again is an error.
std::expected<scenarios::HuntResult, scenarios::InputError> join_parts(
    const std::vector<reports::CampaignPart>& parts, const std::vector<std::string>& files,
    const scenarios::Scenario& scenario, std::optional<JoinedAsOne> as_one = {});

}  // namespace lockstorm::cli
