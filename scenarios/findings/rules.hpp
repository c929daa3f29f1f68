// Rule ids: stable names of what an audit can find, for pages, baselines, acceptances and code scanning.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "checkers/properties.hpp"
#include "scenarios/campaigns/troubles.hpp"
#include "scenarios/data/backend_type.hpp"

namespace lockstorm::scenarios {

/// "LS-S3-310": on that backend that property is violated by that cause. The first digit of the number is the
/// property's, the others are the cause's, so every finding has an id and no two share one.
struct Rule {
  const BackendType* backend = nullptr;
  checkers::Property property{};
  const Trouble* cause = nullptr;

  [[nodiscard]] std::string id() const;
  friend bool operator==(const Rule&, const Rule&) = default;
};

/// The rule of that id; letters may be small. Or why there is none, in one clause.
std::expected<Rule, std::string> rule_of_id(std::string_view id);

}  // namespace lockstorm::scenarios
