// SARIF of an audit. What GitHub and GitLab make of each field, and their limits, is in docs/ci.md.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "reports/campaigns/audit_formats.hpp"
#include "reports/campaigns/finding_words.hpp"
#include "reports/campaigns/reported.hpp"
#include "reports/campaigns/reported_hazards.hpp"
#include "reports/campaigns/sarif_rule.hpp"
#include "reports/ci/line_hash.hpp"
#include "reports/ci/sarif_parts.hpp"
#include "reports/format/layout.hpp"
#include "reports/story/words.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/data/printable.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;
using scenarios::Finding;
using scenarios::Outcome;
using scenarios::Verdict;

// Both hosts show so many; GitHub refuses a run with more than the other number. The steps of runs are most
// of a file: with those of every result it could be larger than both take (10 MB, compressed).
constexpr std::size_t kShownResults = 5000;
constexpr std::size_t kMostResults = 25000;
constexpr std::size_t kResultsWithSteps = 1000;
// GitLab leaves out a result with a longer message. Escapes make it longer than what is counted here.
constexpr std::size_t kMessageBytes = 1700;

constexpr std::string_view kRoot = "%SRCROOT%";

Json physical_location(const scenarios::SourceLocation& where) {
  const bool is_outside = where.file.starts_with('/');
  Json artifact{{"uri", (is_outside ? "file://" : "") + sarif_uri(where.file)}};
  if (!is_outside) artifact["uriBaseId"] = kRoot;
  return {{"artifactLocation", std::move(artifact)}, {"region", sarif_region(where)}};
}

// Accepted: no matter of this run any more. Expired: no longer accepted, which is no suppression either.
// `files`: those that an acceptance in the source stands in.
Json suppressions_of(const scenarios::Standing& standing, const std::vector<std::string>& files,
                     const RepositoryPlaces& places) {
  const bool is_in_source = std::ranges::find(files, standing.where.file) != files.end();
  Json suppression{{"kind", is_in_source ? "inSource" : "external"},
                   {"status", standing.outcome == Outcome::accepted ? "accepted" : "rejected"},
                   {"justification", standing_text(standing)}};
  if (!standing.where.file.empty()) {
    const scenarios::SourceLocation where{places.name_of(standing.where.file), standing.where.line,
                                          standing.where.column};
    suppression["location"] = {{"physicalLocation", physical_location(where)}};
  }
  return Json::array({std::move(suppression)});
}

class Writer {
 public:
  explicit Writer(const RepositoryAnswer& answer) : answer_(answer), places_(answer.root) {}

  std::string write() {
    std::vector<Reported> all = reported(answer_);
    const std::vector<ReportedHazard> hazards = reported_hazards(answer_);
    const std::size_t found = all.size() + hazards.size();
    if (found > kMostResults) all.resize(kMostResults - std::min(hazards.size(), kMostResults));
    Json results = Json::array();
    for (const ReportedHazard& one : hazards) results.push_back(hazard_json(one));
    for (const Reported& one : all) results.push_back(result_json(one, results.size() < kResultsWithSteps));
    Json run{{"tool", sarif_tool(std::move(rules_))},
             {"columnKind", "utf16CodeUnits"},
             {"originalUriBaseIds",
              {{std::string(kRoot), {{"description", {{"text", "The root of the repository."}}}}}}},
             {"invocations", Json::array({invocation(found)})},
             {"results", std::move(results)}};
    return sarif_log(std::move(run));
  }

 private:
  Json result_json(const Reported& one, bool with_steps) {
    const AuditAnswer& answer = *one.answer;
    const Finding& finding = *one.finding;
    const scenarios::VerifyResult& shown = answer.results[finding.configuration];
    const Json physical = physical_location(one.where);
    Json json{
        {"ruleId", finding.rule.id()},
        {"ruleIndex", index_of(answer, finding)},
        {"level", sarif_level(finding.grade)},
        {"message", message_of(answer, finding)},
        {"locations",
         Json::array({{{"physicalLocation", physical},
                       {"logicalLocations",
                        Json::array({{{"fullyQualifiedName", scenarios::printable(state_name(*one.state))},
                                      {"kind", "module"}}})}}})}};
    const scenarios::Counterexample* run = shown_run(answer, finding);
    if (with_steps && run != nullptr) json["codeFlows"] = Json::array({sarif_flow(shown, *run, physical)});
    json["partialFingerprints"] = {{"ruleAndState/v1", one.fingerprint()}};
    if (const std::string hash = line_hash(one.where); !hash.empty())
      json["partialFingerprints"]["primaryLocationLineHash"] = hash;
    if (one.standing.outcome == Outcome::accepted || one.standing.outcome == Outcome::expired)
      json["suppressions"] = suppressions_of(one.standing, one.state->configuration.files, places_);
    if (has_baseline()) json["baselineState"] = one.standing.outcome == Outcome::known ? "unchanged" : "new";
    json["properties"] = {{"grade", grade_name(finding.grade)},
                          {"outcome", outcome_name(one.standing.outcome)},
                          {"scenario", shown.scenario.name},
                          {"bounds", bounds_text(shown.scenario)}};
    return json;
  }

  // At the first of its causes, with the others beside it; the run that it leads to on the backend is its
  // flow.
  Json hazard_json(const ReportedHazard& one) {
    const Json physical = physical_location(one.where);
    const auto [known, is_new] = rule_numbers_.try_emplace(one.finding->id(), rules_.size());
    if (is_new) rules_.push_back(sarif_hazard_rule(one));
    const std::string on = hazard_on_backend(one);
    Json json{{"ruleId", one.finding->id()},
              {"ruleIndex", known->second},
              {"level", sarif_level(one.finding->grade)},
              {"message", sarif_message(hazard_sentence(one) + (on.empty() ? "" : " " + on))},
              {"locations",
               Json::array({{{"physicalLocation", physical},
                             {"logicalLocations",
                              Json::array({{{"fullyQualifiedName", scenarios::printable(one.job().name)},
                                            {"kind", "function"}}})}}})}};
    for (const scenarios::pipeline::Cause& cause : one.causes)
      json["relatedLocations"].push_back(
          {{"physicalLocation", physical_location(cause.where)}, {"message", sarif_message(cause.what)}});
    const scenarios::Counterexample* run =
        one.shown_by == nullptr ? nullptr : shown_run(*one.shown_in, *one.shown_by);
    if (run != nullptr)
      json["codeFlows"] =
          Json::array({sarif_flow(one.shown_in->results[one.shown_by->configuration], *run, physical)});
    json["partialFingerprints"] = {{"ruleAndState/v1", one.fingerprint()}};
    if (const std::string hash = line_hash(one.where); !hash.empty())
      json["partialFingerprints"]["primaryLocationLineHash"] = hash;
    if (one.standing.outcome == Outcome::accepted || one.standing.outcome == Outcome::expired)
      json["suppressions"] = suppressions_of(one.standing, answer_.pipeline->answer.pipeline.files, places_);
    if (has_baseline()) json["baselineState"] = one.standing.outcome == Outcome::known ? "unchanged" : "new";
    json["properties"] = {{"grade", grade_name(one.finding->grade)},
                          {"outcome", outcome_name(one.standing.outcome)}};
    return json;
  }

  // The same in every state of a set-up.
  const Json& message_of(const AuditAnswer& answer, const Finding& finding) {
    Json& message = messages_[&finding];
    if (message.is_null()) {
      std::string text = told_sentence(answer, finding);
      const std::string more =
          told_run(answer, finding, kMessageBytes - std::min(text.size(), kMessageBytes));
      message = sarif_message(more.empty() ? text : text + " " + more);
    }
    return message;
  }

  std::size_t index_of(const AuditAnswer& answer, const Finding& finding) {
    const auto [known, is_new] = rule_numbers_.try_emplace(finding.rule.id(), rules_.size());
    if (is_new) rules_.push_back(sarif_rule(answer, finding));
    return known->second;
  }

  // Known findings are all that tells that there is a baseline.
  bool has_baseline() {
    if (!has_baseline_) {
      const auto is_known = [](const scenarios::Standing& one) { return one.outcome == Outcome::known; };
      has_baseline_ = answer_.pipeline && std::ranges::any_of(answer_.pipeline->standings, is_known);
      *has_baseline_ |= std::ranges::any_of(answer_.answers, [](const AuditAnswer& one) {
        return std::ranges::any_of(one.standings, [](const std::vector<scenarios::Standing>& of_finding) {
          return std::ranges::find(of_finding, Outcome::known, &scenarios::Standing::outcome) !=
                 of_finding.end();
        });
      });
    }
    return *has_baseline_;
  }

  std::string line_hash(const scenarios::SourceLocation& where) {
    auto [known, is_new] = hashes_.try_emplace(where.file);
    if (is_new) {
      const auto text =
          scenarios::read_input_file(places_.path_of(where.file), scenarios::kConfigurationFile);
      if (text) known->second = line_hashes(*text);
    }
    return where.line <= known->second.size() ? known->second[where.line - 1] : std::string();
  }

  // Where something could not be read or decided, the run is no success, whatever it has found besides.
  Json invocation(std::size_t found) const {
    Json notes = Json::array();
    bool is_decided = true;
    const auto note = [&](std::string_view level, std::string_view text) {
      notes.push_back({{"level", level}, {"message", sarif_message(text)}});
    };
    for (const AuditAnswer& one : answer_.answers) {
      for (const scenarios::AuditFinding& finding : one.findings) {
        if (finding.verdict == Verdict::held || finding.verdict == Verdict::violated) continue;
        is_decided = false;
        note("error", fmt::format("{}: {}: {}: {}", state_name(one.states.front()),
                                  checkers::property_name(finding.property), verdict_name(finding.verdict),
                                  one.results[finding.configuration].why));
      }
      const Verdict verdict = scenarios::audit_verdict(one.results);
      is_decided = is_decided && (verdict == Verdict::held || verdict == Verdict::violated);
    }
    if (const std::string limit = sarif_limit_text(found); !limit.empty()) note("warning", limit);
    Json unread = Json::array();
    for (const scenarios::InputError& one : answer_.complaints) {
      const std::string hint = one.expected.empty() ? "" : "; expected " + one.expected;
      unread.push_back({{"level", "error"}, {"message", sarif_message(one.problem + hint)}});
      if (one.where.file.empty()) continue;
      const scenarios::SourceLocation where{places_.name_of(one.where.file), one.where.line,
                                            one.where.column};
      unread.back()["locations"] = Json::array({{{"physicalLocation", physical_location(where)}}});
    }
    Json json{{"executionSuccessful", is_decided && answer_.complaints.empty()},
              {"toolExecutionNotifications", std::move(notes)}};
    if (!unread.empty()) json["toolConfigurationNotifications"] = std::move(unread);
    return json;
  }

  const RepositoryAnswer& answer_;
  RepositoryPlaces places_;
  Json rules_ = Json::array();
  std::map<std::string, std::size_t> rule_numbers_;
  std::map<std::string, std::vector<std::string>> hashes_;
  std::map<const Finding*, Json> messages_;
  std::optional<bool> has_baseline_;
};

}  // namespace

std::string sarif_repository(const RepositoryAnswer& answer) { return Writer(answer).write(); }

std::string sarif_limit_text(std::size_t results) {
  if (results <= kShownResults) return {};
  std::string text = fmt::format("{} results: GitHub and GitLab show the worst {}", grouped(results),
                                 grouped(kShownResults));
  if (results > kMostResults)
    text +=
        fmt::format(", and those after the worst {} are left out, with which GitHub would refuse the file",
                    grouped(kMostResults));
  return text + "; --json has all, and --exclude or several runs make fewer";
}

}  // namespace lockstorm::reports
