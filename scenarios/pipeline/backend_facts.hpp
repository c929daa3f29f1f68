// What the configurations of a repository say of the locks of its states: whether there is one, whether it
// ends by itself, and whose `force-unlock` removes.
#pragma once

#include <filesystem>

#include "scenarios/pipeline/hazards.hpp"

namespace lockstorm::scenarios::pipeline {

/// Reads the configuration of each state that it is asked about, once, below `root`: nothing outside of it is
/// opened, and of variables only those count that the job sets, as the environment of the pipeline's machines
/// is another one than this. What is in braces in a place stands for every directory there; where those
/// differ the answer is unknown.
[[nodiscard]] StateFactsOf facts_from_configurations(std::filesystem::path root);

}  // namespace lockstorm::scenarios::pipeline
