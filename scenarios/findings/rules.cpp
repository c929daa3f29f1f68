#include "scenarios/findings/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "checkers/property_set.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::string_view kPrefix = "LS-";
constexpr unsigned kCauseNumbers = 100;

// The first digit of a rule's number. They are part of ids: a new property takes the next. 0: no audit of
// backends judges it, so that it has no rule.
constexpr unsigned digit_of(checkers::Property property) {
  constexpr auto kDigits = sim::one_for_each<checkers::Property, unsigned>({1, 2, 3, 4, 5, 6, 7, 8, 9, 0});
  return kDigits[checkers::property_number(property)];
}

// "lock-table" -> "LOCKTABLE".
std::string name_in_ids(std::string_view backend) {
  std::string name;
  for (const char c : backend) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

constexpr std::string_view kForm = "a rule's id is LS-BACKEND-NUMBER, such as LS-S3-310";

}  // namespace

std::string Rule::id() const {
  return fmt::format("{}{}-{}{:02}", kPrefix, name_in_ids(backend->name), digit_of(property), cause->number);
}

std::expected<Rule, std::string> rule_of_id(std::string_view id) {
  std::string upper(id);
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
  const std::size_t dash = upper.rfind('-');
  if (!upper.starts_with(kPrefix) || dash <= kPrefix.size() || upper.size() != dash + 4 ||
      !std::ranges::all_of(upper.substr(dash + 1), [](unsigned char c) { return std::isdigit(c) != 0; }))
    return std::unexpected(std::string(kForm));
  const std::string name = upper.substr(kPrefix.size(), dash - kPrefix.size());
  const unsigned number = static_cast<unsigned>(std::stoul(upper.substr(dash + 1)));
  const auto types = backend_types();
  const auto type =
      std::ranges::find_if(types, [&](const BackendType* one) { return name_in_ids(one->name) == name; });
  if (type == types.end())
    return std::unexpected(fmt::format("no backend has rules that begin with {}{}-", kPrefix, name));
  const Trouble* cause = trouble_numbered(number % kCauseNumbers);
  for (const checkers::Property property : checkers::PropertySet::of_backends()) {
    if (cause != nullptr && digit_of(property) == number / kCauseNumbers) return Rule{*type, property, cause};
  }
  return std::unexpected(fmt::format("no rule has the number {:03}", number));
}

}  // namespace lockstorm::scenarios
