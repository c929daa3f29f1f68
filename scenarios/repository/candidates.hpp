// Files near a partial backend block that look as if they were made for its -backend-config.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/data/configuration.hpp"
#include "scenarios/repository/backend_file.hpp"

namespace lockstorm::scenarios {

struct Candidate {
  std::filesystem::path file;
  BackendArgumentMap arguments;
};

/// The names of the arguments that say which state it is and are not in the block;
/// empty: the block is complete.
[[nodiscard]] std::vector<std::string_view> missing_arguments(const BackendBlock& block);

/// Files below `directory` and beside it, up to the root of its repository, that set nothing but arguments of
/// this block's backend and something of what it lacks, sorted by path. What a file is called decides only
/// whether it is looked at: `*.tfbackend`, `*.tfvars`, `*.backend`, or "backend" in the name of an `.hcl`,
/// `.conf`, `.config` or `.json` file or of its folder. At most 10,000 directory entries are looked at.
[[nodiscard]] std::vector<Candidate> candidates_near(const std::filesystem::path& directory,
                                                     const BackendBlock& block);

}  // namespace lockstorm::scenarios
