// What a campaign on many machines is: the scenarios, whether they are hunted or verified, in how many
// shards, and where.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/data/input_error.hpp"
#include "scenarios/data/scenario.hpp"
#include "scenarios/hunt/hunt.hpp"

namespace lockstorm::scenarios {

/// What the campaign asks of Slurm; empty: what the cluster does by itself.
struct SlurmPlace {
  std::string partition;
  std::string account;
  std::string time;                  ///< of one shard, as `sbatch --time` takes it
  std::string memory;                ///< of one shard, as `sbatch --mem` takes it
  std::vector<std::string> options;  ///< further ones of `sbatch`, as they are typed
};

/// What the campaign asks of Kubernetes.
struct KubernetesPlace {
  std::string image;       ///< with the command `lockstorm`
  std::string name_space;  ///< empty: the one that kubectl is set to
  std::string claim;       ///< a PersistentVolumeClaim that all pods mount; the campaign's folder lies there
  std::string cpu = "1";   ///< that one shard requests
  std::string memory = "4Gi";  ///< that one shard requests and may take
  unsigned parallelism = 0;    ///< pods at once; 0: one for each shard
};

/// What is done with each scenario.
enum class CampaignKind : std::uint8_t { hunt, verify };

struct CampaignSpec {
  std::string file;  ///< it was read from
  std::string text;  ///< all of it
  CampaignKind kind = CampaignKind::hunt;
  std::vector<std::string> references;  ///< scenarios: files beside the spec, names, globs of names
  std::vector<SourceLocation> where;    ///< they stand
  std::uint64_t runs = kDefaultRuns;    ///< of each scenario
  std::uint64_t seed = 1;
  unsigned depth = 3;
  std::vector<std::string> strategies;               ///< empty: all
  unsigned shards = kLanes;                          ///< that each scenario is made in
  unsigned attempts = 3;                             ///< of one shard, before it is told and left
  std::chrono::milliseconds lost_after{60'000};      ///< how long nothing may be heard of who makes a shard
  std::size_t memory_bytes = std::size_t{4} << 30U;  ///< that making one shard may take
  SlurmPlace slurm;
  KubernetesPlace kubernetes;
};

/// A spec from a file, with the place of what is wrong.
std::expected<CampaignSpec, InputError> read_campaign_spec(const std::filesystem::path& file);
/// A spec from text; `file` is for messages, and scenarios lie beside it.
std::expected<CampaignSpec, InputError> parse_campaign_spec(std::string text, const std::string& file);

/// The scenarios of the spec, in its order; each once. What cannot be found is complained about where the
/// spec names it.
std::expected<std::vector<Scenario>, InputError> scenarios_of(const CampaignSpec& spec);

/// The options with which a shard of it is made, on one thread; every violation is told, as with `--all`.
HuntOptions hunt_options_of(const CampaignSpec& spec, Shard shard);

/// What decides the result, a line for each setting; two specs with the same lines are the same campaign.
std::string canonical_text(const CampaignSpec& spec, const std::vector<Scenario>& found);

}  // namespace lockstorm::scenarios
