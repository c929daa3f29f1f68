// What a search that proves nothing is worth, in words: it must never read like a proof.
#pragma once

#include <string>
#include <string_view>

#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// "41 %", "3e-05".
std::string percent(double share);

/// The verdict as people read it: of a search that found nothing "nothing found", never "held".
std::string_view shown_verdict(const scenarios::VerifyResult& result, scenarios::Verdict verdict);

/// "searched, no proof: 16 000 runs, nothing found; a bug of depth 3 or less was missed with a probability of
/// up to 41 %"; empty for a result that is none of a search.
std::string searched_text(const scenarios::VerifyResult& result);

}  // namespace lockstorm::reports
