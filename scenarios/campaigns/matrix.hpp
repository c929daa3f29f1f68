// The matrix: every backend, in every mode and dialect, under the standard budgets of faults.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/data/scenario.hpp"
#include "scenarios/search/verify_result.hpp"

namespace lockstorm::scenarios {

/// One backend in one mode, used by one tool.
struct MatrixRow {
  models::Dialect tool = models::Dialect::terraform;
  std::string backend;  ///< "s3+lockfile"
  /// Two clients in every trouble of the table that can befall the backend, three in those without adverse
  /// events. In order of rising number of adverse events; named as an audit's, so that replay strings need no
  /// file.
  std::vector<Scenario> configurations;
};

/// Which rows: empty means all.
struct MatrixChoice {
  std::vector<std::string> backends;  ///< names of backend types
  std::optional<models::Dialect> tool;
};

/// A backend in one of the modes that the matrix has rows for.
struct BackendMode {
  std::string name;  ///< "s3+lockfile"
  AnyBackend backend;
};
std::vector<BackendMode> matrix_modes(const BackendType& type);

/// What one row simulates without any adverse event.
Scenario calm_configuration(const AnyBackend& backend, models::Dialect tool, std::uint16_t clients);

/// In the order of `list`, Terraform before OpenTofu, as far as the tool has the backend.
std::vector<MatrixRow> plan_matrix(const MatrixChoice& choice);

/// The answer for one property of one row.
struct MatrixCell {
  checkers::Property property{};
  Verdict verdict = Verdict::unknown;
  bool applies = false;           ///< false: the property means nothing there
  std::size_t configuration = 0;  ///< violated, unknown: the first such configuration
};

/// One cell per property, in their order, from the results of the row's configurations (as many as there
/// are).
std::vector<MatrixCell> conclude_row(std::span<const VerifyResult> results);

/// Adverse events of a configuration, a force-unlock counted as one.
unsigned adverse_events(const Scenario& scenario);

/// "pause + force-unlock of an unresponsive job", "no faults, first apply".
std::string adversity_text(const Scenario& scenario);

}  // namespace lockstorm::scenarios
