// The header of a Promela model: its tables, and the rules of its steps, in C.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checkers/properties.hpp"
#include "sim/explore/world_tables.hpp"

namespace lockstorm::reports {

/// The text as an identifier of C and Promela.
std::string name_in_c(std::string_view text, bool upper = false);

/// "MUTUAL_EXCLUSION".
std::string property_macro(checkers::Property property);

/// The kinds of faults that have a budget; the model numbers them in this order.
std::vector<std::size_t> declared_faults(const sim::WorldTables& tables);

/// `name`: of the model's files; `processes`: what it calls the processes, by slot.
std::string promela_tables(const sim::WorldTables& tables, std::string_view name,
                           const std::vector<std::string>& processes);

}  // namespace lockstorm::reports
