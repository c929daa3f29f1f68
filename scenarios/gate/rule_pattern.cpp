#include "scenarios/gate/rule_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "scenarios/data/input_error.hpp"
#include "scenarios/gate/rule_ids.hpp"

namespace lockstorm::scenarios {
namespace {

std::string with_nearest(std::string problem, std::string_view given) {
  const std::vector<std::string_view> names(all_rule_ids().begin(), all_rule_ids().end());
  const std::string hint = did_you_mean(given, names);
  return hint.empty() ? problem : fmt::format("{}; {}", problem, hint);
}

}  // namespace

std::expected<RulePattern, std::string> RulePattern::parse(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
  if (!upper.ends_with('*')) {
    if (const auto rule = known_rule_id(upper); !rule)
      return std::unexpected(with_nearest(rule.error(), upper));
    return RulePattern(std::move(upper));
  }
  const std::string_view beginning = std::string_view(upper).substr(0, upper.size() - 1);
  // Less than a backend's name would accept what nobody has looked at.
  if (std::ranges::count(beginning, '-') < 2)
    return std::unexpected(std::string("a pattern begins with a backend's rules, such as LS-S3-*"));
  if (std::ranges::none_of(all_rule_ids(), [&](const std::string& id) { return id.starts_with(beginning); }))
    return std::unexpected(with_nearest(fmt::format("no rule begins with {}", beginning), beginning));
  return RulePattern(std::move(upper));
}

bool RulePattern::matches(std::string_view id) const {
  return text_.ends_with('*') ? id.starts_with(std::string_view(text_).substr(0, text_.size() - 1))
                              : id == text_;
}

}  // namespace lockstorm::scenarios
