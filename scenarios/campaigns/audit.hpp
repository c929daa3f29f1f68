// From a Terraform/OpenTofu configuration to the scenarios that say whether it is safe, and from results to
// advice.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/config/config_reader.hpp"
#include "scenarios/data/adversity.hpp"
#include "scenarios/data/scenario.hpp"
#include "scenarios/search/verify_result.hpp"

namespace lockstorm::scenarios {

/// "none,crash,network,pause,operator", in any order; or why not. "none" is in every audit: it says nothing
/// but that the list is not empty.
std::expected<Adversities, std::string> parse_adversities(std::string_view text);

struct AuditOptions {
  std::optional<models::Dialect> tool;        ///< unset: opentofu if there is a .tofu file, else terraform
  std::uint16_t jobs = 2;                     ///< CI jobs at once, 1 to 6
  bool jobs_are_given = false;                ///< by the user: what CI files say does not count
  std::chrono::milliseconds lock_timeout{0};  ///< what jobs pass as -lock-timeout
  bool lock_timeout_is_given = false;         ///< by the user: what a configuration says does not count
  bool lock = true;                           ///< false: jobs pass -lock=false
  Adversities faults = kAllAdversities;
  Runner runner = Runner::ephemeral;            ///< what a CI job runs on
  std::map<std::string, std::string> settings;  ///< backend arguments as -backend-config would give them
  std::map<std::string, std::string>
      store;  ///< what the store promises, as the `store` section of a scenario
  /// The same for a whole repository, and where that is said: what a backend's store does not know is not
  /// about it, and what `store` says wins.
  std::map<std::string, std::string> default_store;
  SourceLocation default_store_where;
};

struct AuditPlan {
  models::Dialect tool = models::Dialect::terraform;
  AnyBackend backend;
  SourceLocation where;        ///< of the backend block; empty file: there is none
  std::string not_applicable;  ///< why there is nothing to verify, and no configuration; empty: there is
  std::string
      premise;  ///< what the answer hangs on, a clause: "the store honours If-None-Match"; empty: nothing
  std::vector<std::string> assumptions;  ///< what the configuration does not say, and what was taken for it
  std::vector<Scenario> configurations;  ///< in order of rising number of adverse events
  AuditOptions options;
};

/// What has to be verified to answer for this configuration: one plan, or two where it is not known what the
/// store promises, that in which it does first.
std::expected<std::vector<AuditPlan>, InputError> plan_audits(const TerraformConfiguration& configuration,
                                                              const AuditOptions& options);

/// The plan with the configurations that its backend, tool and options call for, in place of those that it
/// has; or why they cannot be.
std::expected<AuditPlan, InputError> with_configurations(AuditPlan plan);

/// The first of them.
std::expected<AuditPlan, InputError> plan_audit(const TerraformConfiguration& configuration,
                                                const AuditOptions& options);

/// The answer for one property.
struct AuditFinding {
  checkers::Property property{};
  Verdict verdict = Verdict::unknown;
  std::size_t configuration = 0;  ///< violated, unknown: the first such configuration
  std::vector<std::size_t>
      also;  ///< violated, too: by other kinds of trouble, none of which contains another
  std::vector<std::size_t> held_in;  ///< configurations in which it is proved
};

/// One finding per property, from the results of the plan's configurations (in their order).
std::vector<AuditFinding> conclude_audit(std::span<const VerifyResult> results);

/// What has become of a configuration of an audit or of the matrix, `first` being that without adverse
/// events: its verdict; "known" where nothing was found and something was not checked again, because less
/// trouble violates it already; "skipped" where what it declares cannot happen on this backend.
std::string_view configuration_state(const VerifyResult& result, const VerifyResult& first);

/// The verdict of the whole audit: faults that cannot happen on a backend do not count against it;
/// configurations in which some job never succeeds do.
Verdict audit_verdict(std::span<const VerifyResult> results);

}  // namespace lockstorm::scenarios
