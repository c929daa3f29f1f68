#include "cli/campaign/verified_report.hpp"

#include <fmt/format.h>

#include "cli/output_file.hpp"
#include "cli/results.hpp"
#include "cli/verify_all.hpp"
#include "reports/campaigns/shards_report.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/ci/verified_part.hpp"
#include "reports/text/text_report.hpp"
#include "scenarios/data/input_file.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;
using scenarios::ShardState;

std::expected<reports::VerifiedPart, InputError> read_verified(const std::string& file,
                                                               const scenarios::Scenario& scenario) {
  const auto text = read_input_file(file, scenarios::kPartFile);
  if (!text) return std::unexpected(text.error());
  auto part = reports::read_verified_part(*text);
  std::string wrong = part ? std::string() : part.error();
  if (part && part->fingerprint != fingerprint(scenario))
    wrong = "it is a part of another campaign: the scenario's fingerprint differs";
  if (wrong.empty()) return *std::move(part);
  return std::unexpected(InputError{{file, 0, 0},
                                    std::move(wrong),
                                    "what this campaign has written",
                                    "`lockstorm campaign run` makes it again"});
}

Global on_one_thread(const scenarios::CampaignSpec& spec) {
  Global global;
  global.jobs = 1;
  global.memory_bytes = spec.memory_bytes;
  return global;
}

}  // namespace

std::string verified_shard(const scenarios::Scenario& scenario, const scenarios::CampaignSpec& spec,
                           bool alone) {
  using enum scenarios::VerifyOptions::Mechanisms;
  const Global global = on_one_thread(spec);
  std::vector<scenarios::VerifyResult> results =
      verify_all({scenario}, global, "scenarios", {.mechanisms = alone ? named : simplest});
  scenarios::VerifyResult& result = results.front();
  if (alone) {
    std::vector<OpenQuestion> untried;
    for (scenarios::Counterexample& counterexample : result.counterexamples)
      untried.push_back({&result.scenario, &counterexample});
    try_changes(untried, global);
  }
  return reports::verified_part_text(result);
}

bool verified_part_is_whole(const std::string& file, const scenarios::Scenario& scenario) {
  return read_verified(file, scenario).has_value();
}

int report_verified(CampaignIndex& index, const std::vector<scenarios::Scenario>& found,
                    const Global& global) {
  const scenarios::CampaignProgress progress = index.progress();
  std::vector<scenarios::VerifyResult> summaries;
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  std::string text;
  auto verdict = scenarios::Verdict::held;
  for (const scenarios::ShardRow& shard : progress.shards) {
    if (shard.state != ShardState::done) {
      verdict = worse(verdict, scenarios::Verdict::unknown);
      continue;
    }
    auto part = read_verified(index.part_file(shard), found.at(shard.scenario));
    if (!part) return bad_input(part.error());
    verdict = worse(verdict, part->summary.verdict);
    text += (text.empty() ? "" : "\n\n") + part->text;
    results.push_back(std::move(part->result));
    summaries.push_back(std::move(part->summary));
  }
  if (found.size() > 1) text += "\n" + text_summary(summaries, stdout_style());
  print_error(reports::open_shards_text(progress));
  Results written(global);
  written.write(global.json_file, [&] {
    return reports::json_text(found.size() == 1 && results.size() == 1
                                  ? results.front()
                                  : nlohmann::ordered_json{{"results", std::move(results)}});
  });
  return written.end(text, exit_status(verdict));
}

}  // namespace lockstorm::cli
