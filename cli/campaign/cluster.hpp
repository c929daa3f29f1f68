// A campaign handed over to a batch system: written, and submitted where that is asked for.
#pragma once

#include <string>
#include <vector>

#include "cli/campaign/campaign_index.hpp"

namespace lockstorm::cli {

/// What Slurm is to be given, for people to look at; nothing is begun.
std::expected<std::string, scenarios::InputError> slurm_scripts(const scenarios::CampaignSpec& spec,
                                                                const std::filesystem::path& folder,
                                                                const std::vector<std::int64_t>& shards);

/// Writes the scripts into the campaign's folder and submits them with sbatch: an array of the shards that
/// are not done, and a report that waits for its end, however that is. Nothing is submitted where all are
/// done, or where an earlier submission is still waiting or running. What sbatch refuses is an error with its
/// words; the campaign stays as it is. Prints what was submitted.
std::expected<std::string, scenarios::InputError> submit_to_slurm(CampaignIndex& index);

/// The manifests of the campaign, with all the files that its spec names.
std::expected<std::string, scenarios::InputError> kubernetes_file(
    const scenarios::CampaignSpec& spec, const std::vector<scenarios::Scenario>& found);

}  // namespace lockstorm::cli
