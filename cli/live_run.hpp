// One run on live processes, step by step: what replay and simulate print.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/search/finish.hpp"
#include "scenarios/search/verify_result.hpp"
#include "scenarios/world/world.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::cli {

/// A property and the number of the step that violated it; 0: it shows in the end state, or in that there can
/// be none any more.
struct ViolatedAt {
  checkers::Property property{};
  std::size_t step = 0;
};

struct LiveRun {
  sim::Schedule schedule;
  std::vector<ViolatedAt> violated;  ///< checked properties only, each once, in the order they were violated
  bool finished = false;             ///< nothing can happen any more
  /// Whether everybody can still finish where it stops; only asked where `progress` is checked.
  scenarios::Finish finish = scenarios::Finish::possible;
  std::vector<std::string> ending;  ///< how every process ended and what the services hold, one line each
  std::uint64_t trace_hash = 0;
  std::array<std::uint64_t, sim::kFaultKinds> fired{};
};

/// Chooses among `bound` steps; nothing ends the run.
using Chooser = std::function<std::optional<std::uint32_t>(std::uint32_t bound)>;

/// Runs the world until the chooser stops, nothing can happen any more, or `max_steps` steps are taken.
LiveRun run_live(const scenarios::World& world, const Chooser& choose, std::size_t max_steps);

/// The run in the form of a verification result, for reports. `why`: what the verdict is worth.
scenarios::VerifyResult as_result(const scenarios::Scenario& scenario, const LiveRun& run,
                                  const scenarios::Counterexample& told, std::string why);

/// How it ended, as text: processes, services, violated properties, trace hash.
std::string ending_text(const LiveRun& run);

}  // namespace lockstorm::cli
