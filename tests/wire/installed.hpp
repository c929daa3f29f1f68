// Whether a program is there for a test to run.
#pragma once

#include <string>

#include "test_paths.hpp"

namespace lockstorm::cli {

inline bool is_installed(const std::string& program) { return shell("command -v " + program).status == 0; }

}  // namespace lockstorm::cli
