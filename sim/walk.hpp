// Numbers as a run: each chooses one of the steps that are enabled, so that any data - a generator's, a
// fuzzer's - is a run, and smaller data is a simpler one.
#pragma once

#include <cstdint>
#include <span>

#include "sim/table_run.hpp"

namespace lockstorm::sim {

/// Where a walk has led.
struct Walk {
  ChoiceStream decisions;
  RunResult result;
};

/// From the beginning: pick p takes the p-th of the enabled steps, modulo their number; 0 is the first thing
/// that the first process can do. After the last pick the first step that is no fault is taken each time,
/// until nobody can go on or `most_steps` were taken.
template <Monitor M>
Walk walk(TableRun<M>& run, std::span<const std::uint32_t> picks, std::size_t most_steps = 2'000) {
  Walk walked;
  run.restart();
  for (std::size_t step = 0; step < most_steps; ++step) {
    const std::vector<Decision> enabled = run.enabled();
    if (enabled.empty()) {
      walked.result.ended = true;
      break;
    }
    std::size_t index = step < picks.size() ? picks[step] % enabled.size() : 0;
    if (step >= picks.size()) {
      const auto is_free = [&](const Decision& decision) { return !run.is_fault(decision); };
      const auto free = std::ranges::find_if(enabled, is_free);
      index = free == enabled.end() ? 0 : static_cast<std::size_t>(free - enabled.begin());
    }
    run.take(enabled[index], walked.result);
    walked.decisions.push_back(enabled[index]);
  }
  return walked;
}

}  // namespace lockstorm::sim
