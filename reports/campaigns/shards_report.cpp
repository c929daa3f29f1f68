#include "reports/campaigns/shards_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "reports/format/layout.hpp"
#include "reports/format/version.hpp"
#include "scenarios/data/input_error.hpp"
#include "scenarios/data/timestamp.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::CampaignProgress;
using scenarios::ShardRow;
using scenarios::ShardState;

constexpr std::size_t kLabels = 12;

std::string name_of(const CampaignProgress& progress, const ShardRow& shard) {
  return fmt::format("{} ({} {} of {})", shard.id,
                     scenarios::printable(progress.scenarios.at(shard.scenario)), shard.number + 1,
                     shard.count);
}

std::string whole_seconds(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

double mean_seconds(const CampaignProgress& progress) {
  double sum = 0;
  for (const ShardRow& shard : progress.shards) sum += shard.state == ShardState::done ? shard.seconds : 0;
  return sum / static_cast<double>(std::max<std::size_t>(progress.count(ShardState::done), 1));
}

// As long as those that are done have taken, shared by as many as are at work; nothing: nobody is, or no
// shard is done yet.
std::optional<double> seconds_left(const CampaignProgress& progress) {
  const std::size_t running = progress.count(ShardState::running);
  if (running == 0 || progress.count(ShardState::done) == 0) return std::nullopt;
  // Of those that run, half is done on average.
  const double open =
      static_cast<double>(progress.count(ShardState::todo)) + static_cast<double>(running) / 2;
  return mean_seconds(progress) * std::ceil(open / static_cast<double>(running));
}

// By another machine's clock, which may not be this one's: then it is not subtracted from it.
std::string running_since(const ShardRow& shard, std::chrono::sys_seconds now) {
  if (shard.since > now)
    return fmt::format("since {} by its clock, which is {} or more ahead of this one's",
                       scenarios::timestamp_text(shard.since),
                       whole_seconds(static_cast<double>((shard.since - now).count())));
  return fmt::format("for {}", whole_seconds(static_cast<double>((now - shard.since).count())));
}

std::string line_of(const CampaignProgress& progress, const ShardRow& shard) {
  std::string text = name_of(progress, shard);
  if (shard.state == ShardState::running)
    text += fmt::format(" on {}, process {}, {}", scenarios::printable(shard.owner.host), shard.owner.process,
                        running_since(shard, progress.now));
  if (shard.failures > 0)
    text += fmt::format("{}; {}: {}", shard.state == ShardState::failed ? ", left" : "",
                        counted(shard.failures, "failed attempt"), scenarios::printable(shard.why));
  return text;
}

std::string lines_of(const CampaignProgress& progress, ShardState state, std::string_view label,
                     const Style& style) {
  std::string out;
  for (const ShardRow& shard : progress.shards) {
    if (shard.state != state || (state == ShardState::todo && shard.failures == 0)) continue;
    out += paragraph(line_of(progress, shard), style, kLabels, out.empty() ? label : "");
  }
  return out;
}

std::string first_line(const CampaignProgress& progress) {
  std::string text = fmt::format("{} of {} done", progress.count(ShardState::done),
                                 counted(progress.shards.size(), "shard"));
  for (const ShardState state : {ShardState::running, ShardState::todo, ShardState::failed}) {
    if (const std::size_t n = progress.count(state); n > 0)
      text += fmt::format(", {} {}", n, scenarios::kShardStates[static_cast<std::size_t>(state)]);
  }
  return text;
}

}  // namespace

std::string shards_text(const CampaignProgress& progress, const Style& style) {
  std::string out = paragraph(first_line(progress), style, kLabels, "Campaign:");
  if (progress.count(ShardState::done) > 0)
    out += paragraph(fmt::format("{} for a shard on average", whole_seconds(mean_seconds(progress))), style,
                     kLabels, "Time:");
  if (const auto left = seconds_left(progress))
    out += paragraph(fmt::format("about {} at this rate, with {} at work", whole_seconds(*left),
                                 progress.count(ShardState::running)),
                     style, kLabels, "Left:");
  out += lines_of(progress, ShardState::running, "Running:", style);
  out += lines_of(progress, ShardState::todo, "Again:", style);
  out += lines_of(progress, ShardState::failed, "Failed:", style);
  for (const scenarios::SubmittedJob& job : progress.jobs)
    out += paragraph(fmt::format("{} job {}: {}", scenarios::printable(job.system),
                                 scenarios::printable(job.job), scenarios::printable(job.does)),
                     style, kLabels, "Submitted:");
  return out;
}

nlohmann::ordered_json shards_json(const CampaignProgress& progress) {
  nlohmann::ordered_json json{{"lockstorm", kVersion}, {"campaign", progress.folder}};
  for (std::size_t state = 0; state < scenarios::kShardStates.size(); ++state)
    json[std::string(scenarios::kShardStates[state])] = progress.count(static_cast<ShardState>(state));
  const auto left = seconds_left(progress);
  json["seconds_left"] = left ? nlohmann::ordered_json(std::llround(*left)) : nlohmann::ordered_json(nullptr);
  nlohmann::ordered_json shards = nlohmann::ordered_json::array();
  for (const ShardRow& shard : progress.shards) {
    nlohmann::ordered_json one{{"shard", shard.id},
                               {"scenario", progress.scenarios.at(shard.scenario)},
                               {"part", shard.number + 1},
                               {"parts", shard.count},
                               {"state", scenarios::kShardStates[static_cast<std::size_t>(shard.state)]},
                               {"failures", shard.failures}};
    if (shard.state == ShardState::running) {
      one["host"] = shard.owner.host;
      one["process"] = shard.owner.process;
      one["since"] = scenarios::timestamp_text(shard.since);
    }
    if (shard.state == ShardState::done) one["seconds"] = std::round(shard.seconds * 1e3) / 1e3;
    if (!shard.why.empty()) one["why"] = shard.why;
    shards.push_back(std::move(one));
  }
  json["shards"] = std::move(shards);
  nlohmann::ordered_json jobs = nlohmann::ordered_json::array();
  for (const scenarios::SubmittedJob& job : progress.jobs)
    jobs.push_back({{"system", job.system}, {"job", job.job}, {"does", job.does}});
  json["jobs"] = std::move(jobs);
  return json;
}

std::string open_shards_text(const CampaignProgress& progress) {
  std::string out;
  for (const ShardRow& shard : progress.shards) {
    if (shard.state != ShardState::failed) continue;
    out += fmt::format("lockstorm: shard {} has failed {} times and is left: {}\n", name_of(progress, shard),
                       shard.failures, scenarios::printable(shard.why));
  }
  const std::size_t open = progress.count(ShardState::todo) + progress.count(ShardState::running);
  if (open > 0)
    out += fmt::format("lockstorm: {} {} not done yet\n", counted(open, "shard"), open == 1 ? "is" : "are");
  if (!out.empty()) out += "lockstorm: the report is of the others\n";
  return out;
}

}  // namespace lockstorm::reports
