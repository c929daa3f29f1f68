// `lockstorm replay FILE-OR-STRING`: a counterexample again, with every step.
#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/live_run.hpp"
#include "cli/publish.hpp"
#include "cli/replay_subject.hpp"
#include "cli/usage.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/format/layout.hpp"
#include "reports/html/html_page.hpp"
#include "reports/story/narrative.hpp"
#include "reports/story/words.hpp"
#include "reports/text/step_table.hpp"
#include "scenarios/search/verify.hpp"
#include "scenarios/story/tell.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::Scenario;

struct ReplayArguments {
  std::string subject;
  std::string scenario;
  std::string html_file;
};

// A page also says when it was too late; the search for that is only made for it.
std::string page_of(scenarios::VerifyResult result, const scenarios::World& world,
                    const scenarios::Counterexample& told) {
  for (scenarios::Counterexample& violation : result.counterexamples)
    violation.decisive_step = find_decisive_step(world, violation.property, violation.schedule);
  return reports::html_replay(result, told);
}

int print_run(const Scenario& scenario, const scenarios::World& world, const scenarios::Counterexample& told,
              const LiveRun& live, const ReplayArguments& options, const Global& global) {
  const reports::Style style = stdout_style();
  std::string text = fmt::format("{}, replayed\n", scenarios::printable(scenario.name));
  text += reports::paragraph(scenarios::summary(scenario), style) + "\n";
  text += reports::step_table(told, reports::Rows::all, style) + "\n" + ending_text(live);
  for (const ViolatedAt& violated : live.violated) {
    scenarios::Counterexample counterexample = told;
    counterexample.property = violated.property;
    text += std::string(reports::headline_of(counterexample)) + "\n";
  }
  text += reports::paragraph(reports::bounds_text(scenario), style, 10, "Bounds:");
  const std::vector<scenarios::VerifyResult> results{as_result(scenario, live, told, "one replayed run")};
  Results written(global);
  written.write(global.json_file, [&] { return reports::json_report(results, "replay"); });
  publish(written, global, results);
  written.write(options.html_file, [&] { return page_of(results.front(), world, told); });
  return written.end(text, exit_status(results.front().verdict));
}

int run_replay(const ReplayArguments& options, const Global& global) {
  auto subject = read_replay_subject(options.subject, options.scenario);
  if (!subject) return bad_input(subject.error());
  const Scenario& scenario = subject->scenario;
  const sim::ReplayString& replay = subject->replay;
  if (const auto error = check_published(global, {options.html_file}, {options.subject, scenario.file}))
    return bad_input(*error);
  const auto world = scenarios::build_world(scenario);
  const auto told = scenarios::tell(scenario, *world, replay.schedule);
  if (!told)
    return bad_input({{"replay", 0, 0}, told.error(), "a string that this version of lockstorm printed", ""});
  std::size_t next = 0;
  const Chooser as_recorded = [&](std::uint32_t) -> std::optional<std::uint32_t> {
    return next < replay.schedule.size() ? std::optional(replay.schedule[next++].index) : std::nullopt;
  };
  return print_run(scenario, *world, *told, run_live(*world, as_recorded, replay.schedule.size()), options,
                   global);
}

}  // namespace

Action add_replay(CommandLine command) {
  auto options = std::make_shared<ReplayArguments>();
  command.add_option("REPLAY", options->subject, "The string LS1-..., or a file that holds one").required();
  command.add_option("--scenario", options->scenario, "The scenario it was found with, if not in the library")
      .type_name("SCENARIO")
      .check(must_not_be_empty);
  add_html_option(command, options->html_file);
  return [options](const Global& global) { return run_replay(*options, global); };
}

}  // namespace lockstorm::cli
