#include "sim/run/walk.hpp"

namespace lockstorm::sim {

WalkedRun walk(TableRun& run, std::span<const std::uint32_t> picks, std::size_t most_steps) {
  WalkedRun walked;
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
