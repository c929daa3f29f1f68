#include "reports/campaigns/what_to_change.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/campaigns/finding_words.hpp"
#include "reports/format/layout.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Finding;
using scenarios::Improvement;

// "3 critical, 1 high (LS-S3-300, LS-S3-400 and 2 more)".
std::string findings_named(std::span<const Finding> findings) {
  constexpr std::size_t kNamed = 3;
  std::vector<std::string> ids;
  for (const Finding& finding : findings) ids.push_back(finding.rule.id());
  return fmt::format("{} ({})", grades_text(findings), first_few(std::move(ids), kNamed));
}

std::string effect(const Improvement& improvement) {
  std::string text = fmt::format("turns {}", findings_named(improvement.turned));
  if (!improvement.opened.empty()) text += fmt::format(", but opens {}", findings_named(improvement.opened));
  text += ".";
  if (!improvement.price.empty()) text += fmt::format(" Its price: {}.", improvement.price);
  return text;
}

// Rules that people follow and no setting says, of those that were tried on the runs that are shown: with the
// findings that each turns.
std::vector<std::string> conduct(const AuditAnswer& answer) {
  struct Rule {
    std::string rule, price;
    std::vector<Finding> turned;
  };
  std::vector<Rule> rules;
  for (const Finding& finding : answer.graded) {
    const scenarios::Counterexample* run = shown_run(answer, finding);
    if (run == nullptr || run->tried.empty() || finding.is_inherent) continue;
    const scenarios::TriedChange& last = run->tried.back();
    if (last.verdict != scenarios::Verdict::held || !last.is_conduct) continue;
    auto known = std::ranges::find(rules, last.rule, &Rule::rule);
    if (known == rules.end()) known = rules.insert(known, {last.rule, last.price, {}});
    known->turned.push_back(finding);
  }
  std::vector<std::string> items;
  for (const Rule& one : rules)
    items.push_back(
        fmt::format("{}: {}", capitalised(one.rule), effect({"", "", one.price, one.turned, {}})));
  return items;
}

}  // namespace

std::vector<std::string> what_to_change(const AuditAnswer& answer) {
  std::vector<std::string> items;
  // Where there is no lock, to get one comes first, and then what was seen of it.
  const bool is_locked = answer.plan.backend->traits().has_lock;
  const std::size_t first = is_locked ? 0 : std::min<std::size_t>(1, answer.advice.size());
  items.insert(items.end(), answer.advice.begin(),
               answer.advice.begin() + static_cast<std::ptrdiff_t>(first));
  for (const Improvement& improvement : answer.improvements)
    items.push_back(
        fmt::format("{} ({}): {}", capitalised(improvement.rule), improvement.how, effect(improvement)));
  std::ranges::move(conduct(answer), std::back_inserter(items));
  items.insert(items.end(), answer.advice.begin() + static_cast<std::ptrdiff_t>(first), answer.advice.end());
  return items;
}

}  // namespace lockstorm::reports
