// What `lockstorm advise` is asked, and the two answers that it gives.
#pragma once

#include <string>

#include "cli/advised_state.hpp"
#include "cli/command.hpp"

namespace lockstorm::cli {

struct AdviseArguments {
  std::string what;
  std::string situation;  ///< of `recover`
  AdvisedStateOptions state;
  // Of `unlock`.
  std::string lock_info;
  std::string job;
  std::string age;
  std::string as_of;
};

/// Each returns the exit status.
int advise_unlock(const AdviseArguments& arguments, const Global& global);
int advise_recover(const AdviseArguments& arguments, const Global& global);

}  // namespace lockstorm::cli
