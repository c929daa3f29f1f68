#include "reports/audit_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "reports/json_report.hpp"
#include "reports/layout.hpp"
#include "reports/text_report.hpp"
#include "reports/words.hpp"
#include "scenarios/matrix.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::adversity_text;
using scenarios::AuditFinding;
using scenarios::Scenario;
using scenarios::Verdict;
using scenarios::VerifyResult;

std::string finding_line(const AuditAnswer& answer, const AuditFinding& finding, const Style& style) {
  const std::string verdict = pad(std::string(scenarios::verdict_name(finding.verdict)), 10);
  std::string out = "  " + pad(std::string(checkers::property_name(finding.property)), 22) +
                    style(Style::ink_of(finding.verdict), verdict);
  if (finding.verdict == Verdict::held) {
    out += fmt::format("proved in {}", counted(finding.held_in.size(), "configuration"));
  } else {
    out += fmt::format("with {}", adversity_text(answer.results[finding.configuration].scenario));
  }
  return out + "\n";
}

// What a configuration showed. Those that come after a violation check fewer properties, so they "hold" less.
std::string outcome_of(const AuditAnswer& answer, const VerifyResult& result, const Style& style) {
  if (result.verdict == Verdict::invalid) return "cannot happen here";
  const bool all_checked = result.properties.size() == answer.results.front().properties.size();
  const std::string_view words =
      result.verdict == Verdict::held && !all_checked ? "nothing new" : verdict_name(result.verdict);
  std::string out = style(Style::ink_of(result.verdict), pad(std::string(words), 13)) +
                    counted(result.explored.states, "state");
  if (!result.explored.complete) out += ", not complete: " + result.why;
  return out;
}

std::string configuration_lines(const AuditAnswer& answer, const Style& style) {
  std::string out;
  std::size_t states = 0;
  for (std::size_t i = 0; i < answer.results.size(); ++i) {
    const VerifyResult& result = answer.results[i];
    states += result.explored.states;
    out += fmt::format("  {:>2}  {}{}\n", i + 1, pad(adversity_text(result.scenario), 52),
                       outcome_of(answer, result, style));
  }
  return out + fmt::format("  {} in all; odds of a hash collision: 0, states are compared exactly\n",
                           counted(states, "state"));
}

std::string counterexample_screens(const AuditAnswer& answer, const Style& style) {
  std::string out;
  for (const AuditFinding& finding : answer.findings) {
    if (finding.verdict != Verdict::violated) continue;
    const VerifyResult& result = answer.results[finding.configuration];
    const auto found =
        std::ranges::find(result.counterexamples, finding.property, &scenarios::Counterexample::property);
    if (found == result.counterexamples.end()) continue;
    const std::string title = fmt::format("-- {}, with {} ", checkers::property_name(finding.property),
                                          adversity_text(result.scenario));
    out += "\n" + title + std::string(style.width - std::min(style.width, text_width(title)), '-') + "\n";
    out += text_counterexample(result, *found, style);
  }
  return out;
}

std::string list_of(const std::vector<std::string>& items, const Style& style) {
  std::string out;
  for (const std::string& item : items) out += paragraph(item, style, 4, "  - ");
  return out;
}

}  // namespace

std::string text_audit(const AuditAnswer& answer, const Style& style) {
  const Verdict verdict = scenarios::audit_verdict(answer.results);
  const Scenario& first = answer.plan.configurations.front();
  const std::string where = answer.plan.where.file.empty()
                                ? "no backend block"
                                : fmt::format("{}:{}", answer.plan.where.file, answer.plan.where.line);
  std::string out =
      style(Ink::bold, answer.path) + ": " + style(Style::ink_of(verdict), verdict_name(verdict)) + "\n";
  out += paragraph(fmt::format("{} ({}), -lock-timeout={}", scenarios::summary(first), where,
                               duration_text(answer.plan.options.lock_timeout)),
                   style);
  if (!answer.plan.assumptions.empty())
    out += "\nTaken for granted:\n" + list_of(answer.plan.assumptions, style);
  out += "\n";
  for (const AuditFinding& finding : answer.findings) out += finding_line(answer, finding, style);
  out +=
      "\nConfigurations, each explored in full unless it says otherwise; a property that is violated is "
      "not\nchecked again with more faults:\n" +
      configuration_lines(answer, style);
  out += counterexample_screens(answer, style);
  if (!answer.advice.empty())
    out += "\n" + style(Ink::bold, "What to change") + "\n" + list_of(answer.advice, style);
  return out;
}

std::string json_audit(const AuditAnswer& answer) {
  using Json = nlohmann::ordered_json;
  std::set<std::size_t> reported;
  Json properties = Json::object();
  for (const AuditFinding& finding : answer.findings) {
    Json entry{{"verdict", scenarios::verdict_name(finding.verdict)}};
    if (finding.verdict != Verdict::held) {
      entry["configuration"] = answer.results[finding.configuration].scenario.name;
      reported.insert(finding.configuration);
    }
    properties[std::string(checkers::property_name(finding.property))] = std::move(entry);
  }
  Json results = Json::array();
  Json configurations = Json::array();
  for (std::size_t i = 0; i < answer.results.size(); ++i) {
    const VerifyResult& result = answer.results[i];
    configurations.push_back({{"name", result.scenario.name},
                              {"verdict", scenarios::verdict_name(result.verdict)},
                              {"complete", result.explored.complete},
                              {"states", result.explored.states},
                              {"checked", result.properties.size()}});
    if (reported.empty() || reported.contains(i)) results.push_back(json_result(result, "audit"));
  }
  Json audit{{"path", answer.path},
             {"verdict", scenarios::verdict_name(scenarios::audit_verdict(answer.results))},
             {"tool", answer.plan.tool == models::Dialect::terraform ? "terraform" : "opentofu"},
             {"assumptions", answer.plan.assumptions},
             {"properties", std::move(properties)},
             {"configurations", std::move(configurations)},
             {"advice", answer.advice}};
  return json_text(Json{{"results", std::move(results)}, {"audit", std::move(audit)}});
}

}  // namespace lockstorm::reports
