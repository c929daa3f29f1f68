// A run of a job at one state, as clients of the model: what it runs there, with which flags, and what a
// cancel does to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/data/clients.hpp"
#include "scenarios/pipeline/overlap.hpp"

namespace lockstorm::scenarios::pipeline {

struct JobFleet {
  std::size_t job = 0;  ///< of Pipeline::jobs
  std::string when;     ///< "push to main"
  ClientSettings client;
  bool changes_state = false;
  SourceLocation where;            ///< of the command that says most of it
  std::string written;             ///< that command
  std::vector<std::uint8_t> cuts;  ///< numbers of the troubles that befall it: cancels, lost machines
};

/// What `run` does at a state: `commands` are those of its commands that are about it, in their order.
/// Nothing: none of them runs the tool there. `settings`: what holds of every job.
[[nodiscard]] std::optional<JobFleet> fleet_of(const RunOf& run, const std::vector<const Command*>& commands,
                                               const ClientSettings& settings);

}  // namespace lockstorm::scenarios::pipeline
