#include "scenarios/gate/policy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lockstorm::scenarios {

std::expected<FailOn, std::string> parse_fail_on(std::string_view text) {
  if (text == "never") return FailOn{std::nullopt};
  if (const std::optional<Grade> grade = grade_named(text)) return FailOn{grade};
  std::vector<std::string_view> names{"never"};
  for (std::size_t number = 0; number < sim::kCountOf<Grade>; ++number)
    names.push_back(grade_name(static_cast<Grade>(number)));
  const std::string nearest = did_you_mean(text, names);
  return std::unexpected(
      fmt::format("one of {}{}", fmt::join(names, ", "), nearest.empty() ? "" : "; " + nearest));
}

}  // namespace lockstorm::scenarios
