// The files that one command leaves in a job's working directory for the next.
#pragma once

#include "models/state/state_snapshot.hpp"

namespace lockstorm::models {

/// A plan file: the refreshed state it was made on, with the lineage and serial that the manager had then
/// (backend-protocols.md 2.8.1).
struct SavedPlan {
  bool exists = false;
  StateSnapshot prior;
  StateSnapshot used{};  ///< what was read of another state for it
};

struct WorkingDirectory {
  SavedPlan plan;
  StateSnapshot pulled;   ///< output of `state pull`
  StateSnapshot errored;  ///< errored.tfstate
};

}  // namespace lockstorm::models
