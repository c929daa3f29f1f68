// A person with `force-unlock` (backend-protocols.md 2.10): sees a lock, decides that its holder is gone,
// removes it.
#pragma once

#include "models/services/jobs.hpp"
#include "models/terraform/backend.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {

/// Whose locks the operator removes.
enum class UnlockTarget : std::uint8_t {
  dead,          ///< only of jobs that have ended
  unresponsive,  ///< also of jobs that show no sign of life
  any,           ///< of anybody
};

/// As scenarios say it.
inline constexpr auto kUnlockTargetNames = sim::text_for_each<UnlockTarget>({"dead", "unresponsive", "any"});

/// Looks at the lock once and, if the target rule allows, runs force-unlock with the id that is shown; where
/// the documentation knows only another way, that as well. `shown_by`: the backend block of the job whose
/// message is read, where it is not the operator's own.
void run_force_unlock(sim::Process& self, const Backend& backend, sim::ServiceRef<Jobs> jobs,
                      UnlockTarget target, const Backend* shown_by = nullptr);

}  // namespace lockstorm::models
