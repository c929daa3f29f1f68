#include "reports/story/search_words.hpp"

#include <fmt/format.h>

#include "reports/format/layout.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Searched;
using scenarios::Verdict;
using scenarios::VerifyResult;

// Without runs of PCT nothing is known of a bug of some depth.
std::string chance_text(const Searched& searched) {
  std::string text;
  if (searched.depth < searched.pct.runs.size())
    text = fmt::format("a bug of depth {} or less was missed with a probability of up to {}", searched.depth,
                       percent(chance_missed(searched.pct, searched.depth)));
  else
    text = fmt::format("how likely it is that a bug of depth {} was missed is not known", searched.depth);
  if (searched.seen_through > 3)
    text += fmt::format("; with confidence 95 % fewer than {} of such runs violate anything",
                        percent(scenarios::rule_of_three(searched.seen_through)));
  return text;
}

std::string parts_text(const Searched& searched) {
  if (!searched.missing.empty())
    return fmt::format(", {} of {} parts missing", searched.missing.size(), searched.parts);
  if (searched.part) return fmt::format(", part {} of {}", *searched.part + 1, searched.parts);
  return {};
}

}  // namespace

std::string percent(double share) {
  if (share >= 0.9995) return "100 %";
  if (share >= 0.001) return fmt::format("{:.1f} %", share * 100);
  return fmt::format("{:.0e}", share);
}

std::string_view shown_verdict(const VerifyResult& result, Verdict verdict) {
  return result.searched && verdict == Verdict::held ? "nothing found" : scenarios::verdict_name(verdict);
}

std::string searched_text(const VerifyResult& result) {
  if (!result.searched) return {};
  const Searched& searched = *result.searched;
  std::string text =
      fmt::format("searched, no proof: {}{}", counted(searched.runs, "run"), parts_text(searched));
  if (!result.only_searched()) return text;
  text += ", nothing found";
  if (searched.runs <= 1) return text + "; what other runs do is not known";
  return text + "; " + chance_text(searched);
}

}  // namespace lockstorm::reports
