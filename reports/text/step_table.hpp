// The steps of a run as a table: one column for each actor, one row for each step.
#pragma once

#include <string>

#include "reports/format/style.hpp"
#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

enum class Rows : std::uint8_t { relevant, all };

/// The table, with its header and a legend of the marks that occur in it.
std::string step_table(const scenarios::Counterexample& counterexample, Rows rows, const Style& style);

}  // namespace lockstorm::reports
