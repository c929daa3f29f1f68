#include "scenarios/gate/rule_ids.hpp"

#include "checkers/property_set.hpp"
#include "scenarios/findings/rules.hpp"
#include "scenarios/pipeline/hazard_findings.hpp"

namespace lockstorm::scenarios {

std::expected<std::string, std::string> known_rule_id(std::string_view id) {
  if (const unsigned hazard = pipeline::hazard_of_id(id); hazard != 0) return pipeline::hazard_id(hazard);
  const auto rule = rule_of_id(id);
  if (!rule) return std::unexpected(rule.error());
  return rule->id();
}

const std::vector<std::string>& all_rule_ids() {
  static const std::vector<std::string> ids = [] {
    std::vector<std::string> all;
    for (const BackendType* type : backend_types()) {
      for (const checkers::Property property : checkers::PropertySet::of_backends()) {
        for (const Trouble& cause : troubles()) all.push_back(Rule{type, property, &cause}.id());
      }
    }
    for (unsigned hazard = 1; hazard <= pipeline::kHazards; ++hazard)
      all.push_back(pipeline::hazard_id(hazard));
    return all;
  }();
  return ids;
}

}  // namespace lockstorm::scenarios
