// Ids of all that an audit can find: rules of backends, and hazards of pipelines.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace lockstorm::scenarios {

/// The id as it is written, in capitals; letters may be small. Or why there is none, in one clause.
[[nodiscard]] std::expected<std::string, std::string> known_rule_id(std::string_view id);

/// All of them.
[[nodiscard]] const std::vector<std::string>& all_rule_ids();

}  // namespace lockstorm::scenarios
