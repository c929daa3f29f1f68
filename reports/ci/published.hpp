// Results in the forms that continuous integration reads: JUnit XML, SARIF, Markdown, a badge, a Perfetto
// trace.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "scenarios/data/input_error.hpp"
#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// Where the thing that a result is about is written down: the backend block, or the scenario file.
using Locator = std::function<std::optional<scenarios::SourceLocation>(const scenarios::Scenario&)>;

/// One suite for each scenario, one case for each property. A case fails when the property is violated -
/// where the scenario expects something, when it is not as expected - and is an error where nothing could be
/// decided.
std::string junit_report(std::span<const scenarios::VerifyResult> results);

/// SARIF 2.1.0: a rule for each property, a result for each violation, its steps as a code flow where a run
/// could be told, and for each one that was expected and not found. What is unknown or invalid is a
/// notification, and the run of the tool no success. Results without a place in a file are at the scenario's
/// name.
std::string sarif_report(std::span<const scenarios::VerifyResult> results, const Locator& where);

/// For GitHub's step summary and GitLab's merge requests: a table, and every counterexample folded below it.
std::string markdown_report(std::span<const scenarios::VerifyResult> results);

/// The JSON of a shields.io endpoint badge.
std::string badge_report(std::span<const scenarios::VerifyResult> results);

/// Trace events for the Perfetto UI: a track for each actor and service, a millisecond for each step, an
/// arrow from each effect to what its answer is delivered to.
std::string perfetto_report(std::span<const scenarios::VerifyResult> results);

}  // namespace lockstorm::reports
