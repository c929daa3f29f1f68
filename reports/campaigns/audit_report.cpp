#include "reports/campaigns/audit_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "reports/ci/json_report.hpp"
#include "reports/format/layout.hpp"
#include "reports/html/html_page.hpp"
#include "reports/html/page_data.hpp"
#include "reports/story/left_lock_story.hpp"
#include "reports/story/mechanism_words.hpp"
#include "reports/story/words.hpp"
#include "reports/text/text_report.hpp"
#include "scenarios/campaigns/matrix.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::adversity_text;
using scenarios::AuditFinding;
using scenarios::Verdict;
using scenarios::VerifyResult;

// The configuration in which killed jobs leave others the hardest way back, where that is known to help; else
// null.
const VerifyResult* hardest_recovery(const AuditAnswer& answer) {
  const VerifyResult* hardest = nullptr;
  for (const VerifyResult& result : answer.results) {
    if (result.scenario.faults[sim::Fault::crash] == 0 || result.verdict == Verdict::invalid) continue;
    if (hardest == nullptr || hardest->recovery < result.recovery) hardest = &result;
  }
  return hardest;
}

// What a finding rests on; further ways of violating it stand behind `between`.
std::string reason_text(const AuditAnswer& answer, const AuditFinding& finding, std::string_view between) {
  if (finding.verdict == Verdict::held) {
    std::string text = fmt::format("proved in {}", counted(finding.held_in.size(), "configuration"));
    const VerifyResult* hardest =
        finding.property == checkers::Property::stale_lock_recovery ? hardest_recovery(answer) : nullptr;
    return hardest == nullptr ? text : text + "; " + recovery_words(hardest->scenario, hardest->recovery);
  }
  std::string text = fmt::format("with {}", adversity_text(answer.results[finding.configuration].scenario));
  for (const std::size_t number : finding.also)
    text += fmt::format("{}with {}", between, adversity_text(answer.results[number].scenario));
  return text;
}

std::string finding_line(const AuditAnswer& answer, const AuditFinding& finding, const Style& style) {
  const std::string verdict = pad(std::string(scenarios::verdict_name(finding.verdict)), 10);
  std::string out = "  " + pad(std::string(checkers::property_name(finding.property)), 22) +
                    style(Style::ink_of(finding.verdict), verdict);
  out += reason_text(answer, finding, "\n" + std::string(34, ' '));
  return out + "\n";
}

std::string recovery_sentence(const AuditAnswer& answer) {
  const auto finding =
      std::ranges::find(answer.findings, checkers::Property::stale_lock_recovery, &AuditFinding::property);
  const VerifyResult* hardest = hardest_recovery(answer);
  const bool held = finding != answer.findings.end() && finding->verdict == Verdict::held;
  return held && hardest != nullptr ? recovery_text(hardest->scenario, hardest->recovery) : std::string();
}

std::string outcome_of(const AuditAnswer& answer, const VerifyResult& result, const Style& style) {
  if (result.invalidity == scenarios::Invalidity::nobody_succeeds)
    return style(Style::ink_of(result.verdict), outcome_text(result, answer.results.front())) + ": " +
           result.why;
  if (result.verdict == Verdict::invalid) return outcome_text(result, answer.results.front());
  const std::string words = outcome_text(result, answer.results.front());
  std::string out =
      style(Style::ink_of(result.verdict), pad(words, 13)) + counted(result.explored.states, "state");
  if (!result.explored.complete) out += ", not complete: " + result.why;
  return out;
}

std::string coverage_text(const AuditAnswer& answer) {
  std::size_t states = 0;
  for (const VerifyResult& result : answer.results) states += result.explored.states;
  return fmt::format("{} in all; odds of a hash collision: 0, states are compared exactly",
                     counted(states, "state"));
}

std::string configuration_lines(const AuditAnswer& answer, const Style& style) {
  std::string out;
  for (std::size_t i = 0; i < answer.results.size(); ++i) {
    const VerifyResult& result = answer.results[i];
    out += fmt::format("  {:>2}  {}{}\n", i + 1, pad(adversity_text(result.scenario), 52),
                       outcome_of(answer, result, style));
  }
  return out + "  " + coverage_text(answer) + "\n";
}

std::string counterexample_screens(const AuditAnswer& answer, const Style& style) {
  std::string out;
  for (const AuditFinding& finding : answer.findings) {
    const std::vector<std::size_t> in_full = told_in_full(finding);
    for (const std::size_t number : in_full) {
      const VerifyResult& result = answer.results[number];
      for (const scenarios::Counterexample& counterexample : result.counterexamples) {
        if (counterexample.property != finding.property) continue;
        const std::string title = fmt::format("-- {}, with {} ", checkers::property_name(finding.property),
                                              adversity_text(result.scenario));
        out += "\n" + title + std::string(style.width - std::min(style.width, text_width(title)), '-') + "\n";
        out += text_counterexample(result, counterexample, style);
      }
      if (const std::string others = other_mechanisms_text(result, finding.property); !others.empty())
        out += "\n" + paragraph(others, style);
    }
    for (const std::size_t number : finding.also) {
      const scenarios::Counterexample* other = answer.results[number].counterexample_of(finding.property);
      if (other == nullptr || std::ranges::find(in_full, number) != in_full.end()) continue;
      out += fmt::format("Also with {}, in {}:\nlockstorm replay {}\n",
                         adversity_text(answer.results[number].scenario),
                         counted(other->steps.size(), "step"), other->replay);
    }
  }
  return out;
}

std::string where_text(const AuditAnswer& answer) {
  if (answer.plan.where.file.empty()) return "no backend block";
  return fmt::format("{}:{}", scenarios::printable(answer.plan.where.file), answer.plan.where.line);
}

std::string summary_text(const AuditAnswer& answer) {
  scenarios::Scenario asked = answer.plan.configurations.front();
  asked.client.count = answer.plan.options.jobs;  // where nothing goes wrong, a third one joins
  return fmt::format("{} ({}), -lock-timeout={}", scenarios::summary(asked), where_text(answer),
                     duration_text(answer.plan.options.lock_timeout));
}

PageData::Json page_findings(PageData& data, const AuditAnswer& answer) {
  PageData::Json findings = PageData::Json::array();
  for (const AuditFinding& finding : answer.findings) {
    PageData::Json run = nullptr;
    const VerifyResult& result = answer.results[finding.configuration];
    const scenarios::Counterexample* found = result.counterexample_of(finding.property);
    if (finding.verdict == Verdict::violated && found != nullptr) run = data.add_run(result, *found);
    findings.push_back({data.text(checkers::property_name(finding.property)),
                        data.text(verdict_name(finding.verdict)),
                        data.text(reason_text(answer, finding, "; ")), run});
  }
  return findings;
}

std::string list_of(const std::vector<std::string>& items, const Style& style) {
  std::string out;
  for (const std::string& item : items) out += paragraph(item, style, 4, "  - ");
  return out;
}

}  // namespace

std::vector<std::size_t> told_in_full(const AuditFinding& finding) {
  if (finding.verdict != Verdict::violated) return {};
  std::vector<std::size_t> shown{finding.configuration};
  if (finding.property == checkers::Property::no_lost_update)
    shown.insert(shown.end(), finding.also.begin(), finding.also.end());
  return shown;
}

std::string text_audit(const AuditAnswer& answer, const Style& style) {
  const Verdict verdict = scenarios::audit_verdict(answer.results);
  std::string out = style(Ink::bold, scenarios::printable(answer.path)) + ": " +
                    style(Style::ink_of(verdict), verdict_name(verdict)) + "\n";
  out += paragraph(summary_text(answer), style);
  if (!answer.plan.assumptions.empty())
    out += "\nTaken for granted:\n" + list_of(answer.plan.assumptions, style);
  out += "\n";
  for (const AuditFinding& finding : answer.findings) out += finding_line(answer, finding, style);
  if (const std::string text = recovery_sentence(answer); !text.empty()) out += paragraph(text, style, 2);
  out +=
      "\nConfigurations, each explored in full unless it says otherwise; a property that is violated is "
      "not\nchecked again where the same kind of trouble comes with more:\n" +
      configuration_lines(answer, style);
  out += counterexample_screens(answer, style);
  if (!answer.advice.empty())
    out += "\n" + style(Ink::bold, "What to change") + "\n" + list_of(answer.advice, style);
  return out;
}

std::string html_audit(const AuditAnswer& answer) {
  PageData data;
  PageData::Json findings = page_findings(data, answer);
  PageData::Json configurations = PageData::Json::array();
  for (const VerifyResult& result : answer.results)
    configurations.push_back({data.text(adversity_text(result.scenario)),
                              data.text(outcome_text(result, answer.results.front())), result.explored.states,
                              result.explored.complete ? 1 : 0});
  const PageData::Json audit{{"path", answer.path},
                             {"verdict", verdict_name(scenarios::audit_verdict(answer.results))},
                             {"summary", summary_text(answer)},
                             {"findings", std::move(findings)},
                             {"advice", answer.advice},
                             {"assumptions", answer.plan.assumptions},
                             {"configurations", std::move(configurations)},
                             {"coverage", coverage_text(answer)}};
  return html_page("lockstorm audit: " + answer.path, data.document("audit", {{"audit", audit}}));
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
    for (const std::size_t number : finding.also) {
      entry["also"].push_back(answer.results[number].scenario.name);
      reported.insert(number);
    }
    const VerifyResult* hardest = hardest_recovery(answer);
    if (finding.property == checkers::Property::stale_lock_recovery && finding.verdict == Verdict::held &&
        hardest != nullptr) {
      entry["who_has_to_act"] = recovery_name(hardest->recovery);
      if (hardest->recovery == scenarios::Recovery::person)
        entry["command"] = recovery_command(hardest->scenario);
    }
    properties[std::string(checkers::property_name(finding.property))] = std::move(entry);
  }
  Json results = Json::array();
  Json configurations = Json::array();
  for (std::size_t i = 0; i < answer.results.size(); ++i) {
    const VerifyResult& result = answer.results[i];
    configurations.push_back({{"name", result.scenario.name},
                              {"state", scenarios::configuration_state(result, answer.results.front())},
                              {"verdict", scenarios::verdict_name(result.verdict)},
                              {"complete", result.explored.complete},
                              {"states", result.explored.states},
                              {"checked", result.properties.size()}});
    if (reported.empty() || reported.contains(i)) results.push_back(json_result(result, "audit"));
  }
  Json audit{{"path", answer.path},
             {"verdict", scenarios::verdict_name(scenarios::audit_verdict(answer.results))},
             {"tool", scenarios::tool_key(answer.plan.tool)},
             {"assumptions", answer.plan.assumptions},
             {"properties", std::move(properties)},
             {"configurations", std::move(configurations)},
             {"advice", answer.advice}};
  return json_text(Json{{"results", std::move(results)}, {"audit", std::move(audit)}});
}

}  // namespace lockstorm::reports
