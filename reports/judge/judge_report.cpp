#include "reports/judge/judge_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/format/layout.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Finding;
using checkers::Judgement;
using checkers::KeyVerdict;
using checkers::LockInterval;
using checkers::LockReport;
using nlohmann::ordered_json;
using scenarios::Verdict;

std::string length(const LockInterval& interval) {
  if (!interval.duration) return counted(interval.events, "event");
  return fmt::format("{:.3f} s", static_cast<double>(interval.duration->count()) / 1e9);
}

std::string key_text(const KeyVerdict& verdict, const Style& style) {
  std::string text;
  for (const Finding& finding : verdict.findings) {
    const auto& info = info_of(finding.anomaly);
    text +=
        paragraph(fmt::format("{}: {}{}", info.name, info.meaning,
                              finding.count == 1 ? "." : fmt::format(" ({} times).", grouped(finding.count))),
                  style, 2);
    text += paragraph(finding.proof, style, 4);
  }
  if (!verdict.why_unknown.empty())
    text += paragraph(fmt::format("Could not be decided: {}.", verdict.why_unknown), style, 2);
  if (verdict.lock) text += paragraph(lock_sentences(*verdict.lock), style, 2);
  return text;
}

ordered_json json_interval(const LockInterval& interval) {
  ordered_json json{{"process", interval.process},
                    {"first_line", interval.first_line},
                    {"last_line", interval.last_line},
                    {"events", interval.events}};
  if (interval.duration) json["duration_ns"] = interval.duration->count();
  return json;
}

ordered_json json_lock(const LockReport& lock) {
  ordered_json json{{"grants", lock.grants}, {"most_overtakes", lock.most_overtakes}};
  if (lock.longest_wait) json["longest_wait"] = json_interval(*lock.longest_wait);
  if (lock.most_overtaken) json["most_overtaken"] = json_interval(*lock.most_overtaken);
  if (lock.slowest_recovery) json["slowest_recovery"] = json_interval(*lock.slowest_recovery);
  if (lock.never_recovered) json["never_recovered"] = json_interval(*lock.never_recovered);
  return json;
}

}  // namespace

ordered_json json_verdict(const KeyVerdict& verdict) {
  ordered_json json;
  if (!verdict.key.is_nil()) json["key"] = checkers::to_text(verdict.key);
  if (verdict.part) json["model"] = name_of(*verdict.part);
  json["verdict"] = verdict_name(verdict_of(verdict.judgement));
  json["operations"] = verdict.operations;
  json["states_searched"] = verdict.states_searched;
  if (!verdict.why_unknown.empty()) json["why_unknown"] = verdict.why_unknown;
  json["findings"] = ordered_json::array();
  for (const Finding& finding : verdict.findings) {
    json["findings"].push_back({{"anomaly", info_of(finding.anomaly).name},
                                {"count", finding.count},
                                {"proof", finding.proof},
                                {"lines", finding.lines}});
  }
  if (verdict.lock) json["lock"] = json_lock(*verdict.lock);
  return json;
}

Verdict verdict_of(Judgement judgement) {
  switch (judgement) {
    case Judgement::holds:
      return Verdict::held;
    case Judgement::violated:
      return Verdict::violated;
    case Judgement::unknown:
      return Verdict::unknown;
  }
  return Verdict::unknown;
}

std::string name_of_part(const KeyVerdict& verdict) {
  const std::string key =
      verdict.key.is_nil() ? "" : "key " + scenarios::printable(checkers::to_text(verdict.key));
  if (!verdict.part) return key;
  return fmt::format("{}{}{}", name_of(*verdict.part), key.empty() ? "" : " of ", key);
}

std::string lock_sentences(const LockReport& lock) {
  std::string text = fmt::format("{}.", counted(lock.grants, "grant"));
  if (lock.longest_wait) {
    text += fmt::format(" The longest wait was process {}'s, {} from line {} to line {}.",
                        lock.longest_wait->process, length(*lock.longest_wait), lock.longest_wait->first_line,
                        lock.longest_wait->last_line);
  }
  if (lock.most_overtaken) {
    text += fmt::format(" Process {}, waiting from line {} on, was overtaken {}.",
                        lock.most_overtaken->process, lock.most_overtaken->first_line,
                        lock.most_overtakes == 1 ? "once" : counted(lock.most_overtakes, "time"));
  }
  if (lock.slowest_recovery) {
    text += fmt::format(" After the crash in line {} the lock came free within {}.",
                        lock.slowest_recovery->first_line, length(*lock.slowest_recovery));
  }
  if (lock.never_recovered) {
    text += fmt::format(" After the crash in line {} nobody got the lock any more although it was asked for.",
                        lock.never_recovered->first_line);
  }
  return text;
}

Verdict verdict_of(const JudgedFile& judged) { return verdict_of(checkers::worst(judged.verdicts)); }

Verdict worst(std::span<const JudgedFile> judged) {
  Verdict found = Verdict::held;
  for (const JudgedFile& file : judged) found = scenarios::worse(found, verdict_of(file));
  return found;
}

std::string text_judgement(const JudgedFile& judged, const Style& style) {
  const Verdict verdict = verdict_of(judged);
  std::uint64_t operations = 0, states = 0;
  for (const KeyVerdict& key : judged.verdicts) {
    // What is written under the lock has been counted with the state.
    if (key.part != checkers::Model::lock_and_state) operations += key.operations;
    states += key.states_searched;
  }
  std::string text = fmt::format("{}: {} ({}, {}, {}", style(Ink::bold, scenarios::printable(judged.file)),
                                 style(Style::ink_of(verdict), verdict_name(verdict)), name_of(judged.model),
                                 name_of(judged.format), counted(operations, "operation"));
  if (judged.verdicts.size() > 1 && judged.model != checkers::Model::lock_and_state)
    text += fmt::format(", {}", counted(judged.verdicts.size(), "key"));
  if (states > 0) text += fmt::format(", {}", counted(states, "configuration"));
  text += ")\n";
  for (const KeyVerdict& key : judged.verdicts) {
    const std::string name = name_of_part(key);
    if (!name.empty() && (key.part || key.judgement != Judgement::holds || key.lock)) {
      const Verdict of_key = verdict_of(key.judgement);
      text += fmt::format("  {}: {}\n", name, style(Style::ink_of(of_key), verdict_name(of_key)));
    }
    text += key_text(key, style);
  }
  return text;
}

ordered_json json_judgements(std::span<const JudgedFile> judged) {
  ordered_json results = ordered_json::array();
  for (const JudgedFile& file : judged) {
    ordered_json json{{"engine", "judge"},
                      {"file", file.file},
                      {"format", name_of(file.format)},
                      {"model", name_of(file.model)},
                      {"verdict", verdict_name(verdict_of(file))},
                      {"keys", ordered_json::array()}};
    for (const KeyVerdict& key : file.verdicts) json["keys"].push_back(json_verdict(key));
    results.push_back(std::move(json));
  }
  return results.size() == 1 ? results.front() : ordered_json{{"results", results}};
}

}  // namespace lockstorm::reports
