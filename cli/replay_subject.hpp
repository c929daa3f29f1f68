// What a replay string says, and the scenario that it was recorded with.
#pragma once

#include <expected>
#include <string>

#include "scenarios/data/scenario.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::cli {

struct ReplaySubject {
  scenarios::Scenario scenario;
  sim::ReplayString replay;
};

/// `subject`: the string itself, or a file whose first replay string counts. `scenario`: a file or a name,
/// empty where the library has the scenario. The world is the one in which the string was recorded.
std::expected<ReplaySubject, scenarios::InputError> read_replay_subject(const std::string& subject,
                                                                        const std::string& scenario);

}  // namespace lockstorm::cli
