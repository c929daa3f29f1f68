#include "reports/text/any_number_text.hpp"

#include <fmt/format.h>

namespace lockstorm::reports {
namespace {

using scenarios::AnyNumberResult;
using scenarios::AnyNumberVerdict;

std::string why_not_proved(const AnyNumberResult& result, const AnyNumberVerdict& verdict) {
  if (verdict.violated_by > 0) return {};  // no proof was to be had
  if (!verdict.too_coarse.empty()) return "views of one job are too coarse " + verdict.too_coarse;
  return result.why_not;
}

std::string any_number_verdict(const AnyNumberVerdict& verdict) {
  if (verdict.held) return "held for any number of jobs";
  if (verdict.violated_by > 0) return fmt::format("violated by {} jobs", verdict.violated_by);
  if (verdict.held_up_to > 0) return fmt::format("held up to {} jobs", verdict.held_up_to);
  return "unknown";
}

}  // namespace

std::string any_number_text(const scenarios::Scenario& scenario, const AnyNumberResult& result) {
  std::string text =
      fmt::format("Any number of jobs like those of {}:\n", scenarios::printable(scenario.name));
  if (result.properties.empty()) text += "  the scenario checks no property that views can tell of\n";
  bool any = false;
  for (const AnyNumberVerdict& verdict : result.properties) {
    text +=
        fmt::format("  {:<21} {}\n", checkers::property_name(verdict.property), any_number_verdict(verdict));
    any |= verdict.held;
    const std::string reason = verdict.held ? std::string() : why_not_proved(result, verdict);
    if (!reason.empty()) text += fmt::format("      {}\n", reason);
  }
  if (any)
    text += fmt::format(
        "  Proof: {} views of one job and the services, closed under {} steps of two jobs. Taken for "
        "granted:\n"
        "  names are only names, and serial numbers go on at 1 after 255, as in the models "
        "(docs/any-number.md)\n",
        result.views, result.steps);
  return text;
}

}  // namespace lockstorm::reports
