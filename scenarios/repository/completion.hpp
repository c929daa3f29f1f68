// What completes a backend block besides what stands in it: the last `init`, the environment, and arguments
// that jobs pass.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/repository/backend_file.hpp"
#include "scenarios/repository/candidates.hpp"
#include "scenarios/repository/last_init.hpp"
#include "scenarios/repository/roots.hpp"

namespace lockstorm::scenarios {

/// A block, and what completes it.
struct Completion {
  std::string by;  ///< the file, as people are shown it; empty: none was needed
  TerraformConfiguration configuration;
};

/// What -backend-config says of a root's block.
struct GivenArguments {
  BackendArgumentMap arguments;         ///< of files that the user names, for every block
  bool decides_all = false;             ///< the user says what there is to say: no file nearby is looked for
  const Environment* environment = {};  ///< never null
};

/// All that a root's block may be, in the order of precedence of `init`: -backend-config of the user and of
/// TF_CLI_ARGS_init, the block with what the last `init` knows more of it, the environment. A block that does
/// not say which state it is, is completed by each file near it that could, and by the last `init`. What is
/// used is told in `evaluated` and `assumptions` of each. Fails for a file of TF_CLI_ARGS_init that cannot be
/// read.
[[nodiscard]] std::expected<std::vector<Completion>, InputError> completions_of(const RootModule& root,
                                                                                const GivenArguments& given);

}  // namespace lockstorm::scenarios
