// An audit's answer in the forms that continuous integration reads.
#pragma once

#include <string>

#include "reports/campaigns/audit_answer.hpp"

namespace lockstorm::reports {

/// SARIF 2.1.0, as GitHub's code scanning and GitLab read it: a result for each finding in each state, worst
/// first, at the state's backend block; a rule for each that is used, with its page.
std::string sarif_repository(const RepositoryAnswer& answer);

/// What GitHub and GitLab will not show of so many results, in a sentence; empty: they show all.
std::string sarif_limit_text(std::size_t results);

/// GitLab's code quality report: what somebody can do something about, accepted findings left out.
std::string gitlab_repository(const RepositoryAnswer& answer);

/// GitHub's workflow commands: an annotation for each cause in each state, worst first, of each kind as many
/// as a step may have; then how many there are besides.
std::string github_repository(const RepositoryAnswer& answer);

/// JUnit XML: a suite for each state; a case for each finding, which fails where it fails the audit and is
/// skipped where it does not, and one for each property that is proved.
std::string junit_repository(const RepositoryAnswer& answer);

/// Markdown for a step's summary or a merge request, small enough for both.
std::string markdown_repository(const RepositoryAnswer& answer);

/// The JSON of a shields.io endpoint badge: what fails the audit.
std::string badge_repository(const RepositoryAnswer& answer);

}  // namespace lockstorm::reports
