// What each kind of fault is, one clause.
#pragma once

#include "sim/faults.hpp"

namespace lockstorm::scenarios {

/// In the order of sim::Fault.
inline constexpr auto kFaultMeanings = sim::text_for_each<sim::Fault>({
    "a process vanishes; what it sent stays in flight or is lost",
    "a process stays unscheduled while the rest of the world goes on",
    "a request never arrives",
    "a request takes effect, its response never arrives",
    "the client gives up while its request is still on the way",
    "a request arrives twice",
    "a server answers 5xx, before or after doing what was asked",
    "a server refuses without doing anything",
    "a process is interrupted (Ctrl-C, a cancelled CI job)",
    "a client's clock is ahead of the others",
    "a client's credentials end: from then on its requests are refused (or those that its `loses` names)",
    "for a while every request of a client is answered 5xx, and nothing is done",
    "a request is answered as if it had been done, and nothing is done (a proxy that drops it)",
});

}  // namespace lockstorm::scenarios
