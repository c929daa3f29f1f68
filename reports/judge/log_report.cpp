#include "reports/judge/log_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/format/layout.hpp"
#include "reports/judge/judge_report.hpp"
#include "reports/judge/log_words.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Finding;
using checkers::Judgement;
using checkers::KeyVerdict;
using checkers::LogJudgement;
using checkers::Model;
using checkers::logs::LogEntry;
using checkers::logs::LoggedState;
using checkers::logs::LogPurpose;
using checkers::logs::Removal;
using nlohmann::ordered_json;
using scenarios::printable;

class LogWriter {
 public:
  LogWriter(const LogJudgement& judged, std::span<const std::string> files, const Style& style)
      : judged_(judged), files_(files), style_(style) {}

  std::string text() {
    const auto verdict = verdict_of(checkers::worst(judged_));
    const std::string name = files_.size() == 1 ? printable(files_.front()) : counted(files_.size(), "file");
    out_ = fmt::format("{}: {} ({}, {} of {}", style_(Ink::bold, name),
                       style_(Style::ink_of(verdict), verdict_name(verdict)), name_of(judged_.format),
                       counted_entries(judged_.history.entries.size()),
                       counted(judged_.history.states.size(), "state"));
    if (judged_.ignored > 0) out_ += fmt::format(", {} about other things", grouped(judged_.ignored));
    if (judged_.repeated > 0) out_ += fmt::format(", {} told twice", grouped(judged_.repeated));
    out_ += ")\n";
    if (judged_.history.states.empty())
      out_ += paragraph("Could not be decided: the log has no request to a lock or a state.", style_, 2);
    for (std::size_t i = 0; i < judged_.states.size(); ++i) add_state(i);
    add_limits();
    return std::move(out_);
  }

 private:
  static std::string counted_entries(std::size_t count) {
    return count == 1 ? "1 entry" : fmt::format("{} entries", grouped(count));
  }

  void add_state(std::size_t index) {
    const LoggedState& state = judged_.history.states[index];
    const auto& of_state = judged_.states[index];
    out_ += fmt::format("  {}\n", printable(state.name));
    for (const KeyVerdict& verdict : of_state.verdicts) {
      const auto of_part = verdict_of(verdict.judgement);
      out_ +=
          fmt::format("    {}: {}{}\n", name_of(*verdict.part),
                      style_(Style::ink_of(of_part), verdict_name(of_part)), counts(state, *verdict.part));
      for (const Finding& finding : verdict.findings) add_finding(finding);
      if (!verdict.why_unknown.empty())
        out_ += paragraph(fmt::format("Could not be decided: {}.", verdict.why_unknown), style_, 6);
      if (verdict.part == Model::lock) add_removals(state);
    }
    if (!of_state.has_lock)
      out_ +=
          paragraph("The log has no lock of this state being taken: nobody can say who held it.", style_, 4);
  }

  static std::string counts(const LoggedState& state, Model part) {
    if (part == Model::lock) {
      return fmt::format(", {}{}", counted(state.grants, "grant"),
                         state.refused_locks == 0 ? "" : fmt::format(", {} refused", state.refused_locks));
    }
    if (part != Model::states) return {};
    return fmt::format(", {}, {}{}", counted(state.writes, "write"), counted(state.reads, "read"),
                       state.refused_writes == 0 ? "" : fmt::format(", {} refused", state.refused_writes));
  }

  void add_finding(const Finding& finding) {
    const auto& info = info_of(finding.anomaly);
    out_ +=
        paragraph(fmt::format("{}: {}{}", info.name, info.meaning,
                              finding.count == 1 ? "." : fmt::format(" ({} times).", grouped(finding.count))),
                  style_, 6);
    add_entries(finding.lines);
  }

  void add_removals(const LoggedState& state) {
    for (const Removal& removal : state.removals) {
      if (removal.purpose == LogPurpose::own_lock) continue;
      out_ += paragraph(removal.purpose == LogPurpose::that_lock
                            ? "Another client removed the lock, on purpose:"
                            : "Another client removed the lock, by force-unlock or as its own:",
                        style_, 6);
      const std::uint32_t both[] = {removal.taken, removal.removed};
      add_entries(both);
    }
  }

  // An invocation and its answer are one entry.
  void add_entries(std::span<const std::uint32_t> numbers) {
    std::uint32_t last = 0;
    for (const std::uint32_t number : numbers) {
      const LogEntry* entry = judged_.history.entry(number);
      if (entry == nullptr || number == std::exchange(last, number)) continue;
      out_ += fmt::format("        {}: {}, {}: {}\n", place(*entry), moment(entry->at), printable(entry->who),
                          printable(entry->operation));
    }
  }

  std::string place(const LogEntry& entry) const {
    const std::string line = fmt::format("{}:{}", printable(files_[entry.file]), entry.line);
    return entry.column == 1 ? line : fmt::format("{}:{}", line, entry.column);
  }

  void add_limits() {
    out_ += "  Taken for granted:\n";
    for (const auto limit : judged_.limits) {
      std::string text = paragraph(limit_sentence(limit), style_, 6);
      text[4] = '-';
      out_ += text;
    }
  }

  const LogJudgement& judged_;
  std::span<const std::string> files_;
  const Style& style_;
  std::string out_;
};

ordered_json json_entry(const LogJudgement& judged, std::span<const std::string> files,
                        std::uint32_t number) {
  const LogEntry* entry = judged.history.entry(number);
  if (entry == nullptr) return nullptr;
  return {{"file", files[entry->file]}, {"line", entry->line},  {"column", entry->column},
          {"time", moment(entry->at)},  {"client", entry->who}, {"request", entry->operation}};
}

ordered_json json_part(const LogJudgement& judged, std::span<const std::string> files,
                       const KeyVerdict& verdict) {
  ordered_json json = json_verdict(verdict);
  json.erase("key");
  for (ordered_json& finding : json["findings"]) {
    finding["entries"] = ordered_json::array();
    for (const auto& line : finding["lines"])
      finding["entries"].push_back(json_entry(judged, files, line.get<std::uint32_t>()));
    // Its lines are those of the file only where there is one, a line for each entry.
    if (!judged.history.numbers_are_lines) finding.erase("proof"), finding.erase("lines");
  }
  json.erase("lock");
  return json;
}

std::string_view purpose_name(LogPurpose purpose) {
  switch (purpose) {
    case LogPurpose::that_lock:
      return "that-lock";
    case LogPurpose::own_lock:
      return "own-lock";
    case LogPurpose::unknown:
      return "unknown";
  }
  return {};
}

}  // namespace

std::string text_log_judgement(const LogJudgement& judged, std::span<const std::string> files,
                               const Style& style) {
  return LogWriter(judged, files, style).text();
}

ordered_json json_log_judgement(const LogJudgement& judged, std::span<const std::string> files) {
  ordered_json json{{"engine", "judge"},
                    {"files", files},
                    {"format", name_of(judged.format)},
                    {"verdict", verdict_name(verdict_of(checkers::worst(judged)))},
                    {"entries", judged.history.entries.size()},
                    {"ignored", judged.ignored},
                    {"repeated", judged.repeated},
                    {"taken_for_granted", ordered_json::array()},
                    {"states", ordered_json::array()}};
  for (const auto limit : judged.limits) json["taken_for_granted"].push_back(limit_name(limit));
  for (std::size_t i = 0; i < judged.states.size(); ++i) {
    const LoggedState& state = judged.history.states[i];
    ordered_json of_state{{"state", state.name},
                          {"grants", state.grants},
                          {"refused_locks", state.refused_locks},
                          {"writes", state.writes},
                          {"refused_writes", state.refused_writes},
                          {"reads", state.reads},
                          {"parts", ordered_json::array()},
                          {"removals", ordered_json::array()}};
    for (const KeyVerdict& verdict : judged.states[i].verdicts)
      of_state["parts"].push_back(json_part(judged, files, verdict));
    for (const Removal& removal : state.removals) {
      of_state["removals"].push_back({{"meant", purpose_name(removal.purpose)},
                                      {"taken", json_entry(judged, files, removal.taken)},
                                      {"removed", json_entry(judged, files, removal.removed)}});
    }
    json["states"].push_back(std::move(of_state));
  }
  return json;
}

}  // namespace lockstorm::reports
