// The findings that a repository had when it began to be audited: what is in this file is known, what is not
// is new.
#pragma once

#include <compare>
#include <expected>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "scenarios/data/input_error.hpp"
#include "scenarios/gate/places.hpp"

namespace lockstorm::scenarios {

inline constexpr std::string_view kBaselineName = ".lockstorm-baseline.json";

/// A finding in a state; or a hazard in a job, whose place is its file, completed by its name.
struct KnownFinding {
  StatePlace place;  ///< as seen from the baseline's directory
  std::string rule;  ///< its id

  friend auto operator<=>(const KnownFinding&, const KnownFinding&) = default;
};

struct Baseline {
  std::string file;
  std::map<KnownFinding, SourceLocation> findings;

  /// That its paths begin in.
  [[nodiscard]] std::filesystem::path directory() const;
};

/// Reads one. A file of another version, or one that somebody has damaged, is complained about with its
/// place.
[[nodiscard]] std::expected<Baseline, InputError> read_baseline(const std::filesystem::path& file);

/// What such a file has of these findings: sorted, a line for each.
[[nodiscard]] std::string baseline_text(const std::set<KnownFinding>& findings);

}  // namespace lockstorm::scenarios
