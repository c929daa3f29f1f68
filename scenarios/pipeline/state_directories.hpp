// Which directories the states of a pipeline's commands lie in, of which its files may say a part only.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/pipeline/pipeline.hpp"

namespace lockstorm::scenarios::pipeline {

/// A directory as the files of a pipeline would say it.
class StateDirectory {
 public:
  /// Through links, as both are compared with names in files.
  StateDirectory(const Pipeline& pipeline, const std::filesystem::path& directory);

  /// Whether the command may be about the state in it: where the files leave a part of its place open, every
  /// name may stand there. What breaks a lock by other means than the tool names no directory.
  [[nodiscard]] bool may_be_of(const Command& command) const;

  /// The same for any state in or below it.
  [[nodiscard]] bool may_have(const Command& command) const;

 private:
  std::vector<std::string> parts_;
};

}  // namespace lockstorm::scenarios::pipeline
