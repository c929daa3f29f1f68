// A world in the languages of other model checkers.
#pragma once

#include <string>
#include <string_view>

#include "scenarios/data/scenario.hpp"
#include "scenarios/world/world.hpp"
#include "sim/explore/plain_graph.hpp"
#include "sim/explore/world_tables.hpp"

namespace lockstorm::reports {

/// What SPIN reads: a process for each process of the world in Promela, and their tables in C.
struct PromelaModel {
  std::string model;   ///< NAME.pml
  std::string tables;  ///< NAME.h, which it includes
};

/// `name`: of both files, without their extensions; letters, digits, `-` and `_`. `graph` and `tables` are of
/// the whole, unreduced world, so that the model can say what SPIN has to count.
PromelaModel promela_model(const scenarios::Scenario& scenario, const scenarios::World& world,
                           const sim::PlainGraph& graph, const sim::WorldTables& tables,
                           std::string_view name);

/// The graph in Aldebaran's format (CADP, mCRL2): `des (0, TRANSITIONS, STATES)` and a line for each step.
/// States from which there is no step have one to themselves, which says `end` and what is violated there.
/// `graph` has been asked for its steps.
std::string aldebaran_graph(const scenarios::World& world, const sim::StateTables& tables,
                            const sim::PlainGraph& graph);

}  // namespace lockstorm::reports
