// The scenario format as text and as a page, from what its reader declares.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

#include "reports/format/style.hpp"
#include "scenarios/files/scenario_keys.hpp"

namespace lockstorm::reports {

/// Each key with its meaning, what may stand there, what holds without it, and an example.
std::string text_keys(const std::vector<scenarios::KeySection>& sections, const Style& style);

nlohmann::ordered_json json_keys(const std::vector<scenarios::KeySection>& sections);

/// docs/scenario.md: all keys of all sections and backends.
std::string scenario_page();

}  // namespace lockstorm::reports
