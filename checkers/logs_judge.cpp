#include "checkers/logs_judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace lockstorm::checkers {
namespace {

using logs::LoggedState;

// A history that the weaving made can always be judged: what it has, calls and values, is of its own making.
std::vector<KeyVerdict> judge_woven(const History& history, Model model, const JudgeBudget& budget) {
  auto verdicts = judge(history, model, budget);
  if (verdicts) return *std::move(verdicts);
  KeyVerdict verdict{.judgement = Judgement::unknown};
  verdict.why_unknown = verdicts.error().message;
  return std::vector{std::move(verdict)};
}

std::optional<KeyVerdict> part_of(const std::vector<KeyVerdict>& verdicts, Model part) {
  const auto found = std::ranges::find(verdicts, std::optional(part), &KeyVerdict::part);
  return found == verdicts.end() ? std::nullopt : std::optional(*found);
}

// Of the lock and of what was written meanwhile.
std::vector<KeyVerdict> judge_woven_locks(const History& history, const JudgeBudget& budget) {
  const bool has_writes =
      std::ranges::any_of(history, [](const Event& event) { return event.function == "write"; });
  auto verdicts = judge_woven(history, has_writes ? Model::lock_and_state : Model::lock, budget);
  if (!has_writes)
    for (KeyVerdict& verdict : verdicts) verdict.part = Model::lock;
  std::erase_if(verdicts, [](const KeyVerdict& verdict) {
    return verdict.part != Model::lock && verdict.part != Model::lock_and_state;
  });
  return verdicts;
}

// What is wrong only in an order that was chosen is not known to be wrong.
void settle_guess(KeyVerdict& verdict, const std::optional<std::vector<KeyVerdict>>& loose) {
  if (verdict.judgement == Judgement::holds) return;
  const auto other = loose ? part_of(*loose, *verdict.part) : std::nullopt;
  if (other && other->judgement == Judgement::violated) {
    verdict = *other;
    return;
  }
  verdict.findings.clear();
  verdict.judgement = Judgement::unknown;
  if (verdict.why_unknown.empty())
    verdict.why_unknown = "the log's times do not say in which order some requests took effect";
}

void settle_removals(const LoggedState& state, KeyVerdict& verdict) {
  const auto in_doubt =
      std::ranges::count(state.removals, logs::LogPurpose::unknown, &logs::Removal::purpose);
  if (in_doubt == 0 || verdict.judgement == Judgement::violated) return;
  verdict.judgement = Judgement::unknown;
  verdict.why_unknown = fmt::format(
      "the log does not say whether {} of the lock by another client than its "
      "holder {} a force-unlock or a foreign unlock",
      in_doubt == 1 ? "a removal" : fmt::format("{} removals", in_doubt), in_doubt == 1 ? "was" : "were");
}

void judge_lock_part(const LoggedState& state, const JudgeBudget& budget, StateJudgement& judged) {
  if (state.locks.empty()) return;
  judged.has_lock = true;
  auto verdicts = judge_woven_locks(state.locks, budget);
  std::optional<std::vector<KeyVerdict>> loose;
  if (state.loose_locks) loose = judge_woven_locks(*state.loose_locks, budget);
  for (KeyVerdict& verdict : verdicts) {
    if (state.is_ordered_by_guess) settle_guess(verdict, loose);
    if (verdict.part == Model::lock) settle_removals(state, verdict);
    verdict.key = state.name;
    judged.verdicts.push_back(std::move(verdict));
  }
}

// Serials were made up for the order of the writes: only what replaced what counts.
bool is_of_log(const Finding& finding) {
  return finding.anomaly == Anomaly::lost_update || finding.anomaly == Anomaly::fork;
}

void judge_version_part(const LoggedState& state, const JudgeBudget& budget, StateJudgement& judged) {
  if (state.versions.empty()) return;
  KeyVerdict whole{.key = state.name, .part = Model::states, .operations = state.writes};
  for (const History& versions : state.versions) {
    for (KeyVerdict& verdict : judge_woven(versions, Model::states, budget)) {
      for (Finding& finding : verdict.findings)
        if (is_of_log(finding)) whole.findings.push_back(std::move(finding));
      if (verdict.judgement == Judgement::unknown) whole.why_unknown = verdict.why_unknown;
    }
  }
  if (!whole.findings.empty()) {
    whole.judgement = Judgement::violated;
    whole.why_unknown.clear();
  } else if (state.unknown_bases > 0) {
    whole.why_unknown =
        fmt::format("what {} replaced does not follow from the log",
                    state.unknown_bases == 1 ? "a write" : fmt::format("{} writes", state.unknown_bases));
  }
  if (!whole.why_unknown.empty()) whole.judgement = Judgement::unknown;
  judged.verdicts.push_back(std::move(whole));
}

}  // namespace

namespace {

// Those of the format; what concerns the http backend only where it was used.
std::vector<logs::LogLimit> limits_of(logs::LogFormat format, const logs::LoggedHistory& history) {
  const auto all = logs::limits_of(format);
  std::vector<logs::LogLimit> limits(all.begin(), all.end());
  const bool has_http = std::ranges::any_of(history.entries, [](const logs::LogEntry& entry) {
    return entry.object.find("://") != std::string::npos;
  });
  if (!has_http) std::erase(limits, logs::LogLimit::no_answers);
  return limits;
}

}  // namespace

LogJudgement judge_log(logs::LogFormat format, logs::LogReading reading, const JudgeBudget& budget) {
  LogJudgement judged;
  judged.format = format;
  judged.history = logs::logged_history(reading);
  judged.limits = limits_of(format, judged.history);
  judged.ignored = reading.ignored;
  judged.repeated = reading.repeated;
  for (const LoggedState& state : judged.history.states) {
    StateJudgement& of_state = judged.states.emplace_back();
    judge_lock_part(state, budget, of_state);
    judge_version_part(state, budget, of_state);
  }
  return judged;
}

Judgement worst(const LogJudgement& judged) {
  std::vector<KeyVerdict> all;
  for (const StateJudgement& state : judged.states)
    for (const KeyVerdict& verdict : state.verdicts) all.push_back({.judgement = verdict.judgement});
  return all.empty() ? Judgement::unknown : worst(all);
}

}  // namespace lockstorm::checkers
