// The gate of `audit`: the policy that holds for a run, the baseline, and how the run ends.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/results.hpp"
#include "reports/campaigns/audit_answer.hpp"
#include "scenarios/campaigns/inventory.hpp"
#include "scenarios/gate/gate.hpp"

namespace lockstorm::cli {

/// What the command line says of it.
struct GateArguments {
  std::string config;
  bool no_config = false;
  std::string fail_on;
  std::string baseline;
  std::string write_baseline;  ///< empty: no; "true": where baselines are by default
  std::string as_of;
};

void add_gate_options(CommandLine& command, GateArguments& arguments);

/// The policy that holds for these paths; an empty one where there is none. Paths that lie in the reach of
/// different policies cannot be audited together.
std::expected<scenarios::Policy, scenarios::InputError> policy_for(
    std::span<const std::filesystem::path> paths, const GateArguments& arguments);

/// A policy's globs of directories, as a walk takes them.
std::vector<std::string> excluded_by(const scenarios::Policy& policy);

/// One run at the gate.
class AuditGate {
 public:
  /// Reads the baseline.
  static std::expected<AuditGate, scenarios::InputError> open(const scenarios::Policy& policy,
                                                              const GateArguments& arguments,
                                                              std::span<const std::filesystem::path> audited,
                                                              scenarios::Adversities faults);

  /// Reads the acceptances that stand in files of the states, and in what came from standard input; what is
  /// wrong with them is added to the inventory's complaints.
  void read_ignores(scenarios::Inventory& inventory, const std::optional<std::string>& standard_input);
  /// The same for those that stand in CI files.
  void read_ignores(const std::vector<std::string>& ci_files, std::vector<scenarios::InputError>& complaints);
  /// Says of every finding how it stands. With --write-baseline all of them are known then.
  void judge(reports::RepositoryAnswer& answer);
  /// Writes the baseline, if that was asked for and all was answered.
  void write_baseline(Results& written, const reports::RepositoryAnswer& answer) const;

  /// Files that are read, and the one that will be written; empty: none.
  [[nodiscard]] std::vector<std::string> files_read() const;
  [[nodiscard]] const std::string& file_to_write() const { return write_to_; }

 private:
  using State = std::pair<std::string, std::string>;  ///< its directory, and what completes it

  void judge_by(scenarios::Gate& gate, reports::RepositoryAnswer& answer) const;

  scenarios::GateRules rules_;
  std::vector<std::filesystem::path> audited_;
  scenarios::Adversities faults_ = scenarios::kAllAdversities;
  std::map<State, std::vector<scenarios::Acceptance>> ignores_;
  std::vector<scenarios::Acceptance> ignores_in_ci_;
  std::string write_to_;
  std::string baseline_text_;
};

}  // namespace lockstorm::cli
