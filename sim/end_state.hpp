// A finished world as checkers see it: nothing can happen any more.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "sim/monitor.hpp"
#include "sim/steps.hpp"

namespace lockstorm::sim {

struct EndState {
  struct Process {
    ProcessStatus status = ProcessStatus::alive;  ///< alive: it hangs
    std::uint16_t flags = 0;
    ValueId outcome = 0;
    bool waits_for_time = false;  ///< alive or paused, and not for ever: bounded time was too short for it
    friend auto operator<=>(const Process&, const Process&) = default;
  };
  std::vector<ValueId> services;
  std::vector<Process> processes;
  /// Bounded time ran out before somebody had finished who would have gone on.
  [[nodiscard]] bool out_of_time() const {
    return std::ranges::any_of(processes, [](const Process& process) { return process.waits_for_time; });
  }

  friend auto operator<=>(const EndState&, const EndState&) = default;
};

/// Properties that only show at the end; engines call it once per distinct end state.
using EndCheck = std::function<Violations(ValuePool&, const EndState&)>;

}  // namespace lockstorm::sim
