// What an audit reports, as other tools read it: an entry for each finding in each state, worst first.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "reports/campaigns/audit_answer.hpp"

namespace lockstorm::reports {

/// Where files lie in the repository that an audit is about.
class RepositoryPlaces {
 public:
  /// `root`: the repository's; empty: the working directory.
  explicit RepositoryPlaces(const std::filesystem::path& root);

  /// The name in the repository, through links, with slashes; absolute if it lies outside.
  [[nodiscard]] std::string name_of(const std::filesystem::path& file) const;

  /// What name_of calls so.
  [[nodiscard]] std::filesystem::path path_of(const std::string& name) const { return root_ / name; }

  /// Where the state is written down: its backend block; without one the beginning of its first file.
  [[nodiscard]] scenarios::SourceLocation place_of(const scenarios::AuditedState& state) const;

 private:
  std::filesystem::path root_;
};

/// One finding in one state.
struct Reported {
  const AuditAnswer* answer = nullptr;
  const scenarios::Finding* finding = nullptr;
  const scenarios::AuditedState* state = nullptr;
  scenarios::Standing standing;
  scenarios::SourceLocation where;  ///< its `file` as RepositoryPlaces names it
  std::string identity;             ///< which state it is: that stays when files are edited

  /// Equal for the same finding in the same state, whatever else is in the repository.
  [[nodiscard]] std::string fingerprint() const;
};

/// Those that fail the gate first, then by grade; what is inherent last.
std::vector<Reported> reported(const RepositoryAnswer& answer);

/// The findings that fail the audit in some state, each once.
std::vector<scenarios::Finding> failing(const std::vector<Reported>& all);

/// What becomes of a finding in a state. Where nobody has decided, it fails from "high" on.
scenarios::Standing standing_of(const AuditAnswer& answer, std::size_t finding, std::size_t state);

/// "accepted until 2027-03-01: one job at a time", "in the baseline"; a clause.
std::string standing_text(const scenarios::Standing& standing);

/// What happens, in a sentence, and in a second one what that hangs on.
std::string told_sentence(const AuditAnswer& answer, const scenarios::Finding& finding);

/// What the run shows, as sentences: why it happens and what would have prevented it; of these as many as
/// fit. Empty where no run could be told.
std::string told_run(const AuditAnswer& answer, const scenarios::Finding& finding, std::size_t most_bytes);

}  // namespace lockstorm::reports
