// `lockstorm merge FILE...`: the parts of a campaign as if one process had made it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/publish.hpp"
#include "cli/usage.hpp"
#include "reports/campaigns/hunt_report.hpp"
#include "reports/ci/campaign_part.hpp"
#include "reports/ci/json_report.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/search/needed_clients.hpp"
#include "scenarios/search/tell_showing.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::cli {
namespace {

using reports::CampaignPart;
using scenarios::HuntResult;
using scenarios::InputError;

struct MergeArguments {
  std::vector<std::string> files;
  std::string scenario;
};

InputError wrong(const std::string& file, std::string what, std::string advice = {}) {
  return {{file, 0, 0}, std::move(what), std::string(scenarios::kPartFile.expected), std::move(advice)};
}

std::expected<CampaignPart, InputError> read_part(const std::string& file) {
  const auto text = read_input_file(file, scenarios::kPartFile);
  if (!text) return std::unexpected(text.error());
  auto part = reports::read_part(*text);
  if (!part) return std::unexpected(wrong(file, std::move(part).error()));
  return *std::move(part);
}

// All parts, each once, and all of one campaign.
std::expected<std::vector<CampaignPart>, InputError> read_all(const std::vector<std::string>& files) {
  std::vector<CampaignPart> parts;
  for (const std::string& file : files) {
    auto part = read_part(file);
    if (!part) return std::unexpected(std::move(part).error());
    if (!parts.empty()) {
      if (const std::string other = difference(*part, parts.front()); !other.empty())
        return std::unexpected(
            wrong(file, fmt::format("it is a part of another campaign than {}: {}", files.front(), other),
                  "make all parts with one command line"));
    }
    const unsigned number = part->hunted.shard.number;
    if (std::ranges::any_of(parts, [&](const CampaignPart& p) { return p.hunted.shard.number == number; }))
      return std::unexpected(wrong(file, fmt::format("part {} is there twice", number + 1)));
    parts.push_back(*std::move(part));
  }
  return parts;
}

std::expected<scenarios::Scenario, InputError> scenario_of_campaign(const CampaignPart& part,
                                                                    const MergeArguments& options) {
  auto scenario = scenarios::find_scenario(options.scenario.empty() ? part.reference : options.scenario);
  if (!scenario && options.scenario.empty()) {
    InputError error = scenario.error();
    error.hint =
        fmt::format("the campaign is about '{}'; --scenario FILE says where it is now", part.scenario);
    return std::unexpected(std::move(error));
  }
  if (!scenario) return scenario;
  if (fingerprint(*scenario) != part.fingerprint)
    return std::unexpected(InputError{
        {options.scenario.empty() ? part.reference : options.scenario, 0, 0},
        fmt::format("is not the scenario that the campaign was made with (fingerprint {:08x}, not {:08x})",
                    fingerprint(*scenario), part.fingerprint),
        "the same scenario in the same version",
        "make all parts again, or name the scenario with --scenario"});
  scenario->name = part.scenario;
  return scenario;
}

HuntResult join(const std::vector<CampaignPart>& parts) {
  const HuntResult& first = parts.front().hunted;
  HuntResult all;
  all.seed = first.seed;
  all.settings = first.settings;
  all.strategies = first.strategies;
  all.pct = first.pct;
  all.pct.runs.assign(first.pct.runs.size(), 0);
  all.joined = first.shard.count;
  std::vector<bool> have(all.joined);
  for (const CampaignPart& part : parts) {
    have[part.hunted.shard.number] = true;
    all.counts.join(part.hunted.counts);
    all.replayed = std::max(all.replayed, part.hunted.replayed);
    for (std::size_t depth = 0; depth < part.hunted.pct.runs.size(); ++depth)
      all.pct.runs[depth] += part.hunted.pct.runs[depth];
  }
  for (unsigned number = 0; number < all.joined; ++number) {
    if (!have[number]) all.missing.push_back(number);
  }
  return all;
}

// For each property the example of the earliest run of all parts.
std::optional<InputError> settle(HuntResult& joined, const std::vector<CampaignPart>& parts,
                                 const std::vector<std::string>& files, const scenarios::World& world) {
  std::vector<std::pair<reports::PartFind, const std::string*>> found;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (const reports::PartFind& find : parts[i].found) found.emplace_back(find, &files[i]);
  }
  std::ranges::stable_sort(found, {}, [](const auto& one) { return one.first.example.run; });
  scenarios::VerifyResult& result = joined.result;
  for (auto& [find, file] : found) {
    if (find.fingerprint != parts.front().fingerprint)
      return wrong(*file, "it found something in another version of the scenario");
    if (result.properties.contains(find.property)) continue;
    auto told = scenarios::tell_showing(result.scenario, world, find.property, find.schedule);
    if (!told) return wrong(*file, fmt::format("what it found is not found again: {}", told.error()));
    result.properties[find.property] = scenarios::Verdict::violated;
    told->decisive_step = find_decisive_step(world, find.property, find.schedule);
    find_needed_clients(result.scenario, world, scenarios::plain_world, *told);
    find.example.counterexample = result.counterexamples.size();
    joined.examples.push_back(find.example);
    result.counterexamples.push_back(std::move(*told));
  }
  conclude(joined, world);
  return std::nullopt;
}

int run_merge(const MergeArguments& options, const Global& global) {
  const auto parts = read_all(options.files);
  if (!parts) return bad_input(parts.error());
  const auto scenario = scenario_of_campaign(parts->front(), options);
  if (!scenario) return bad_input(scenario.error());
  std::vector<std::string> inputs = options.files;
  inputs.push_back(scenario->file);
  if (const auto error = check_published(global, {}, inputs)) return bad_input(*error);
  HuntResult joined = join(*parts);
  if (!joined.missing.empty()) {
    std::vector<unsigned> numbers;
    for (const unsigned number : joined.missing) numbers.push_back(number + 1);
    print_error(fmt::format("lockstorm: {} of {} parts are missing ({}): the report is of the others\n",
                            numbers.size(), joined.joined, fmt::join(numbers, ", ")));
  }
  joined.result.scenario = *scenario;
  const auto world = scenarios::build_world(*scenario);
  if (const auto error = settle(joined, *parts, options.files, *world)) return bad_input(*error);
  Results written(global);
  written.write(global.json_file, [&] { return reports::json_text(reports::hunt_json(joined)); });
  publish(written, global, {&joined.result, 1});
  return written.end(reports::hunt_text(joined, stdout_style()), exit_status(joined.result.verdict));
}

}  // namespace

Action add_merge(CommandLine command) {
  auto options = std::make_shared<MergeArguments>();
  command.add_option("FILE", options->files, "JSON of the shards").required();
  command.add_option("--scenario", options->scenario, "The scenario, where its file is elsewhere now")
      .type_name("SCENARIO")
      .check(must_not_be_empty);
  return [options](const Global& global) { return run_merge(*options, global); };
}

}  // namespace lockstorm::cli
