#include <nlohmann/json.hpp>

#include "reports/campaigns/compare_report.hpp"
#include "reports/campaigns/finding_words.hpp"
#include "reports/campaigns/roll_out_words.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/format/version.hpp"
#include "scenarios/data/printable.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;
using scenarios::Change;

Json property_names_json(checkers::PropertySet properties) {
  Json names = Json::array();
  for (const checkers::Property property : properties) names.push_back(checkers::property_name(property));
  return names;
}

Json side_json(const AuditAnswer& answer) {
  return {{"path", answer.path},
          {"tool", scenarios::tool_key(answer.plan.tool)},
          {"backend", answer.plan.backend->summary()},
          {"verdict", scenarios::verdict_name(scenarios::audit_verdict(answer.results))},
          {"premise", answer.plan.premise},
          {"assumptions", answer.plan.assumptions}};
}

Json compared_json(const CompareAnswer& answer, const ComparedPair& pair,
                   const scenarios::ComparedFinding& one) {
  constexpr auto kChanges = sim::text_for_each<Change>({"goes", "comes", "stays", "unknown"});
  const scenarios::Finding& finding = one.finding;
  const AuditAnswer& side =
      one.side == scenarios::Side::a ? answer.a[pair.states.a] : answer.b[pair.states.b];
  Json json{{"change", kChanges[static_cast<std::size_t>(one.change)]},
            {"rule", finding.rule.id()},
            {"grade", scenarios::grade_name(finding.grade)},
            {"property", checkers::property_name(finding.rule.property)},
            {"cause", finding.rule.cause->name},
            {"inherent", finding.is_inherent},
            {"text", finding_sentence(side, finding)},
            {"configuration", side.results[finding.configuration].scenario.name}};
  json["on_the_other_side"] =
      one.elsewhere ? Json(scenarios::verdict_name(*one.elsewhere)) : Json("means nothing");
  return json;
}

Json crossing_json(const scenarios::RollOutPlan& plan, const scenarios::Crossing& crossing,
                   const scenarios::JudgedCrossing& judged) {
  Json json{{"from", plan.blocks[crossing.from].name},
            {"to", plan.blocks[crossing.to].name},
            {"way", way_name(crossing.way)},
            {"text", crossing_text(plan, crossing)},
            {"safety", safety_word(judged.safety)},
            {"violates", property_names_json(judged.violated)},
            {"opens", property_names_json(judged.opens)},
            {"opens_when_killed", property_names_json(judged.opens_when_killed)},
            {"worlds", Json::array()}};
  for (const scenarios::VerifyResult& result : judged.results)
    json["worlds"].push_back({{"name", result.scenario.name},
                              {"verdict", scenarios::verdict_name(result.verdict)},
                              {"complete", result.explored.complete},
                              {"states", result.explored.states}});
  if (!crossing.why_not.empty()) json["why_not"] = crossing.why_not;
  return json;
}

Json roll_out_json(const ComparedPair& pair) {
  const scenarios::RollOutPlan& plan = *pair.plan;
  Json json{{"relation", relation_name(plan.relation)}, {"differ", plan.differ}, {"blocks", Json::array()}};
  for (const scenarios::RollOutBlock& block : plan.blocks)
    json["blocks"].push_back({{"name", block.name},
                              {"tool", scenarios::tool_key(block.tool)},
                              {"backend", block.backend->summary()}});
  json["crossings"] = Json::array();
  for (std::size_t i = 0; i < plan.crossings.size(); ++i)
    json["crossings"].push_back(crossing_json(plan, plan.crossings[i], pair.judged.crossings[i]));
  json["orders"] = Json::array();
  for (std::size_t i = 0; i < plan.orders.size(); ++i)
    json["orders"].push_back({{"text", order_text(plan, plan.orders[i])},
                              {"crossings", plan.orders[i].crossings},
                              {"safety", safety_word(pair.judged.orders[i])}});
  json["best"] = pair.judged.best ? Json(*pair.judged.best) : Json(nullptr);
  json["way_back"] = plan.way_back ? Json(*plan.way_back) : Json(nullptr);
  if (!plan.why_not.empty()) json["why_not"] = plan.why_not;
  return json;
}

Json place_json(const scenarios::SourceLocation& where) {
  return {{"file", where.file}, {"line", where.line}, {"column", where.column}};
}

Json compared_hazard_json(const CompareAnswer& answer, const scenarios::pipeline::ComparedHazard& one) {
  constexpr auto kChanges = sim::text_for_each<Change>({"goes", "comes", "stays", "unknown"});
  const scenarios::pipeline::HazardFinding& finding = finding_of(answer, one);
  Json causes = Json::array();
  for (const scenarios::pipeline::Cause& cause : finding.hazard.causes) {
    Json place = place_json(cause.where);
    place["what"] = scenarios::printable(cause.what);
    causes.push_back(std::move(place));
  }
  Json json{{"change", kChanges[static_cast<std::size_t>(one.change)]},
            {"rule", finding.id()},
            {"grade", scenarios::grade_name(finding.grade)},
            {"job", job_of(answer, one).name},
            {"sentence", hazard_sentence(answer, one)},
            {"where", place_json(finding.where)},
            {"causes", std::move(causes)}};
  if (one.elsewhere) json["grade_on_the_other_side"] = scenarios::grade_name(*one.elsewhere);
  return json;
}

Json compared_pipelines_json(const CompareAnswer& answer) {
  Json hazards = Json::array();
  for (const scenarios::pipeline::ComparedHazard& one : answer.hazards)
    hazards.push_back(compared_hazard_json(answer, one));
  return {{"sentence", hazards_sentence(answer)}, {"hazards", std::move(hazards)}};
}

Json only_json(const std::vector<scenarios::UnpairedState>& states, const std::vector<AuditAnswer>& answers) {
  Json json = Json::array();
  for (const scenarios::UnpairedState& state : states)
    json.push_back({{"state", state.name}, {"findings", grades_text(answers[state.set_up].graded)}});
  return json;
}

}  // namespace

std::string json_comparison(const CompareAnswer& answer) {
  Json results = Json::array();
  Json pairs = Json::array();
  for (const ComparedPair& pair : answer.pairs) {
    Json one{{"states", pair.states.names},
             {"a", side_json(answer.a[pair.states.a])},
             {"b", side_json(answer.b[pair.states.b])},
             {"sentence", comparison_sentence(answer, &pair)},
             {"findings", Json::array()}};
    for (const scenarios::ComparedFinding& finding : pair.findings)
      one["findings"].push_back(compared_json(answer, pair, finding));
    if (pair.plan) {
      one["roll_out"] = roll_out_json(pair);
      for (const ShownCrossing& shown : shown_crossings(pair))
        results.push_back(json_result(pair.judged.crossings[shown.crossing].results[shown.world], "compare"));
    }
    pairs.push_back(std::move(one));
  }
  Json json{{"lockstorm", kVersion},
            {"compare",
             {{"a", answer.name_a},
              {"b", answer.name_b},
              {"sentence", comparison_sentence(answer, nullptr)},
              {"pairs", std::move(pairs)},
              {"only_in_a", only_json(answer.only_in_a, answer.a)},
              {"only_in_b", only_json(answer.only_in_b, answer.b)}}},
            {"results", std::move(results)}};
  if (answer.pipeline_a || answer.pipeline_b) json["compare"]["pipeline"] = compared_pipelines_json(answer);
  return json_text(json);
}

}  // namespace lockstorm::reports
