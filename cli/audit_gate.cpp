#include "cli/audit_gate.hpp"

#include "cli/clock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <system_error>

#include "cli/command.hpp"
#include "cli/usage.hpp"
#include "scenarios/data/date.hpp"
#include "scenarios/gate/ignores.hpp"
#include "scenarios/gate/policy_file.hpp"

namespace lockstorm::cli {
namespace {

namespace fs = std::filesystem;
using scenarios::InputError;

// What the parser gives a flag that stands without a value.
constexpr std::string_view kBesidePolicy = "true";

std::string must_be_fail_on(const std::string& text) {
  const auto fail_on = scenarios::parse_fail_on(text);
  return fail_on ? "" : fmt::format("'{}' is not {}", text, fail_on.error());
}

std::string must_be_date(const std::string& text) {
  const auto date = scenarios::parse_date(text);
  return date ? "" : fmt::format("'{}' is not {}", text, date.error());
}

// --as-of takes its place.
std::chrono::year_month_day today_utc() { return std::chrono::floor<std::chrono::days>(time_now()); }

// The default name beside the policy, or where the command runs.
fs::path default_baseline(const scenarios::Policy& policy) {
  return (policy.directory / scenarios::kBaselineName).lexically_normal();
}

// That the run goes by; empty: none.
std::string baseline_read(const scenarios::Policy& policy, const GateArguments& arguments) {
  if (!arguments.baseline.empty()) return arguments.baseline;
  return policy.baseline.empty() ? "" : (policy.directory / policy.baseline).lexically_normal().string();
}

std::string baseline_written(const scenarios::Policy& policy, const GateArguments& arguments) {
  if (arguments.write_baseline != kBesidePolicy) return arguments.write_baseline;
  const std::string read = baseline_read(policy, arguments);
  return read.empty() ? default_baseline(policy).string() : read;
}

std::pair<std::string, std::string> key_of(const scenarios::AuditedState& state) {
  return {state.directory.string(), state.completed_by};
}

}  // namespace

void add_gate_options(CommandLine& command, GateArguments& arguments) {
  const Declared config =
      command
          .add_option(
              "--config", arguments.config,
              "The policy to go by (default: the nearest .lockstorm.yaml, from PATH up to the root of "
              "its repository)")
          .type_name("FILE")
          .check(must_be_file_name);
  command.add_flag("--no-config", arguments.no_config, "Go by no policy").excludes(config);
  command
      .add_option(
          "--fail-on", arguments.fail_on,
          "From which grade on a finding fails: info, low, medium, high (default), critical; or never")
      .type_name("GRADE")
      .check(must_be_fail_on);
  command
      .add_option("--baseline", arguments.baseline,
                  "What is known already, as --write-baseline wrote it: only what is new fails")
      .type_name("FILE")
      .check(must_be_file_beside_report);
  command.add_flag_with_value(
      "--write-baseline", arguments.write_baseline,
      "Write what was found to a baseline, so that only what is new fails from now on; "
      "--write-baseline=FILE (default: .lockstorm-baseline.json beside the policy)");
  command
      .add_option("--as-of", arguments.as_of,
                  "The day that decides which acceptances have expired (default: today, UTC)")
      .type_name("YYYY-MM-DD")
      .check(must_be_date);
}

std::expected<scenarios::Policy, InputError> policy_for(std::span<const fs::path> paths,
                                                        const GateArguments& arguments) {
  if (arguments.no_config) return scenarios::Policy{};
  if (!arguments.config.empty()) return scenarios::read_policy(arguments.config);
  std::optional<fs::path> first;
  for (const fs::path& path : paths) {
    const auto found = scenarios::find_policy(path);
    if (!found) return std::unexpected(found.error());
    if (&path == &paths.front()) first = *found;
    std::error_code error;
    const bool is_same = *found == first || (*found && first && fs::equivalent(**found, *first, error));
    if (!is_same) {
      return std::unexpected(
          InputError{{path.string(), 0, 0},
                     fmt::format("another policy holds for it than for {}: {} and {}", paths.front().string(),
                                 *found ? (*found)->string() : "none", first ? first->string() : "none"),
                     "paths of one policy",
                     "audit them one after the other, or give one with --config"});
    }
  }
  return first ? scenarios::read_policy(*first) : scenarios::Policy{};
}

std::vector<std::string> excluded_by(const scenarios::Policy& policy) {
  std::vector<std::string> globs;
  std::error_code error;
  std::string begin;
  for (const char c : fs::weakly_canonical(policy.directory, error).string()) {
    if (std::string_view("*?[]\\").find(c) != std::string_view::npos) begin += '\\';
    begin += c;
  }
  for (std::string glob : policy.exclude) {
    while (glob.ends_with('/') && glob.size() > 1) glob.pop_back();
    if (glob.starts_with("./")) glob.erase(0, 2);
    globs.push_back(glob.find('/') == std::string::npos ? glob : fmt::format("{}/{}", begin, glob));
  }
  return globs;
}

std::expected<AuditGate, InputError> AuditGate::open(const scenarios::Policy& policy,
                                                     const GateArguments& arguments,
                                                     std::span<const fs::path> audited,
                                                     scenarios::Adversities faults) {
  AuditGate gate;
  gate.audited_.assign(audited.begin(), audited.end());
  gate.faults_ = faults;
  gate.rules_.fail_on = arguments.fail_on.empty() ? policy.fail_on.value_or(scenarios::FailOn{})
                                                  : scenarios::parse_fail_on(arguments.fail_on).value();
  gate.rules_.policy_file = policy.file;
  gate.rules_.directory = policy.directory;
  gate.rules_.accept = policy.accept;
  gate.rules_.today = arguments.as_of.empty() ? today_utc() : scenarios::parse_date(arguments.as_of).value();
  std::string file = baseline_read(policy, arguments);
  if (!arguments.write_baseline.empty()) {
    // What is there stays as far as this run does not look for it; so it has to be read, whichever it is.
    gate.write_to_ = baseline_written(policy, arguments);
    std::error_code error;
    file = fs::exists(fs::symlink_status(gate.write_to_, error)) ? gate.write_to_ : "";
    if (file.empty()) gate.rules_.baseline = scenarios::Baseline{gate.write_to_, {}};
  }
  if (!file.empty()) {
    auto baseline = scenarios::read_baseline(file);
    if (!baseline) return std::unexpected(baseline.error());
    gate.rules_.baseline = *std::move(baseline);
  }
  return gate;
}

void AuditGate::read_ignores(scenarios::Inventory& inventory,
                             const std::optional<std::string>& standard_input) {
  for (const scenarios::SetUp& set_up : inventory.set_ups) {
    for (const scenarios::AuditedState& state : set_up.states) {
      const auto [entry, is_new] = ignores_.try_emplace(key_of(state));
      if (!is_new) continue;
      auto ignores = scenarios::ignores_of(state, standard_input);
      if (ignores) {
        entry->second = *std::move(ignores);
        continue;
      }
      // States that share a directory share its files.
      for (InputError& complaint : ignores.error()) {
        if (std::ranges::none_of(inventory.complaints, [&](const InputError& told) {
              return told.where == complaint.where && told.problem == complaint.problem;
            }))
          inventory.complaints.push_back(std::move(complaint));
      }
    }
  }
}

void AuditGate::read_ignores(const std::vector<std::string>& ci_files, std::vector<InputError>& complaints) {
  auto ignores = scenarios::ignores_in_ci_files(ci_files);
  if (ignores) {
    ignores_in_ci_ = *std::move(ignores);
  } else {
    std::ranges::move(ignores.error(), std::back_inserter(complaints));
  }
}

void AuditGate::judge_by(scenarios::Gate& gate, reports::RepositoryAnswer& answer) const {
  for (reports::AuditAnswer& one : answer.answers) {
    std::vector<scenarios::StateAtGate> states;
    for (const scenarios::AuditedState& state : one.states) {
      const auto ignores = ignores_.find(key_of(state));
      states.push_back(
          {&state, ignores == ignores_.end() ? std::vector<scenarios::Acceptance>{} : ignores->second});
    }
    one.standings = gate.judge(one.graded, states);
  }
  if (answer.pipeline)
    answer.pipeline->standings =
        gate.judge(answer.pipeline->answer.pipeline, answer.pipeline->findings, ignores_in_ci_);
  answer.gate = gate.report();
  // What could not be read may have what is missed here.
  if (!answer.complaints.empty()) answer.gate.gone.clear();
}

void AuditGate::judge(reports::RepositoryAnswer& answer) {
  scenarios::Gate gate(rules_, audited_, faults_);
  judge_by(gate, answer);
  if (write_to_.empty() || !answer.complaints.empty()) return;
  const std::set<scenarios::KnownFinding> known = gate.all_known();
  baseline_text_ = scenarios::baseline_text(known);
  rules_.baseline = scenarios::Baseline{write_to_, {}};
  for (const scenarios::KnownFinding& one : known)
    rules_.baseline->findings.emplace(one, scenarios::SourceLocation{write_to_, 0, 0});
  scenarios::Gate again(rules_, audited_, faults_);
  judge_by(again, answer);
  answer.gate.written = known.size();
}

void AuditGate::write_baseline(Results& written, const reports::RepositoryAnswer& answer) const {
  if (write_to_.empty()) return;
  if (answer.complaints.empty()) {
    written.write(write_to_, [this] { return baseline_text_; });
  } else {
    written.add(InputError{{write_to_, 0, 0},
                           "the baseline is not written: not everything could be answered for",
                           "a run without complaints",
                           ""});
  }
}

std::vector<std::string> AuditGate::files_read() const {
  std::vector<std::string> files;
  if (!rules_.policy_file.empty()) files.push_back(rules_.policy_file);
  // One that is written anew may be read first.
  if (rules_.baseline && rules_.baseline->file != write_to_) files.push_back(rules_.baseline->file);
  return files;
}

}  // namespace lockstorm::cli
