// Which directories the states of a pipeline's commands lie in, of which its files may say a part only.
#pragma once

#include <filesystem>

#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// Whether the command may be about the state of that directory: where the files leave a part of its place
/// open, every name may stand there. What breaks a lock by other means than the tool names no directory.
[[nodiscard]] bool may_be_about(const Pipeline& pipeline, const Command& command,
                                const std::filesystem::path& directory);

/// The same for any state in or below that directory.
[[nodiscard]] bool may_be_below(const Pipeline& pipeline, const Command& command,
                                const std::filesystem::path& directory);

}  // namespace lockstorm::scenarios::pipeline
