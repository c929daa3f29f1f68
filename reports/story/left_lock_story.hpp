// What is told of locks that stay: those that commands leave behind by themselves (`lock-released`), and who
// has to act when a job was killed (`stale-lock-recovery`).
#pragma once

#include <string>
#include <string_view>

#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// How a lock was left, as data has it: "unlock-failed".
std::string_view how_left_name(scenarios::LeftLock::How how);

std::string_view lock_released_headline(const scenarios::Counterexample& counterexample);
/// In two or three sentences.
std::string lock_left(const scenarios::Counterexample& counterexample);
std::string lock_left_prevention(const scenarios::Counterexample& counterexample);

/// As data has it: "nobody", "time", "person", "no-way".
std::string_view recovery_name(scenarios::Recovery recovery);
/// What has to be typed, with the id that is shown; empty where there is nothing to type.
std::string recovery_command(const scenarios::Scenario& scenario);
/// Who has to act after a job was killed, a clause; empty where none is killed.
std::string recovery_words(const scenarios::Scenario& scenario, scenarios::Recovery recovery);
/// A sentence of the same; empty where nobody has to.
std::string recovery_text(const scenarios::Scenario& scenario, scenarios::Recovery recovery);

}  // namespace lockstorm::reports
