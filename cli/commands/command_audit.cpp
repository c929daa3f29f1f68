// `lockstorm audit PATH`: is this configuration's backend safe with N CI jobs?
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <numeric>

#include "cli/audit_fix.hpp"
#include "cli/audit_gate.hpp"
#include "cli/command.hpp"
#include "cli/configuration_options.hpp"
#include "cli/pipeline_in_audit.hpp"
#include "cli/publish.hpp"
#include "cli/publish_audit.hpp"
#include "cli/usage.hpp"
#include "cli/verify_waves.hpp"
#include "reports/advice/audit_advice.hpp"
#include "reports/campaigns/audit_report.hpp"
#include "reports/campaigns/gate_words.hpp"
#include "scenarios/campaigns/inventory.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/gate/rule_ids.hpp"
#include "scenarios/pipeline/job_worlds.hpp"
#include "scenarios/pipeline/jobs_at_state.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;

struct AuditArguments {
  std::vector<std::string> paths;
  ConfigurationOptions configuration;
  BackendOptions given;
  bool details = false;
  bool quiet = false;
  std::string explain;
  bool all = false;
  bool no_pipeline = false;
  std::string html_file;
  AuditOutputs outputs;
  GateArguments gate;
  FixArguments fix;
};

std::string must_be_rule(const std::string& id) {
  const auto rule = scenarios::known_rule_id(id);
  return rule ? "" : rule.error();
}

// The counterexamples that people are shown, of which more is to be found out.
std::vector<OpenQuestion> told_in_full(reports::AuditAnswer& answer) {
  std::vector<OpenQuestion> shown;
  for (const scenarios::AuditFinding& finding : answer.findings) {
    for (const std::size_t number : reports::told_in_full(finding)) {
      scenarios::VerifyResult& result = answer.results[number];
      for (scenarios::Counterexample& found : result.counterexamples) {
        if (found.property == finding.property) shown.push_back({&result.scenario, &found});
      }
    }
  }
  return shown;
}

// Looked at before anything is read. A value with spaces that was not quoted has become several words, one of
// which may be a credential: then it is not repeated.
std::optional<InputError> path_that_is_none(const AuditArguments& arguments) {
  const BackendOptions& given = arguments.given;
  const bool may_be_value = !given.settings.empty() || !given.backend_config.empty() ||
                            !given.store.empty() || !arguments.configuration.variables.empty();
  for (std::size_t i = 0; i < arguments.paths.size(); ++i) {
    std::error_code error;
    if (scenarios::is_standard_input(arguments.paths[i]) ||
        std::filesystem::exists(arguments.paths[i], error))
      continue;
    const bool is_hidden = may_be_value && arguments.paths.size() > 1;
    return InputError{{is_hidden ? fmt::format("PATH {}", i + 1) : arguments.paths[i], 0, 0},
                      "no such file or directory",
                      "a configuration file or a directory",
                      is_hidden ? "a value with spaces needs quotes" : ""};
  }
  return std::nullopt;
}

InputError nothing_found(const AuditArguments& arguments, const scenarios::Inventory& inventory) {
  InputError error{{arguments.paths.front(), 0, 0},
                   "no root module is here: nothing to audit",
                   "a directory with a backend block, or one in which the tool is run",
                   ""};
  if (!inventory.left_out.empty()) {
    const scenarios::LeftOut& first = inventory.left_out.front();
    error.hint = fmt::format(
        "left out: {} ({}){}; --modules audits every directory with configuration, without a block for local "
        "state",
        first.directory.string(), first.why,
        inventory.left_out.size() > 1 ? fmt::format(" and {} more", inventory.left_out.size() - 1) : "");
  }
  return error;
}

std::vector<std::string> files_read_for(const scenarios::Inventory& inventory) {
  std::vector<std::string> files;
  for (const scenarios::SetUp& set_up : inventory.set_ups) {
    for (const scenarios::AuditedState& state : set_up.states)
      files.insert(files.end(), state.configuration.files.begin(), state.configuration.files.end());
  }
  return files;
}

// A change of one of the answers' set-ups, which is audited as a set-up of its own.
struct Attempt {
  std::size_t answer = 0;
  scenarios::PossibleChange change;
};

// The set-ups in which most is to be gained: trying takes several audits each.
std::vector<Attempt> attempts_for(const reports::RepositoryAnswer& answer, const AuditArguments& arguments) {
  constexpr std::size_t kSetUps = 4;
  std::vector<std::size_t> order(answer.answers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t i) { return answer.answers[i].graded.empty(); });
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](std::size_t i) { return answer.answers[i].graded.front().grade; });
  if (!arguments.details) order.resize(std::min(order.size(), kSetUps));
  std::vector<Attempt> attempts;
  for (const std::size_t i : order) {
    for (scenarios::PossibleChange& change : scenarios::possible_changes(answer.answers[i].plan))
      attempts.push_back({i, std::move(change)});
  }
  return attempts;
}

void try_improvements(reports::RepositoryAnswer& answer, const AuditArguments& arguments,
                      const Global& global) {
  std::vector<Attempt> attempts = attempts_for(answer, arguments);
  std::vector<std::vector<scenarios::Scenario>*> families;
  for (Attempt& attempt : attempts) families.push_back(&attempt.change.plan.configurations);
  const auto results = verify_in_waves(families, global, Again::by_another_cause);
  std::vector<scenarios::Improvement> found(attempts.size());
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    const reports::AuditAnswer& before = answer.answers[attempts[i].answer];
    const scenarios::AuditPlan& plan = attempts[i].change.plan;
    const auto after = scenarios::findings_of(plan, results[i], scenarios::conclude_audit(results[i]));
    found[i] = improvement_of(attempts[i].change, {before.plan, before.graded}, after);
  }
  for (std::size_t i = 0; i < attempts.size(); ++i)
    answer.answers[attempts[i].answer].improvements.push_back(std::move(found[i]));
  for (reports::AuditAnswer& one : answer.answers) one.improvements = ranked(std::move(one.improvements));
}

// Verifies all set-ups, and the worlds of jobs that meet, side by side.
reports::RepositoryAnswer answer_for(scenarios::Inventory inventory, std::vector<reports::MetJobs>& met,
                                     const AuditArguments& arguments, const Global& global) {
  using Mechanisms = scenarios::VerifyOptions::Mechanisms;
  reports::RepositoryAnswer answer{fmt::format("{}", fmt::join(arguments.paths, " ")),
                                   {},
                                   std::move(inventory.left_out),
                                   std::move(inventory.complaints),
                                   {},
                                   {}};
  const bool is_all = inventory.set_ups.size() == 1;
  for (scenarios::SetUp& set_up : inventory.set_ups) {
    std::string name = is_all ? answer.path : set_up.states.front().directory.string();
    answer.answers.push_back(
        {std::move(name), std::move(set_up.plan), std::move(set_up.states), {}, {}, {}, {}, {}, {}});
  }
  std::vector<std::vector<scenarios::Scenario>*> families;
  std::vector<reports::AuditAnswer*> verified;
  for (reports::AuditAnswer& one : answer.answers) verified.push_back(&one);
  for (reports::MetJobs& one : met) verified.push_back(&one.answer);
  for (reports::AuditAnswer* one : verified) families.push_back(&one->plan.configurations);
  auto results = verify_in_waves(families, global, Again::by_another_cause,
                                 arguments.all ? Mechanisms::told : Mechanisms::named);
  std::vector<OpenQuestion> shown;
  for (std::size_t i = 0; i < verified.size(); ++i) {
    reports::AuditAnswer& one = *verified[i];
    one.results = std::move(results[i]);
    one.findings = conclude_audit(one.results);
    one.graded = scenarios::findings_of(one.plan, one.results, one.findings);
    const std::vector<OpenQuestion> more = told_in_full(one);
    shown.insert(shown.end(), more.begin(), more.end());
  }
  complete_stories(shown, global);
  try_changes(shown, global);
  try_improvements(answer, arguments, global);
  for (reports::AuditAnswer& one : answer.answers)
    one.advice =
        reports::audit_advice({one.plan, one.states.front().configuration, one.findings, one.results});
  return answer;
}

std::string report_of(const reports::RepositoryAnswer& answer, const AuditArguments& arguments,
                      const reports::Style& style) {
  if (arguments.quiet) return quiet_repository(answer, style);
  if (!arguments.explain.empty()) return explain_repository(answer, arguments.explain, style);
  return arguments.details ? text_repository(answer, style) : screen_repository(answer, style);
}

int run_audit(const AuditArguments& arguments, const Global& global, const FixedRun& before = {}) {
  if (const auto none = path_that_is_none(arguments)) return bad_input(*none);
  const std::vector<std::filesystem::path> paths(arguments.paths.begin(), arguments.paths.end());
  const auto policy = policy_for(paths, arguments.gate);
  if (!policy) return bad_input(policy.error());
  auto options = inventory_options(arguments.configuration, arguments.given, *policy);
  if (!options) return bad_input(options.error());
  if (std::ranges::any_of(paths, scenarios::is_standard_input)) {
    auto text = scenarios::read_standard_input(scenarios::kConfigurationFile);
    if (!text) return bad_input(text.error());
    options->walk.read.standard_input = *std::move(text);
  }
  const auto pipeline = arguments.no_pipeline ? std::nullopt : pipeline_of(paths);
  if (pipeline) options->jobs_at = scenarios::pipeline::JobsAtState(*pipeline);
  auto gate = AuditGate::open(*policy, arguments.gate, paths, options->audit.faults);
  if (!gate) return bad_input(gate.error());
  scenarios::Inventory inventory = take_inventory(paths, *options);
  gate->read_ignores(inventory, options->walk.read.standard_input);
  if (pipeline) {
    std::ranges::copy(pipeline->complaints, std::back_inserter(inventory.complaints));
    gate->read_ignores(pipeline->files, inventory.complaints);
  }
  for (const InputError& complaint : inventory.complaints) bad_input(complaint);
  if (inventory.set_ups.empty())
    return inventory.complaints.empty() ? bad_input(nothing_found(arguments, inventory))
                                        : scenarios::kExitBadInput;
  scenarios::pipeline::JobWorlds worlds;
  if (pipeline) worlds = job_worlds(*pipeline, inventory);
  const std::size_t left_out = worlds.left_out;
  std::vector<reports::MetJobs> met = met_jobs(std::move(worlds), inventory);
  std::vector<std::string> read = files_read_for(inventory);
  if (pipeline) read.insert(read.end(), pipeline->files.begin(), pipeline->files.end());
  std::ranges::move(gate->files_read(), std::back_inserter(read));
  std::vector<std::string> own = arguments.outputs.files();
  own.push_back(arguments.html_file);
  own.push_back(gate->file_to_write());
  if (const auto error = check_published(global, own, read)) return bad_input(*error);
  reports::RepositoryAnswer answer = answer_for(std::move(inventory), met, arguments, global);
  answer.root = root_around(read);
  if (pipeline) {
    answer.pipeline = in_audit(*pipeline, paths);
    answer.pipeline->met = std::move(met);
    answer.pipeline->met_left_out = left_out;
    weigh_by_worlds(*answer.pipeline);
  }
  const FixedRun fixed = run_fixes(answer, arguments.fix, paths, global);
  if (fixed.is_written) {
    AuditArguments again = arguments;
    again.fix = {};
    return run_audit(again, global, fixed);
  }
  gate->judge(answer);
  Results written(global);
  written.write(global.json_file, [&] { return json_repository(answer); });
  publish_audit(written, global, arguments.outputs, answer);
  written.write(arguments.html_file, [&] { return html_repository(answer); });
  gate->write_baseline(written, answer);
  const bool is_complete = before.is_complete && fixed.is_complete;
  return written.end(before.told + fixed.told + report_of(answer, arguments, stdout_style()),
                     is_complete ? reports::exit_status(answer) : scenarios::kExitBadInput);
}

}  // namespace

Action add_audit(CommandLine command) {
  auto options = std::make_shared<AuditArguments>();
  command
      .add_option(
          "PATH", options->paths,
          "Directories, of which every root module below is audited, or files in root modules; - is one "
          "configuration file from standard input")
      .required();
  add_reading_options(command, options->configuration);
  add_job_options(command, options->configuration);
  add_walk_options(command, options->configuration);
  command
      .add_option("--set", options->given.settings,
                  "A backend argument that comes from -backend-config, e.g. use_lockfile=true")
      .type_name("ARGUMENT=VALUE")
      .repeatable()
      .check(must_set_an_argument);
  command
      .add_option("--backend-config", options->given.backend_config,
                  "What jobs pass to `init -backend-config`: a file, or ARGUMENT=VALUE")
      .type_name("FILE|ARGUMENT=VALUE")
      .repeatable()
      .check(must_complete_a_block);
  command
      .add_option("--store", options->given.store,
                  "What the store promises, as the `store` section of a scenario says it, e.g. "
                  "honours_if_none_match=false")
      .type_name("KEY=VALUE")
      .repeatable()
      .check(must_set_an_argument);
  command.add_flag("--details", options->details,
                   "Show each set-up in full: what was proved, every counterexample, all advice");
  command.add_flag("--quiet", options->quiet, "Print the verdict's line only");
  command.add_option("--explain", options->explain, "Show what the audit found of this rule, e.g. LS-S3-310")
      .type_name("RULE")
      .check(must_be_rule);
  command.add_flag(
      "--all", options->all,
      "Tell a counterexample for each mechanism that violates a property, not just the simplest");
  command.add_flag("--no-pipeline", options->no_pipeline,
                   "Do not read CI files: neither their hazards, nor what they say of jobs");
  add_gate_options(command, options->gate);
  add_fix_options(command, options->fix);
  add_html_option(command, options->html_file);
  add_audit_outputs(command, options->outputs);
  return [options](const Global& global) { return run_audit(*options, global); };
}

}  // namespace lockstorm::cli
