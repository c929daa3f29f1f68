// The page of a rule: what it means, why, how likely it is, a schedule that shows it, and what to do.
#pragma once

#include <string>

#include "scenarios/findings/rules.hpp"
#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// "own-lock-only on s3: lost answer".
std::string rule_title(const scenarios::Rule& rule);

/// What it is and how it comes about, in three sentences.
std::string rule_summary(const scenarios::Rule& rule);

/// What stands on the page below its title, but for its links: for a place where they lead nowhere.
std::string rule_help(const scenarios::Rule& rule, const scenarios::VerifyResult* shown);

/// Markdown that reads well as it is. `shown`: a result with a counterexample to the rule's property; null:
/// no configuration of the matrix is known that violates it in this way.
std::string rule_page(const scenarios::Rule& rule, const scenarios::VerifyResult* shown);

}  // namespace lockstorm::reports
