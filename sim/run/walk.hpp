// Numbers as a run: each chooses one of the steps that are enabled, so that any data - a generator's, a
// fuzzer's - is a run, and smaller data is a simpler one.
#pragma once

#include <cstdint>
#include <span>

#include "sim/run/table_run.hpp"

namespace lockstorm::sim {

/// Where a walk has led.
struct WalkedRun {
  ChoiceStream decisions;
  RunResult result;
};

/// From the beginning: pick p takes the p-th of the enabled steps, modulo their number; 0 is the first thing
/// that the first process can do. After the last pick the first step that is no fault is taken each time,
/// until nobody can go on or `most_steps` were taken.
WalkedRun walk(TableRun& run, std::span<const std::uint32_t> picks, std::size_t most_steps = 2'000);

}  // namespace lockstorm::sim
