// `lockstorm merge FILE...`: the parts of a campaign as if one process had made it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/joined_parts.hpp"
#include "cli/publish.hpp"
#include "cli/usage.hpp"
#include "reports/campaigns/hunt_report.hpp"
#include "reports/ci/campaign_part.hpp"
#include "reports/ci/json_report.hpp"
#include "scenarios/files/library.hpp"

namespace lockstorm::cli {
namespace {

using reports::CampaignPart;
using scenarios::InputError;

struct MergeArguments {
  std::vector<std::string> files;
  std::string scenario;
};

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

int run_merge(const MergeArguments& options, const Global& global) {
  const auto parts = read_part_files(options.files);
  if (!parts) return bad_input(parts.error());
  const auto scenario = scenario_of_campaign(parts->front(), options);
  if (!scenario) return bad_input(scenario.error());
  std::vector<std::string> inputs = options.files;
  inputs.push_back(scenario->file);
  if (const auto error = check_published(global, {}, inputs)) return bad_input(*error);
  const auto joined = join_parts(*parts, options.files, *scenario);
  if (!joined) return bad_input(joined.error());
  if (!joined->missing.empty()) {
    std::vector<unsigned> numbers;
    for (const unsigned number : joined->missing) numbers.push_back(number + 1);
    print_error(fmt::format("lockstorm: {} of {} parts are missing ({}): the report is of the others\n",
                            numbers.size(), joined->joined, fmt::join(numbers, ", ")));
  }
  Results written(global);
  written.write(global.json_file, [&] { return reports::json_text(reports::hunt_json(*joined)); });
  publish(written, global, {&joined->result, 1});
  return written.end(reports::hunt_text(*joined, stdout_style()), exit_status(joined->result.verdict));
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
