// What the command was built from: commit, compiler, libraries and their licences.
#pragma once

#include <string>

namespace lockstorm::cli {

/// What `lockstorm --version` prints: the version alone on the first line, then where it comes from and what
/// is linked, each library with its version and the SPDX name of its licence.
std::string version_text();

}  // namespace lockstorm::cli
