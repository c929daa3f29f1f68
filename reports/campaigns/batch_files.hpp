// A campaign as files that a batch system takes: scripts for Slurm, manifests for Kubernetes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "scenarios/shards/campaign_spec.hpp"

namespace lockstorm::reports {

/// Where a campaign lies for all nodes of a cluster; absolute paths.
struct ClusterPlace {
  std::string program;
  std::string folder;
  std::string directory;  ///< in which it was begun: names of scenarios may be relative to it
};

/// A job array with a task for each of the shards (sbatch(1), "Job arrays").
std::string slurm_array_script(const scenarios::CampaignSpec& spec, const ClusterPlace& place,
                               const std::vector<std::int64_t>& shards);
/// A job that makes what is left then, and writes the report into the folder.
std::string slurm_report_script(const scenarios::CampaignSpec& spec, const ClusterPlace& place);

/// What a campaign is called where names are letters, digits and dashes (RFC 1123).
std::string label_of(const std::string& name);

/// A ConfigMap with the spec and its scenarios, an Indexed Job with a completion for each shard, and a Job
/// that takes part until all are made and writes the report (batch/v1, Kubernetes 1.29 and later). `files`:
/// those of scenarios, by their paths from the spec.
std::string kubernetes_manifest(const scenarios::CampaignSpec& spec, std::size_t shards,
                                const std::map<std::string, std::string>& files);

}  // namespace lockstorm::reports
