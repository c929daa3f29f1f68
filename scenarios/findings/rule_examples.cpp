#include "scenarios/findings/rule_examples.hpp"

#include <algorithm>

#include "scenarios/files/audit_name.hpp"
#include "scenarios/files/library.hpp"

namespace lockstorm::scenarios {

const std::vector<RuleExample>& rule_examples() {
  static const std::vector<RuleExample> examples = [] {
    std::vector<RuleExample> all;
    for (std::string_view rest = detail::embedded_rules(); !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const std::size_t space = line.find(' ');
      if (!line.empty() && !line.starts_with('#'))
        all.push_back({line.substr(0, space), line.substr(space + 1)});
    }
    return all;
  }();
  return examples;
}

std::optional<Scenario> example_of(const Rule& rule) {
  const auto found = std::ranges::find(rule_examples(), rule.id(), &RuleExample::id);
  if (found == rule_examples().end()) return std::nullopt;
  auto scenario = scenario_of_audit_name(found->configuration);
  if (!scenario) return std::nullopt;
  scenario->check = checkers::PropertySet{rule.property};
  return *std::move(scenario);
}

}  // namespace lockstorm::scenarios
