// Which part of a campaign this process is to make, by option or by what started it.
#pragma once

#include <expected>
#include <string>

#include "scenarios/hunt/hunt.hpp"

namespace lockstorm::cli {

/// `text`: "K/N", K from 1; empty: the variables of GoogleTest and of ctest through it (GTEST_SHARD_INDEX),
/// Kubernetes indexed jobs (JOB_COMPLETION_INDEX, with JOB_COMPLETIONS) and Slurm arrays
/// (SLURM_ARRAY_TASK_ID) set; without any the whole. One without its other one is an error.
std::expected<scenarios::Shard, std::string> read_shard(const std::string& text);

}  // namespace lockstorm::cli
