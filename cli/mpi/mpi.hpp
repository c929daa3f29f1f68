// The ranks of an MPI job as members of a search; two builds of it, of which the plain one knows no MPI.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "sim/levels/exchange.hpp"

namespace lockstorm::cli {

/// The rank that this process is; MPI ends with it. An error: why there is none, and what to do.
std::expected<std::unique_ptr<sim::Exchange>, std::string> join_mpi();

/// Ends all ranks: this one cannot go on.
void abandon_mpi(int status);

}  // namespace lockstorm::cli
