// The matrix of backends and properties as text, Markdown and JSON.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "reports/format/style.hpp"
#include "scenarios/campaigns/matrix.hpp"

namespace lockstorm::reports {

/// One row with its answers. Configurations that were not needed any more have no result.
struct MatrixAnswer {
  scenarios::MatrixRow row;
  std::vector<scenarios::VerifyResult> results;
  std::vector<scenarios::MatrixCell> cells;
};

std::string text_matrix(std::span<const MatrixAnswer> answers, const Style& style);
std::string markdown_matrix(std::span<const MatrixAnswer> answers);
std::string html_matrix(std::span<const MatrixAnswer> answers);
std::string json_matrix(std::span<const MatrixAnswer> answers);

}  // namespace lockstorm::reports
