// Every end state of a world by depth-first re-execution on live processes: what the explorer is held to.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "sim/run/simulator.hpp"

namespace lockstorm::sim {

/// Deduplicates by what decides a state's future, told by what processes observed. Nothing when there are
/// more than `max_states` of these.
inline std::optional<std::set<EndState>> enumerate_live(const WorldSpec& spec, ValuePool& values,
                                                        const AnyMonitor& monitor, std::size_t max_states) {
  Simulator simulator(spec, values, monitor);
  std::set<EndState> ends;
  std::unordered_set<std::string> seen;
  std::vector<std::vector<std::uint32_t>> todo{{}};
  while (!todo.empty()) {
    std::vector<std::uint32_t> path = std::move(todo.back());
    todo.pop_back();
    simulator.restart();
    for (const std::uint32_t choice : path) simulator.take(choice);
    // Follow first choices for as long as they lead to new states; the others are for later.
    while (seen.insert(simulator.fingerprint()).second) {
      if (seen.size() > max_states) return std::nullopt;
      const auto count = static_cast<std::uint32_t>(simulator.enabled().size());
      if (count == 0) {
        ends.insert(simulator.end_state());
        break;
      }
      for (std::uint32_t i = 1; i < count; ++i) {
        todo.push_back(path);
        todo.back().push_back(i);
      }
      path.push_back(0);
      simulator.take(0);
    }
  }
  return ends;
}

}  // namespace lockstorm::sim
