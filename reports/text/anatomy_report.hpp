// What a backend does, call by call, as text and JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "reports/format/style.hpp"
#include "scenarios/campaigns/anatomy.hpp"

namespace lockstorm::reports {

/// Tools that do the same in a mode are told once.
std::string text_anatomy(std::span<const scenarios::Anatomy> all, const Style& style);
nlohmann::ordered_json json_anatomy(std::span<const scenarios::Anatomy> all);

}  // namespace lockstorm::reports
