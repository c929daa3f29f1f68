#include "scenarios/findings/comparison.hpp"

#include <algorithm>
#include <tuple>

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using checkers::PropertySet;

constexpr Side other_of(Side side) { return side == Side::a ? Side::b : Side::a; }

bool is_same(const Finding& one, const Finding& other) {
  return one.rule.property == other.rule.property && one.rule.cause == other.rule.cause;
}

class Comparison {
 public:
  Comparison(const AuditedSetUp& a, const AuditedSetUp& b) : a_(a), b_(b) {}

  [[nodiscard]] std::vector<ComparisonQuestion> questions() const {
    std::map<std::pair<Side, std::size_t>, PropertySet> open;
    for (const Side side : {Side::a, Side::b}) {
      for (const Finding& finding : of(side).findings) {
        if (is_implied_on(other_of(side), finding)) continue;
        if (const auto number = open_on(other_of(side), finding))
          open[{other_of(side), *number}].insert(finding.rule.property);
      }
    }
    std::vector<ComparisonQuestion> questions;
    for (const auto& [place, check] : open) questions.push_back({place.first, place.second, check});
    return questions;
  }

  std::vector<ComparedFinding> compare(std::span<const VerifyResult> answers) {
    const std::vector<ComparisonQuestion> asked = questions();
    for (std::size_t i = 0; i < std::min(asked.size(), answers.size()); ++i)
      answers_.emplace(std::pair(asked[i].side, asked[i].configuration), &answers[i]);
    std::vector<ComparedFinding> all;
    for (const Side side : {Side::b, Side::a}) {
      for (const Finding& finding : of(side).findings) {
        if (side == Side::a && has(Side::b, finding)) continue;
        const std::optional<Verdict> elsewhere = verdict_on(other_of(side), finding);
        all.push_back({change_of(side, finding, elsewhere), side, finding, elsewhere});
      }
    }
    std::ranges::stable_sort(all, std::ranges::less{}, [](const ComparedFinding& one) {
      return std::tuple(one.finding.is_inherent, -static_cast<int>(one.finding.grade), one.finding.occurrence,
                        one.finding.harm);
    });
    return all;
  }

 private:
  [[nodiscard]] const AuditedSetUp& of(Side side) const { return side == Side::a ? a_ : b_; }

  [[nodiscard]] bool has(Side side, const Finding& finding) const {
    return std::ranges::any_of(of(side).findings, [&](const Finding& one) { return is_same(one, finding); });
  }

  // More trouble violates what less trouble does.
  [[nodiscard]] bool is_implied_on(Side side, const Finding& finding) const {
    return std::ranges::any_of(of(side).findings, [&](const Finding& one) {
      return one.rule.property == finding.rule.property && one.rule.cause->is_part_of(*finding.rule.cause);
    });
  }

  // The configuration of that side in which the finding's cause may strike; none: it cannot happen there.
  [[nodiscard]] std::optional<std::size_t> configuration_on(Side side, const Finding& finding) const {
    const auto& all = of(side).configurations;
    const auto found = std::ranges::find_if(
        all, [&](const Scenario& one) { return &trouble_of(one) == finding.rule.cause; });
    if (found == all.end()) return std::nullopt;
    return static_cast<std::size_t>(found - all.begin());
  }

  [[nodiscard]] bool means_something(Side side, Property property) const {
    const auto& results = of(side).results;
    return !results.empty() && results.front().properties.contains(property);
  }

  [[nodiscard]] std::optional<Verdict> verified(Side side, std::size_t number, Property property) const {
    const auto& results = of(side).results;
    if (number >= results.size()) return std::nullopt;
    if (results[number].cannot_happen()) return Verdict::held;
    return results[number].answer(property);
  }

  [[nodiscard]] std::optional<std::size_t> open_on(Side side, const Finding& finding) const {
    if (!means_something(side, finding.rule.property)) return std::nullopt;
    const auto number = configuration_on(side, finding);
    if (!number || verified(side, *number, finding.rule.property)) return std::nullopt;
    return number;
  }

  [[nodiscard]] std::optional<Verdict> verdict_on(Side side, const Finding& finding) const {
    if (is_implied_on(side, finding)) return Verdict::violated;
    if (!means_something(side, finding.rule.property)) return std::nullopt;
    const auto number = configuration_on(side, finding);
    if (!number) return Verdict::held;
    if (const auto known = verified(side, *number, finding.rule.property)) return known;
    const auto answer = answers_.find({side, *number});
    if (answer == answers_.end()) return Verdict::unknown;
    if (answer->second->cannot_happen()) return Verdict::held;
    return answer->second->answer(finding.rule.property).value_or(Verdict::unknown);
  }

  // Where there is no lock nobody is protected at any time: what a lock may fail to protect from is no news
  // there.
  [[nodiscard]] bool is_without_lock(Side side) const {
    return !means_something(side, Property::lock_released) && !of(side).results.empty();
  }

  [[nodiscard]] Change change_of(Side side, const Finding& finding, std::optional<Verdict> elsewhere) const {
    if (!elsewhere) {
      const bool stays = finding.harm == Harm::protection && is_without_lock(other_of(side));
      if (stays) return Change::stays;
    } else if (*elsewhere == Verdict::violated) {
      return Change::stays;
    } else if (*elsewhere != Verdict::held) {
      return Change::unknown;
    }
    return side == Side::a ? Change::goes : Change::comes;
  }

  AuditedSetUp a_;
  AuditedSetUp b_;
  std::map<std::pair<Side, std::size_t>, const VerifyResult*> answers_;
};

}  // namespace

std::vector<ComparisonQuestion> comparison_questions(const AuditedSetUp& a, const AuditedSetUp& b) {
  return Comparison(a, b).questions();
}

std::vector<ComparedFinding> compare_findings(const AuditedSetUp& a, const AuditedSetUp& b,
                                              std::span<const VerifyResult> answers) {
  return Comparison(a, b).compare(answers);
}

}  // namespace lockstorm::scenarios
