// The empty state of a new workspace, for backends that look for it in a listing (backend-protocols.md 2.7).
#pragma once

#include "models/terraform/backend.hpp"

namespace lockstorm::models {

/// StateMgr of a workspace that is not listed: `init` lock in one attempt that ignores -lock and
/// -lock-timeout, RefreshState, and where that finds nothing WriteState and PersistState, which looks once
/// more (2.4.3b); unlock. [TF,OT cos,oss/backend_state.go; TF oci/backend_state.go: StateMgr]
DoneResult create_unlisted_state(sim::Process& self, const Backend& backend);

}  // namespace lockstorm::models
