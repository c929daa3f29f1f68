// What a campaign found, and how likely it is that it missed something, for people and for scripts.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "reports/format/style.hpp"
#include "scenarios/hunt/hunt.hpp"

namespace lockstorm::reports {

std::string hunt_text(const scenarios::HuntResult& hunted, const Style& style);

/// One page: verdicts with their counterexamples, and what was searched.
std::string html_hunts(std::span<const scenarios::HuntResult> hunts);

/// The form of every result, and a member "hunt". A shard's has what `merge` needs to join it with the
/// others.
nlohmann::ordered_json hunt_json(const scenarios::HuntResult& hunted);

}  // namespace lockstorm::reports
