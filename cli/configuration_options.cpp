#include "cli/configuration_options.hpp"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>

#include "cli/audit_gate.hpp"
#include "cli/usage.hpp"
#include "scenarios/data/duration.hpp"
#include "scenarios/repository/backend_file.hpp"

namespace lockstorm::cli {
namespace {

std::string must_name_adversities(const std::string& text) {
  const auto faults = scenarios::parse_adversities(text);
  return faults ? "" : faults.error();
}

// Variables of the environment, of which readers look at those that the tools look at.
std::map<std::string, std::string> whole_environment() {
  std::map<std::string, std::string> found;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

void put_setting(std::map<std::string, std::string>& settings, const std::string& setting) {
  const std::size_t equals = setting.find('=');
  settings[setting.substr(0, equals)] = setting.substr(equals + 1);
}

// What to expect of the world: the command line, or else the policy, or else the defaults.
scenarios::AuditOptions expectations(const ConfigurationOptions& given, const scenarios::Policy& policy) {
  scenarios::AuditOptions audit;
  audit.tool = policy.tool;
  if (!given.tool.empty())
    audit.tool = given.tool == "terraform" ? models::Dialect::terraform : models::Dialect::opentofu;
  audit.jobs = given.jobs.value_or(policy.jobs.value_or(audit.jobs));
  audit.jobs_are_given = given.jobs || policy.jobs;
  audit.runner = policy.runner.value_or(audit.runner);
  if (given.runner)
    audit.runner =
        *given.runner == "persistent" ? scenarios::Runner::persistent : scenarios::Runner::ephemeral;
  audit.lock_timeout = policy.lock_timeout.value_or(audit.lock_timeout);
  audit.lock_timeout_is_given = given.lock_timeout || policy.lock_timeout;
  if (given.lock_timeout) audit.lock_timeout = scenarios::parse_duration(*given.lock_timeout).value();
  audit.faults = policy.faults.value_or(audit.faults);
  if (given.faults) audit.faults = scenarios::parse_adversities(*given.faults).value();
  audit.default_store = policy.store;
  audit.default_store_where = policy.store_where;
  return audit;
}

// The files first, so that --var wins.
scenarios::ReadOptions reading(const ConfigurationOptions& given, std::optional<models::Dialect> tool) {
  using Kind = scenarios::VariableFlag::Kind;
  scenarios::ReadOptions options;
  options.tool = tool;
  for (const std::string& file : given.variable_files) options.variables.push_back({Kind::file, file});
  for (const std::string& value : given.variables) options.variables.push_back({Kind::value, value});
  if (!given.no_environment) options.environment = whole_environment();
  return options;
}

}  // namespace

std::string must_set_an_argument(const std::string& text) {
  const std::size_t name =
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
  return name != std::string::npos && name > 0 && text[name] == '=' ? ""
                                                                    : "what was given is not ARGUMENT=VALUE";
}

std::string must_complete_a_block(const std::string& text) {
  return text.find('=') != std::string::npos ? must_set_an_argument(text) : must_be_file_name(text);
}

std::expected<scenarios::InventoryOptions, scenarios::InputError> inventory_options(
    const ConfigurationOptions& options, const BackendOptions& backend, const scenarios::Policy& policy) {
  scenarios::InventoryOptions result;
  scenarios::AuditOptions& audit = result.audit;
  audit = expectations(options, policy);
  for (const std::string& setting : backend.settings) put_setting(audit.settings, setting);
  for (const std::string& promise : backend.store) put_setting(audit.store, promise);
  for (const std::string& one : backend.backend_config) {
    if (one.find('=') != std::string::npos) {
      put_setting(audit.settings, one);
      continue;
    }
    auto file = scenarios::read_backend_file(one);
    if (!file) return std::unexpected(file.error());
    for (auto& [name, attribute] : *file) {
      audit.settings.erase(name);
      result.completed_with.insert_or_assign(name, std::move(attribute));
    }
  }
  result.walk = {reading(options, audit.tool), options.excluded, options.modules};
  std::ranges::move(excluded_by(policy), std::back_inserter(result.walk.excluded));
  return result;
}

void add_reading_options(CommandLine command, ConfigurationOptions& options) {
  command
      .add_option("--tool", options.tool,
                  "terraform or opentofu (default: what the configuration and the files beside it say)")
      .one_of({"terraform", "opentofu", "tofu"})
      .type_name("TOOL");
  command.add_option("--var", options.variables, "The value of a variable, as in `terraform plan -var`")
      .type_name("NAME=VALUE")
      .repeatable()
      .check(must_set_an_argument);
  command.add_option("--var-file", options.variable_files, "A file with values of variables; --var wins")
      .type_name("FILE")
      .repeatable()
      .check(must_be_file_name);
  command.add_flag(
      "--no-env", options.no_environment,
      "Do not read the environment: neither TF_VAR_*, TF_CLI_ARGS* and TF_WORKSPACE, nor arguments "
      "of backends, nor what get_env() names");
}

void add_job_options(CommandLine command, ConfigurationOptions& options) {
  command.add_option("--jobs-in-ci", options.jobs, "CI jobs at once, 1 to 6 (default 2)")
      .type_name("N")
      .check(whole_number(1, 6));
  command
      .add_option("--lock-timeout", options.lock_timeout,
                  "What jobs pass as -lock-timeout, e.g. 5m (default: what TF_CLI_ARGS or Terragrunt say, "
                  "else 0s)")
      .type_name("DURATION")
      .check(must_be_duration);
  command
      .add_option("--runner", options.runner,
                  "What jobs run on: ephemeral, so that an errored.tfstate goes with its job (default), or "
                  "persistent")
      .one_of({"ephemeral", "persistent"})
      .type_name("RUNNER");
  command
      .add_option("--faults", options.faults,
                  "What to expect of the world besides no fault at all (default: all): "
                  "none,crash,interrupt,network,pause,operator")
      .type_name("KINDS")
      .check(must_name_adversities);
}

void add_walk_options(CommandLine command, ConfigurationOptions& options) {
  command
      .add_option("--exclude", options.excluded,
                  "Leave out directories of this name, or with this path below PATH; * and ? as in a shell")
      .type_name("GLOB")
      .repeatable()
      .check(must_not_be_empty);
  command.add_flag("--modules", options.modules,
                   "Take every directory with configuration, also what looks like a module (local state)");
}

}  // namespace lockstorm::cli
