// Why a counterexample violates its property, as one fact from which its advice is told.
#pragma once

#include "reports/story/step_queries.hpp"

namespace lockstorm::reports {

enum class Cause : std::uint8_t {
  order,             ///< nothing but the order of requests, and the protocol allows it
  no_lock,           ///< nobody asks for a lock
  read_before_lock,  ///< the state was read before its reader had the lock
  first_write,       ///< who saw that there is no state wrote over one that had been saved by then
  robbed,            ///< an operator took the lock of somebody who goes on
  wrong_lock,        ///< an operator meant a lock that was gone, and took the next one
  shown_mixture,     ///< an operator was shown the info of one lock and the ID of the next
  late_request,      ///< a request takes effect when nobody waits for it any more, or can
  session_ended,     ///< the server ended the session that holds the lock
  silent_holder,     ///< what the lock needs has expired, and its holder lives
  second_interrupt,  ///< a second interrupt made a command release its lock while its calls go on
  torn_file,         ///< only a part of a file is there
};

/// The last write before the end that replaces a state which its writer has not read, or null.
const Step* unread_overwrite(const scenarios::Counterexample& counterexample);

/// What `counterexample` comes from.
Cause cause_of(const scenarios::Scenario& scenario, const scenarios::Counterexample& counterexample);

}  // namespace lockstorm::reports
