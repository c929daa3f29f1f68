// What the gate of an audit says: whether it passes, what fails, and how findings stand.
#pragma once

#include <string>

#include "reports/campaigns/audit_answer.hpp"
#include "reports/format/style.hpp"

namespace lockstorm::reports {

/// How an audit ends. What could not be read outranks everything: nobody knows what it would have been. A run
/// that did not repeat outranks what it has found, and that outranks what was not decided.
int exit_status(const RepositoryAnswer& answer);

/// "Passes: nothing new at or above high (2 accepted, 5 known)." or what fails, and where; in a few
/// sentences.
std::string gate_text(const RepositoryAnswer& answer);

/// The first word of it, in colour.
std::string in_colour(const std::string& gate_text, const Style& style);

/// How a finding stands in the states of its set-up, as far as that is not what everybody expects: "accepted
/// until 2027-03-01: REASON", "known in 2 of 3 states". Empty: it fails, or is too low to.
std::string standing_text(const AuditAnswer& answer, const scenarios::Finding& finding);

/// Whether it fails in some state.
bool fails_somewhere(const AuditAnswer& answer, const scenarios::Finding& finding);

}  // namespace lockstorm::reports
