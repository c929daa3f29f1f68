// What makes a violation, in words and as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// "with 1 crash: apply, s3 PutObject (.tflock) -> 200"; "without any fault: ..." where nothing adverse is
/// needed.
std::string mechanism_text(const scenarios::Mechanism& mechanism);

/// What else violates the property of the counterexample than what the result's counterexamples show, or
/// that it was not found out; empty: nothing does, or nobody asked.
std::string other_mechanisms_text(const scenarios::VerifyResult& result, checkers::Property property);

nlohmann::ordered_json mechanism_json(const scenarios::Mechanism& mechanism);

}  // namespace lockstorm::reports
