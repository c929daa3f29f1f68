// `lockstorm simulate SCENARIO`: one random run on live processes, free or in virtual time.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/live_run.hpp"
#include "cli/publish.hpp"
#include "cli/random.hpp"
#include "cli/results.hpp"
#include "cli/usage.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/contend/timeline_report.hpp"
#include "reports/format/layout.hpp"
#include "reports/story/words.hpp"
#include "reports/text/step_table.hpp"
#include "reports/text/text_report.hpp"
#include "scenarios/contend/contend.hpp"
#include "scenarios/data/fnv1a.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/search/limits.hpp"
#include "scenarios/story/tell.hpp"
#include "scenarios/timed/day.hpp"

namespace lockstorm::cli {
namespace {

std::string json_of(const scenarios::VerifyResult& result, const LiveRun& run,
                    const scenarios::Counterexample& told, std::uint64_t seed) {
  nlohmann::ordered_json json = reports::json_result(result, "simulate");
  json["seed"] = seed;
  json["replay"] = told.replay;
  json["trace"] = scenarios::hex(run.trace_hash);
  json["finished"] = run.finished;
  json["ending"] = run.ending;
  return reports::json_text(json);
}

struct SimulateArguments {
  std::string reference;
  bool timed = false;
  std::uint64_t run = 1;
  std::string html_file;
};

// A run that was cut off is unknown, whatever it has kept so far.
scenarios::Verdict verdict_of_day(const scenarios::TimedWorld& world, const scenarios::RunFigures& run) {
  const bool is_violated = std::ranges::any_of(
      world.world->applicable, [&](checkers::Property property) { return run.breaches[property].count > 0; });
  if (is_violated) return scenarios::Verdict::violated;
  return run.stuck ? scenarios::Verdict::unknown : scenarios::Verdict::held;
}

int run_in_virtual_time(const scenarios::Scenario& scenario, const SimulateArguments& options,
                        const Global& global) {
  const auto world = scenarios::timed_world(scenario);
  if (!world) return bad_input(world.error());
  const scenarios::DayOptions day{.seed = global.seed, .run = options.run - 1, .keeps_spans = true};
  const scenarios::RunFigures run = scenarios::run_day(*world, day);
  Results written(global);
  written.write(global.json_file,
                [&] { return reports::json_text(reports::timeline_json(*world, run, day)); });
  written.write(global.published.perfetto, [&] { return reports::timeline_perfetto(run); });
  written.write(options.html_file, [&] { return reports::timeline_html(*world, run, day); });
  return written.end(reports::timeline_text(*world, run, day, stdout_style()),
                     exit_status(verdict_of_day(*world, run)));
}

int run_simulate(const SimulateArguments& options, const Global& global) {
  const auto scenario = scenarios::find_scenario(options.reference);
  if (!scenario) return bad_input(scenario.error());
  if (const auto error = check_published(global, {options.html_file}, {scenario->file}))
    return bad_input(*error);
  if (options.timed) return run_in_virtual_time(*scenario, options, global);
  if (options.run != 1) {
    print_error("lockstorm: --run names one of the runs in virtual time that `contend` makes: --timed\n");
    return scenarios::kExitUsage;
  }
  if (!options.html_file.empty() || !global.published.perfetto.empty()) {
    print_error("lockstorm: `simulate` draws only runs in virtual time: --timed\n");
    return scenarios::kExitUsage;
  }
  const auto world = scenarios::build_world(*scenario);
  Random random(global.seed);
  const LiveRun live = run_live(
      *world, [&](std::uint32_t bound) { return random.below(bound); },
      scenarios::limits::kStepsOfASimulation);
  const auto told = scenarios::tell(*scenario, *world, live.schedule);
  if (!told) {
    print_error(fmt::format("lockstorm: the same choices led elsewhere the second time: {}\n",
                            scenarios::printable(told.error())));
    return exit_status(scenarios::Verdict::nondeterministic);
  }
  const scenarios::VerifyResult result =
      as_result(*scenario, live, *told, "one random run: shows what can happen, proves nothing");
  const reports::Style style = stdout_style();
  std::string text = fmt::format("{}, seed {}\n", scenarios::printable(scenario->name), global.seed);
  text += reports::paragraph(scenarios::summary(*scenario), style) + "\n";
  text += reports::step_table(*told, reports::Rows::all, style) + "\n" + ending_text(live);
  text += fmt::format("\n{}\n", reports::replay_command(*scenario, told->replay));
  text += reports::paragraph(reports::bounds_text(*scenario) + "; one random run, no proof", style, 10,
                             "Bounds:");
  Results written(global);
  written.write(global.json_file, [&] { return json_of(result, live, *told, global.seed); });
  return written.end(text, exit_status(result.verdict));
}

}  // namespace

Action add_simulate(CommandLine command) {
  auto options = std::make_shared<SimulateArguments>();
  command.add_option("SCENARIO", options->reference, "YAML file or library name").required();
  command.add_flag("--timed", options->timed,
                   "In virtual time: jobs start and calls take as long as the scenario's `time` says");
  command
      .add_option("--run", options->run,
                  "With --timed: run N of those that `contend` makes with the same seed (default 1)")
      .type_name("N")
      .check(whole_number(1, scenarios::kMostContendRuns));
  add_html_option(command, options->html_file);
  return [options](const Global& global) { return run_simulate(*options, global); };
}

}  // namespace lockstorm::cli
