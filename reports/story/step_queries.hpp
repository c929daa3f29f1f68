// Questions to the steps of a counterexample, from which its story and its advice are told.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

using Step = scenarios::CounterexampleStep;
using Steps = std::vector<scenarios::CounterexampleStep>;

/// The last of the first `end` steps that fits, or null.
template <class Fits>
const Step* last_before(const Steps& steps, std::size_t end, Fits&& fits) {
  for (std::size_t i = end; i-- > 0;) {
    if (fits(steps[i])) return &steps[i];
  }
  return nullptr;
}

/// Whether a service did something at this step.
bool is_effect(const Step& step);

/// A fault, an intervention, or an event that the store has brought about.
inline bool is_adverse(const Step& step) { return step.adverse != scenarios::Adverse::no; }
/// Whether a process is killed.
bool is_kill(const Step& step);
/// Whether a request took effect for which nobody waits any more, or can.
bool is_late(const Step& step);
/// Whether the step stores a state (objects, not files).
bool writes_state(const Step& step);
/// "PutObject", or what the step says it does when it is no call.
std::string deed(const Step& step);

/// "client-1's PutObject (step 31)", and where the request is a late one that, too.
/// `of` comes behind the operation: " of the state".
std::string named_deed(const Step& step, std::string_view of = {});

/// What the actor of `step` last had done before it, or null.
const Step* last_effect_of_actor(const Steps& steps, const Step& step);
/// The operator's last removal of a lock, the last step aside; or null.
const Step* force_unlock(const Steps& steps);
/// The crash that leaves a part of a state file behind, or null.
const Step* tears_file(const Steps& steps);
/// The last read of a state file that somebody was writing, or null.
const Step* reads_torn_file(const Steps& steps);
/// The last time that this actor, refused the lock, was shown itself as who has it; or null. Whether it was
/// refused because of its own lock is not asked of steps: that is a fact of the end.
const Step* shown_itself(const Steps& steps, std::size_t slot);
/// Whether the lock that it was shown then is of another of its acquisitions than the one that was refused.
bool holds_by_another_id(const Steps& steps, const Step& shown);
/// The last time that this actor's acquire had failed, it asked who holds the lock, and was shown nobody; or
/// null.
const Step* shown_nobody(const Steps& steps, std::size_t slot);

/// Whether somebody is killed.
bool kills_somebody(const Steps& steps);
/// How often this actor is interrupted.
std::size_t interrupts_of(const Steps& steps, std::size_t slot);

bool creates_resource(const Step& step);
bool destroys_resource(const Step& step);

/// The slots of all whom that is wrong about in the end.
std::vector<std::size_t> slots_wronged(const scenarios::Counterexample& counterexample,
                                       scenarios::EndFault::How how);
/// In the end two states are made from versions of each other that fit no order.
bool is_write_skew(const scenarios::Counterexample& counterexample);

/// Whom that is wrong about in the end, or null.
const std::string* actor_wronged(const scenarios::Counterexample& counterexample,
                                 scenarios::EndFault::How how);
/// Whose command has ended with success, though what it was to save was never stored; null: that is not what
/// the run shows.
const std::string* saver_of_nothing(const scenarios::Counterexample& counterexample);
/// What the services hold after the last step.
std::vector<scenarios::ServiceView> final_views(const scenarios::Counterexample& counterexample);
/// The actor that a service names as the holder of its lock after the last step, although that actor has
/// ended, is dead, or never learned that it has it; empty: there is none.
std::string holder_left_behind(const scenarios::Counterexample& counterexample);

/// The counterexample without what clients do that play no part in it: their steps are there, and empty.
scenarios::Counterexample needed_part(const scenarios::Counterexample& counterexample);

}  // namespace lockstorm::reports
