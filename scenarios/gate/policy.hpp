// What a repository has decided about its audits: what to expect of the world, which findings fail, and which
// are accepted.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/terraform/backend.hpp"
#include "scenarios/data/adversity.hpp"
#include "scenarios/data/clients.hpp"
#include "scenarios/data/input_error.hpp"
#include "scenarios/findings/grades.hpp"
#include "scenarios/gate/rule_pattern.hpp"

namespace lockstorm::scenarios {

/// From which grade on a finding fails.
struct FailOn {
  std::optional<Grade> grade = Grade::high;  ///< nothing: none ever does

  friend bool operator==(const FailOn&, const FailOn&) = default;
};

/// "high", "never"; or what would have been right.
[[nodiscard]] std::expected<FailOn, std::string> parse_fail_on(std::string_view text);

/// Somebody knows of a finding and takes it upon himself, for a reason, perhaps for a time.
struct Acceptance {
  RulePattern rule;
  std::string reason;
  std::optional<std::chrono::year_month_day> expires;  ///< the last day on which it holds
  std::vector<std::string> paths;                      ///< globs, see is_accepted_for; empty: every state
  SourceLocation where;
};

/// What `.lockstorm.yaml` says. What it does not say is unset.
struct Policy {
  std::string file;                       ///< as people are shown it; empty: there is none
  std::filesystem::path directory = ".";  ///< that the file is in: its paths and globs begin there
  std::optional<Adversities> faults;
  std::optional<std::uint16_t> jobs;
  std::optional<Runner> runner;
  std::optional<std::chrono::milliseconds> lock_timeout;
  std::optional<models::Dialect> tool;
  std::map<std::string, std::string> store;  ///< for each backend that has such a promise
  SourceLocation store_where;
  std::vector<std::string> exclude;  ///< globs
  std::optional<FailOn> fail_on;
  std::string baseline;  ///< a file; empty: none
  std::vector<Acceptance> accept;
};

}  // namespace lockstorm::scenarios
