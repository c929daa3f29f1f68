// What a replay string says, and the scenario that it was recorded with.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "scenarios/data/scenario.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::cli {

struct ReplaySubject {
  scenarios::Scenario scenario;
  sim::ReplayString replay;
  std::string text;  ///< the string itself
};

/// `subject`: the string itself, or a file whose first replay string counts. `scenario`: a file or a name,
/// empty where the library has the scenario. The world is the one in which the string was recorded.
std::expected<ReplaySubject, scenarios::InputError> read_replay_subject(const std::string& subject,
                                                                        const std::string& scenario);
/// The same for all the strings in a file, each once; or for the first, as above.
std::expected<std::vector<ReplaySubject>, scenarios::InputError> read_replay_subjects(
    const std::string& subject, const std::string& scenario, bool all);

}  // namespace lockstorm::cli
