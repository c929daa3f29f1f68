// What a cancel does to the tool, by what stands between it and the one that cancels.
#pragma once

#include <span>

#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// `waits`: a step afterwards waits until the tool is gone.
[[nodiscard]] Hears hears_of(System system, std::span<const Link> links, bool waits);

/// The same in words, the chain of a cancel: "SIGINT goes to bash, which waits for its child and does not
/// pass it on; ...".
[[nodiscard]] std::string chain_of_cancel(System system, std::span<const Link> links, bool waits);

}  // namespace lockstorm::scenarios::pipeline
