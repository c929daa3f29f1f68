// `lockstorm audit PATH`: is this configuration's backend safe with N CI jobs?

#include "cli/command.hpp"
#include "cli/publish.hpp"
#include "cli/usage.hpp"
#include "cli/verify_waves.hpp"
#include "reports/advice/audit_advice.hpp"
#include "reports/campaigns/audit_report.hpp"
#include "scenarios/config/config_reader.hpp"
#include "scenarios/data/duration.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::cli {
namespace {

struct AuditArguments {
  std::string path;
  std::string tool;
  std::uint16_t jobs = 2;
  std::string lock_timeout = "0s";
  std::string runner = "ephemeral";
  std::string faults = "none,crash,interrupt,network,pause,operator";
  std::vector<std::string> settings;
  bool all = false;
  std::string html_file;
};

std::string must_be_adversities(const std::string& text) {
  const auto faults = scenarios::parse_adversities(text);
  return faults ? "" : faults.error();
}

std::string must_be_setting(const std::string& text) {
  // What was given is not repeated: it may be a value, and that a credential.
  const std::size_t name =
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
  return name != std::string::npos && name > 0 && text[name] == '=' ? ""
                                                                    : "what was given is not ARGUMENT=VALUE";
}

// The options as the audit takes them; each was checked when it was parsed.
scenarios::AuditOptions audit_options(const AuditArguments& options) {
  scenarios::AuditOptions result;
  if (!options.tool.empty())
    result.tool = options.tool == "opentofu" ? models::Dialect::opentofu : models::Dialect::terraform;
  result.jobs = options.jobs;
  result.runner =
      options.runner == "persistent" ? scenarios::Runner::persistent : scenarios::Runner::ephemeral;
  result.lock_timeout = scenarios::parse_duration(options.lock_timeout).value();
  result.faults = scenarios::parse_adversities(options.faults).value();
  for (const std::string& setting : options.settings) {
    const std::size_t equals = setting.find('=');
    result.settings[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  return result;
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

int run_audit(const AuditArguments& options, const Global& global) {
  using Mechanisms = scenarios::VerifyOptions::Mechanisms;
  const scenarios::AuditOptions asked = audit_options(options);
  const auto configuration = scenarios::read_terraform_configuration(options.path, asked.tool);
  if (!configuration) return bad_input(configuration.error());
  auto plan = scenarios::plan_audit(*configuration, asked);
  if (!plan) return bad_input(plan.error());
  if (const auto error = check_published(global, {options.html_file}, configuration->files))
    return bad_input(*error);

  reports::AuditAnswer answer{options.path, std::move(*plan), {}, {}, {}};
  answer.results = std::move(verify_in_waves({&answer.plan.configurations}, global, Again::by_another_cause,
                                             options.all ? Mechanisms::told : Mechanisms::named)
                                 .front());
  answer.findings = conclude_audit(answer.results);
  const std::vector<OpenQuestion> shown = told_in_full(answer);
  complete_stories(shown, global);
  try_changes(shown, global);
  answer.advice = reports::audit_advice({answer.plan, *configuration, answer.findings, answer.results});
  Results written(global);
  written.write(global.json_file, [&] { return json_audit(answer); });
  const auto backend_block = [&](const scenarios::Scenario&) -> std::optional<scenarios::SourceLocation> {
    if (answer.plan.where.file.empty()) return std::nullopt;
    return answer.plan.where;
  };
  publish(written, global, first_of_each(answer.results), backend_block);
  written.write(options.html_file, [&] { return reports::html_audit(answer); });
  return written.end(text_audit(answer, stdout_style()),
                     exit_status(scenarios::audit_verdict(answer.results)));
}

}  // namespace

Action add_audit(CommandLine command) {
  auto options = std::make_shared<AuditArguments>();
  command.add_option("PATH", options->path, "A directory with *.tf files, or one such file").required();
  command
      .add_option("--tool", options->tool,
                  "terraform or opentofu (default: opentofu if there are .tofu files)")
      .one_of({"terraform", "opentofu"})
      .type_name("TOOL");
  command.add_option("--jobs-in-ci", options->jobs, "CI jobs at once, 1 to 6 (default 2)")
      .type_name("N")
      .check(whole_number(1, 6));
  command
      .add_option("--lock-timeout", options->lock_timeout,
                  "What jobs pass as -lock-timeout, e.g. 5m (default 0s)")
      .type_name("DURATION")
      .check(must_be_duration);
  command
      .add_option("--runner", options->runner,
                  "What jobs run on: ephemeral, so that an errored.tfstate goes with its job (default), or "
                  "persistent")
      .one_of({"ephemeral", "persistent"})
      .type_name("RUNNER");
  command
      .add_option("--faults", options->faults,
                  "What to expect of the world besides no fault at all (default: all): "
                  "none,crash,interrupt,network,pause,operator")
      .type_name("KINDS")
      .check(must_be_adversities);
  command
      .add_option("--set", options->settings,
                  "A backend argument that comes from -backend-config, e.g. use_lockfile=true")
      .type_name("ARGUMENT=VALUE")
      .repeatable()
      .check(must_be_setting);
  command.add_flag(
      "--all", options->all,
      "Tell a counterexample for each mechanism that violates a property, not just the simplest");
  add_html_option(command, options->html_file);
  return [options](const Global& global) { return run_audit(*options, global); };
}

}  // namespace lockstorm::cli
