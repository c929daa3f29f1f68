// `lockstorm hunt SCENARIO...`: randomised search of worlds that are too large to exhaust.
#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/hunt_results.hpp"
#include "cli/publish.hpp"
#include "cli/shard.hpp"
#include "cli/usage.hpp"
#include "cli/verify_all.hpp"
#include "scenarios/data/duration.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/hunt/hunt.hpp"
#include "scenarios/search/expectation.hpp"

namespace lockstorm::cli {
namespace {

struct HuntArguments {
  std::vector<std::string> references;
  std::uint64_t runs = 0;
  std::string time;
  double confidence = 0;
  unsigned depth = 3;
  std::string corpus;
  bool all = false;
  bool expect = false;
  std::string shard;
  std::vector<std::string> strategies;
  std::string html_file;
};

std::string one_of_strategies(const std::string& name) {
  const sim::StreamPool none;
  if (scenarios::make_strategy(name, none)) return {};
  return fmt::format("{}: no such strategy; known are {}", name,
                     fmt::join(scenarios::strategy_names(true), ", "));
}

void print_line(const std::string& line) {
  print_error(fmt::format("lockstorm: {}\n", scenarios::printable(line)));
}

scenarios::HuntOptions hunt_options(const HuntArguments& options, const Global& global,
                                    scenarios::Shard shard) {
  scenarios::HuntOptions hunt;
  hunt.seed = global.seed;
  hunt.threads = global.threads();
  hunt.max_bytes = global.memory_bytes;
  hunt.all = options.all || options.expect;
  hunt.depth = options.depth;
  hunt.shard = shard;
  hunt.strategies = options.strategies;
  hunt.corpus = options.corpus;
  hunt.tell = print_line;
  if (options.runs > 0) hunt.runs = options.runs;
  if (!options.time.empty())
    hunt.time = std::chrono::ceil<std::chrono::seconds>(scenarios::parse_duration(options.time).value());
  if (options.confidence > 0) hunt.missed = 1 - options.confidence;
  auto shown = std::make_shared<std::chrono::steady_clock::time_point>(std::chrono::steady_clock::now());
  hunt.progress = [shown](std::uint64_t runs, std::size_t finds) {
    const auto now = std::chrono::steady_clock::now();
    if (now - *shown < std::chrono::seconds(5)) return;
    *shown = now;
    print_line(fmt::format("{} runs, {} violations", runs, finds));
  };
  return hunt;
}

// The verdict where it is not what the scenario expects, held where it is.
scenarios::Verdict as_expected(const scenarios::VerifyResult& result) {
  const std::vector<std::string> differences = unexpected_verdicts(result);
  for (const std::string& difference : differences)
    print_line(fmt::format("{}: not as expected: {}", result.scenario.name, difference));
  print_left_out(result);
  if (!differences.empty() || !result.scenario.expects_anything()) return scenarios::Verdict::violated;
  return verdict_as_expected(result);
}

int run_hunt(const HuntArguments& options, const Global& global) {
  const auto found = scenarios::find_scenarios(options.references);
  if (!found) return bad_input(found.error());
  const auto shard = read_shard(options.shard);
  if (!shard) {
    print_line(shard.error());
    return scenarios::kExitUsage;
  }
  if (const auto error = check_published(global, {options.html_file}, files_of(*found)))
    return bad_input(*error);

  std::vector<scenarios::HuntResult> hunts;
  auto verdict = scenarios::Verdict::held;
  for (const scenarios::Scenario& scenario : *found) {
    scenarios::HuntResult hunted = scenarios::hunt(scenario, hunt_options(options, global, *shard));
    verdict = worse(verdict, options.expect ? as_expected(hunted.result) : hunted.result.verdict);
    hunts.push_back(std::move(hunted));
  }
  return write_hunts(hunts, global, options.html_file, exit_status(verdict));
}

}  // namespace

Action add_hunt(CommandLine command) {
  auto options = std::make_shared<HuntArguments>();
  command.add_option("SCENARIO", options->references, "YAML files, library names, or globs of names")
      .required();
  command
      .add_option("--runs", options->runs,
                  fmt::format("Stop after N runs (default {})", scenarios::kDefaultRuns))
      .type_name("N")
      .check(whole_number(1, std::uint64_t{1} << 50U));
  command
      .add_option("--for", options->time,
                  "Stop after this time, e.g. 30s or 10m; how many runs fit depends on the machine")
      .type_name("TIME")
      .check(must_be_some_time);
  command
      .add_option("--confidence", options->confidence,
                  "Stop when a bug of --depth would have been found with this probability, e.g. 0.99")
      .type_name("P")
      .check(decimal_number(0.0000001, 0.9999999));
  command
      .add_option("--depth", options->depth,
                  "Ordering constraints and faults that such a bug needs (default 3)")
      .type_name("D")
      .check(whole_number(1, 64));
  command
      .add_option("--corpus", options->corpus,
                  "Directory of runs that did something: replayed first, added to")
      .type_name("DIR")
      .check(must_not_be_empty);
  command.add_flag("--all", options->all, "Go on after a violation and tell of every property");
  command.add_flag("--expect", options->expect,
                   "Succeed when every verdict is what the scenario's `expect` says; implies --all");
  command
      .add_option("--shard", options->shard, "Make only part K of N; `lockstorm merge` joins the parts' JSON")
      .type_name("K/N")
      .check(must_not_be_empty);
  command
      .add_option("--strategy", options->strategies,
                  "Only this strategy; may be repeated (default: all, by what pays)")
      .type_name("STRATEGY")
      .check(one_of_strategies);
  add_html_option(command, options->html_file);
  return [options](const Global& global) { return run_hunt(*options, global); };
}

}  // namespace lockstorm::cli
