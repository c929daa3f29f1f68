// Measures what runs of a world look like, for strategies that have to know.
#pragma once

#include "sim/run/table_run.hpp"

namespace lockstorm::sim {

/// From `runs` uniform runs with all faults of the budget, always the same ones.
RunShape measure_shape(TableRun& run, unsigned runs, const RunLimits& limits);

}  // namespace lockstorm::sim
