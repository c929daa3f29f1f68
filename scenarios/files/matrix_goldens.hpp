// The table scenarios/library/matrix.txt: for each number of the matrix a scenario and its story.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lockstorm::scenarios {

/// A row: name and configuration, then how short the shortest counterexample is and what it tells. The tests
/// MatrixGoldens and docs/matrix hold it to the models.
struct MatrixGolden {
  std::string_view name;           ///< "matrix/s3-lockfile/terraform/own-lock-only": the property comes last
  std::string_view configuration;  ///< "audit/terraform/s3+lockfile/jobs=2/lose_response"
  std::string_view story;          ///< lines, each indented by two spaces
  std::string_view text;           ///< the whole row, as it stands in the table
  unsigned line = 1;               ///< of the table, where it begins
};

/// All rows, sorted by name.
const std::vector<MatrixGolden>& matrix_goldens();

/// The property that the row's scenario violates.
std::string_view property_of(const MatrixGolden& golden);

/// The scenario that the row stands for, as somebody would write it into a file.
std::string yaml_of(const MatrixGolden& golden);

}  // namespace lockstorm::scenarios
