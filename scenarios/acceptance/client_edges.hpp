// What a client does upon which answer: the edges of client code, as runs of the model show them.
#pragma once

#include <compare>
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "scenarios/data/scenario.hpp"
#include "scenarios/world/world.hpp"
#include "sim/run/simulator.hpp"

namespace lockstorm::scenarios {

/// One step of a client's code, between two requests to services that are looked at.
struct ClientEdge {
  std::string command;  ///< what it runs: "apply"
  std::string asked;    ///< the request before: "s3 PutObject .tflock"; empty: it has just begun
  std::string answer;   ///< what came of that: "412", "no answer"; empty: it has just begun
  std::string then;     ///< the request after it, or "ends"
  friend auto operator<=>(const ClientEdge&, const ClientEdge&) = default;
};
using ClientEdges = std::set<ClientEdge>;

/// Adds the edges of a run. `commands`: of each slot. What is asked of services that are not `served` is left
/// out.
void add_client_edges(const World& world, const sim::ValuePool& values,
                      std::span<const sim::StepRecord> records, const std::vector<std::string>& served,
                      const std::vector<std::string>& commands, ClientEdges& edges);

/// What each slot's client runs: "apply", "plan".
std::vector<std::string> commands_by_slot(const Scenario& scenario);

/// Those that `runs` random runs of the model show, by `seed`.
ClientEdges edges_of_runs(const Scenario& scenario, const std::vector<std::string>& served, std::size_t runs,
                          std::uint64_t seed);

}  // namespace lockstorm::scenarios
