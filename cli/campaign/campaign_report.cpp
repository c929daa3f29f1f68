#include "cli/campaign/campaign_report.hpp"

#include <fmt/format.h>

#include "cli/campaign/verified_report.hpp"
#include "cli/hunt_results.hpp"
#include "cli/joined_parts.hpp"
#include "cli/publish.hpp"
#include "reports/campaigns/shards_report.hpp"
#include "scenarios/search/limits.hpp"
#include "scenarios/search/search_memory.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::HuntResult;
using scenarios::InputError;
using scenarios::ShardRow;
using scenarios::ShardState;

// Nothing is known of any of its runs.
HuntResult of_no_part(const scenarios::Scenario& scenario, const scenarios::CampaignSpec& spec) {
  HuntResult none;
  none.result.scenario = scenario;
  none.seed = spec.seed;
  none.joined = spec.shards;
  for (unsigned number = 0; number < spec.shards; ++number) none.missing.push_back(number);
  conclude(none, *scenarios::build_world(scenario), 1);
  return none;
}

class CampaignReporter {
 public:
  CampaignReporter(CampaignIndex& index, std::vector<scenarios::Scenario> found)
      : index_(index), scenarios_(std::move(found)), progress_(index.progress()) {}

  [[nodiscard]] const scenarios::CampaignProgress& progress() const { return progress_; }

  std::expected<std::vector<HuntResult>, InputError> results() {
    std::vector<HuntResult> all;
    for (std::size_t i = 0; i < scenarios_.size(); ++i) {
      auto result = result_of(i);
      if (!result) return std::unexpected(std::move(result).error());
      all.push_back(*std::move(result));
    }
    return all;
  }

 private:
  std::expected<HuntResult, InputError> result_of(std::size_t scenario) {
    std::vector<std::string> files;
    for (const ShardRow& shard : progress_.shards) {
      if (shard.scenario == scenario && shard.state == ShardState::done)
        files.push_back(index_.part_file(shard));
    }
    if (files.empty()) return of_no_part(scenarios_[scenario], index_.spec());
    const auto parts = read_part_files(files);
    if (!parts) return std::unexpected(parts.error());
    if (parts->front().fingerprint != fingerprint(scenarios_[scenario]))
      return std::unexpected(
          InputError{{files.front(), 0, 0},
                     "it is a part of another campaign: the scenario's fingerprint differs",
                     "what this campaign has written",
                     "`lockstorm campaign run` makes it again"});
    const std::size_t states =
        scenarios::states_within(index_.spec().memory_bytes / 2, scenarios::limits::kCalmStatesOfAHunt);
    return join_parts(*parts, files, scenarios_[scenario], JoinedAsOne{states});
  }

  CampaignIndex& index_;
  std::vector<scenarios::Scenario> scenarios_;
  scenarios::CampaignProgress progress_;
};

}  // namespace

bool part_is_whole(CampaignIndex& index, const ShardRow& shard,
                   const std::vector<scenarios::Scenario>& found) {
  if (index.spec().kind == scenarios::CampaignKind::verify)
    return verified_part_is_whole(index.part_file(shard), found.at(shard.scenario));
  const auto part = read_part_file(index.part_file(shard));
  return part && part->fingerprint == fingerprint(found.at(shard.scenario)) &&
         part->hunted.shard.number == shard.number && part->hunted.shard.count == shard.count;
}

std::string unwritten_files(const CampaignIndex& index, const Global& global, const std::string& html_file) {
  const PublishedFiles& files = global.published;
  const bool only_json = files.junit.empty() && files.sarif.empty() && files.markdown.empty() &&
                         files.perfetto.empty() && files.badge.empty() && html_file.empty();
  if (index.spec().kind == scenarios::CampaignKind::hunt || only_json) return {};
  return "a campaign that verifies writes --json and the report, and no other file";
}

int report_campaign(CampaignIndex& index, const Global& global, const std::string& html_file) {
  auto found = index.scenarios();
  if (!found) return bad_input(found.error());
  if (const auto error = check_published(global, {html_file}, files_of(*found))) return bad_input(*error);
  if (index.spec().kind == scenarios::CampaignKind::verify) return report_verified(index, *found, global);
  CampaignReporter reporter(index, *std::move(found));
  const auto results = reporter.results();
  if (!results) return bad_input(results.error());
  print_error(reports::open_shards_text(reporter.progress()));
  for (const ShardRow& shard : reporter.progress().shards) {
    if (shard.state == ShardState::done) continue;
    for (const std::filesystem::path& found : index.found_folders(shard))
      print_error(fmt::format("lockstorm: what shard {} had found is in {}, for `lockstorm replay`\n",
                              shard.id, scenarios::printable(found.string())));
  }
  auto verdict = scenarios::Verdict::held;
  for (const HuntResult& result : *results) verdict = worse(verdict, result.result.verdict);
  return write_hunts(*results, global, html_file, exit_status(verdict));
}

}  // namespace lockstorm::cli
