// What a scenario expects, held to what came out.
#pragma once

#include <string>
#include <vector>

#include "scenarios/search/verify_result.hpp"

namespace lockstorm::scenarios {

/// Where verdicts, and what commands have come to, differ from `expect`, as sentences; empty when all is as
/// expected.
std::vector<std::string> unexpected_verdicts(const VerifyResult& result);
/// Properties that `expect` says nothing of and that are not held: a test that names others does not test
/// them.
std::vector<checkers::Property> left_out_of_expect(const VerifyResult& result);
/// What counts where the scenario says what it expects, once all is so: `held`, for a violation and for what
/// bounded time leaves open, too; a run that proves nothing otherwise stays what it is.
Verdict verdict_as_expected(const VerifyResult& result);

}  // namespace lockstorm::scenarios
