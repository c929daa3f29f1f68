// Findings in words: how one comes about, and what it does, in a sentence.
#pragma once

#include <string>

#include "reports/campaigns/audit_answer.hpp"
#include "reports/format/style.hpp"
#include "scenarios/findings/finding.hpp"

namespace lockstorm::reports {

/// "when a job is killed and an operator removes its lock, on a first apply".
std::string when_clause(const scenarios::Trouble& cause);

/// "When an answer is lost, two applies can hold the lock at the same time.", of such a headline.
std::string what_happens(const scenarios::Trouble& cause, std::string_view headline);

/// The same of a finding: "When an answer is lost, an apply can change state or infrastructure without
/// holding the lock."
std::string finding_sentence(const AuditAnswer& answer, const scenarios::Finding& finding);

/// "every day, no fault; state lost".
std::string grade_reason(const scenarios::Finding& finding);

/// The run that shows it, or null where none could be told.
const scenarios::Counterexample* shown_run(const AuditAnswer& answer, const scenarios::Finding& finding);

/// "2 critical, 1 high, 9 medium"; "no findings". Inherent ones are counted apart: "..., 1 inherent". `more`:
/// grades of what is no finding of a backend, and counts as well.
std::string grades_text(std::span<const scenarios::Finding> findings,
                        std::span<const scenarios::Grade> more = {});

/// Of a grade's name on a terminal.
Ink grade_ink(scenarios::Grade grade);

/// "mutual-exclusion, no-lost-update".
std::string properties_text(checkers::PropertySet properties);

}  // namespace lockstorm::reports
