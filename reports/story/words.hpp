// What verdicts on properties mean to the people who run Terraform.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// The violation in an operator's words: "Two applies can hold the lock at the same time."
std::string_view headline(checkers::Property property);

/// Advice against a state file of which there is only a part.
std::string_view atomic_file();

/// "2 clients, crash 1, lose_response 1, operator 1 (target dead)".
std::string bounds_text(const scenarios::Scenario& scenario);

/// What each command has come to in some run: "apply: succeeds; granted at once; refused".
std::string reached_text(const scenarios::VerifyResult& result);

/// A duration as -lock-timeout takes it: "250ms", "90s", "5m", "1h".
std::string duration_text(std::chrono::milliseconds duration);

/// The rule by which the operator picks locks: dead, unresponsive, any.
std::string_view target_name(models::UnlockTarget target);

}  // namespace lockstorm::reports
