// What many runs in virtual time have shown, for people and for scripts.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "reports/format/style.hpp"
#include "scenarios/contend/contend.hpp"

namespace lockstorm::reports {

std::string contend_text(const scenarios::ContendResult& result, const Style& style);

/// One object; docs/schema/contend.schema.json says what is in it.
nlohmann::ordered_json contend_json(const scenarios::ContendResult& result);

/// A table of all results for a CI summary or a README.
std::string contend_markdown(std::span<const scenarios::ContendResult> results);

/// "the first after 3h 20m (2h 40m to 4h 10m) on average, 12 times in all", "not seen in 100d; proved for two
/// jobs (12 345 states)".
std::string safety_words(const scenarios::SafetyEstimate& estimate);

/// "Nothing bounds that, which is proved: ..." of how often a job that waits is overtaken.
std::string overtaking_words(const scenarios::OvertakingProof& proof);

/// What a run that was cut off waited for: "200 jobs wait for the lock of a job that was killed, ...".
std::string stuck_text(const scenarios::Stuck& stuck);

}  // namespace lockstorm::reports
