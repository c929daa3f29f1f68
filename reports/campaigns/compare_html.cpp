// Two configurations compared, as a page.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "reports/campaigns/audit_report.hpp"
#include "reports/campaigns/compare_report.hpp"
#include "reports/campaigns/finding_words.hpp"
#include "reports/campaigns/page_rules.hpp"
#include "reports/campaigns/roll_out_words.hpp"
#include "reports/html/html_page.hpp"
#include "reports/html/page_data.hpp"

namespace lockstorm::reports {
namespace {

using Json = PageData::Json;
using scenarios::Change;
using scenarios::ComparedFinding;

std::string_view page_word(Change change) {
  constexpr auto kWords = sim::text_for_each<Change>({"goes", "comes", "stays", "not known"});
  return kWords[static_cast<std::size_t>(change)];
}

// [change, rule, property, grade, "inherent" or nothing, sentence, run], what comes first.
Json page_compared(PageData& data, const CompareAnswer& answer, const ComparedPair& pair,
                   std::set<std::string>& rules) {
  Json findings = Json::array();
  for (const Change change : {Change::comes, Change::unknown, Change::goes, Change::stays}) {
    for (const ComparedFinding& one : pair.findings) {
      if (one.change != change) continue;
      const bool on_a = one.side == scenarios::Side::a;
      const AuditAnswer& audit = on_a ? answer.a[pair.states.a] : answer.b[pair.states.b];
      const scenarios::Counterexample* found = shown_run(audit, one.finding);
      Json run = nullptr;
      if (found != nullptr) run = data.add_run(audit.results[one.finding.configuration], *found);
      rules.insert(one.finding.rule.id());
      findings.push_back({data.text(page_word(change)), data.text(one.finding.rule.id()),
                          data.text(checkers::property_name(one.finding.rule.property)),
                          data.text(grade_name(one.finding.grade)), one.finding.is_inherent ? 1 : 0,
                          data.text(finding_sentence(audit, one.finding)), run});
    }
  }
  return findings;
}

// [what is beside what, how safe it is, the run that breaks it].
Json page_crossings(PageData& data, const ComparedPair& pair) {
  Json crossings = Json::array();
  const std::vector<ShownCrossing> shown = shown_crossings(pair);
  for (std::size_t i = 0; i < pair.judged.crossings.size(); ++i) {
    const scenarios::JudgedCrossing& judged = pair.judged.crossings[i];
    Json run = nullptr;
    for (const ShownCrossing& one : shown) {
      if (one.crossing != i) continue;
      const scenarios::VerifyResult& result = judged.results[one.world];
      if (const auto* found = result.counterexample_of(one.property)) run = data.add_run(result, *found);
    }
    crossings.push_back({data.text(crossing_text(*pair.plan, pair.plan->crossings[i])),
                         data.text(safety_word(judged.safety)), run});
  }
  return crossings;
}

Json page_orders(const ComparedPair& pair) {
  Json orders = Json::array();
  for (std::size_t i = 0; i < pair.judged.orders.size(); ++i)
    orders.push_back({order_text(*pair.plan, pair.plan->orders[i]), safety_word(pair.judged.orders[i]),
                      pair.judged.best == i ? 1 : 0});
  return orders;
}

Json page_pair(PageData& data, const CompareAnswer& answer, const ComparedPair& pair,
               std::set<std::string>& rules) {
  const auto side = [](const AuditAnswer& one) {
    return summary_text(one) + (one.plan.premise.empty() ? "" : ", if " + one.plan.premise);
  };
  Json page{{"states", states_of(answer, pair)},
            {"a", side(answer.a[pair.states.a])},
            {"b", side(answer.b[pair.states.b])},
            {"sentence", comparison_sentence(answer, &pair)},
            {"findings", page_compared(data, answer, pair, rules)},
            {"crossings", Json::array()},
            {"orders", Json::array()}};
  if (!pair.plan) return page;
  page["crossings"] = page_crossings(data, pair);
  page["orders"] = page_orders(pair);
  return page;
}

}  // namespace

std::string html_comparison(const CompareAnswer& answer) {
  PageData data;
  std::set<std::string> rules;
  Json pairs = Json::array();
  for (const ComparedPair& pair : answer.pairs) pairs.push_back(page_pair(data, answer, pair, rules));
  Json only = Json::array();
  for (const auto* unpaired : {&answer.only_in_a, &answer.only_in_b}) {
    const bool on_a = unpaired == &answer.only_in_a;
    for (const scenarios::UnpairedState& state : *unpaired)
      only.push_back(fmt::format("{}: only in {}, {}", state.name, on_a ? "A" : "B",
                                 grades_text((on_a ? answer.a : answer.b)[state.set_up].graded)));
  }
  if (const std::string hazards = hazards_sentence(answer); !hazards.empty()) only.push_back(hazards);
  for (const scenarios::pipeline::ComparedHazard& one : answer.hazards) {
    const scenarios::pipeline::HazardFinding& finding = finding_of(answer, one);
    only.push_back(fmt::format("{}: {} ({}), {}:{}: {}", page_word(one.change), finding.id(),
                               scenarios::grade_name(finding.grade), finding.where.file, finding.where.line,
                               hazard_sentence(answer, one)));
  }
  const std::string names = fmt::format("{} -> {}", answer.name_a, answer.name_b);
  Json body{{"compared", {{"names", names}, {"pairs", std::move(pairs)}, {"only", std::move(only)}}},
            {"rules", page_rules(data, rules)}};
  for (const scenarios::InputError& one : answer.complaints) body["complaints"].push_back(one.render());
  return html_page("lockstorm compare: " + names, data.document("compare", body));
}

}  // namespace lockstorm::reports
