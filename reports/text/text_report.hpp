// Results as text for people: what was found, why, and within which bounds.
#pragma once

#include <span>
#include <string>

#include "reports/format/style.hpp"
#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// One scenario's whole report: verdicts, one screen for each counterexample, bounds.
std::string text_report(const scenarios::VerifyResult& result, const Style& style);

/// The same without what the search covered.
std::string text_findings(const scenarios::VerifyResult& result, const Style& style);

/// "lockstorm replay LS1-...", with `--scenario FILE` where the string's name is not enough to find the
/// scenario.
std::string replay_command(const scenarios::Scenario& scenario, const std::string& replay);

/// One counterexample on one screen.
std::string text_counterexample(const scenarios::VerifyResult& result,
                                const scenarios::Counterexample& counterexample, const Style& style);

/// Within which bounds a verdict is meant, and what the search covered.
std::string text_bounds(const scenarios::VerifyResult& result, const Style& style);

/// What the search covered, as one sentence.
std::string coverage_text(const scenarios::VerifyResult& result);

/// What one of a family's configurations showed, in a word or two. Those that come after a violation check
/// fewer properties than the `first`, so they "hold" less.
std::string outcome_text(const scenarios::VerifyResult& result, const scenarios::VerifyResult& first);

/// One line for each of several results, and how they count up.
std::string text_summary(std::span<const scenarios::VerifyResult> results, const Style& style);

}  // namespace lockstorm::reports
