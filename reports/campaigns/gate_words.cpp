#include "reports/campaigns/gate_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "reports/campaigns/reported_hazards.hpp"
#include "reports/format/layout.hpp"
#include "scenarios/data/date.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::Finding;
using scenarios::Outcome;
using scenarios::Standing;
using scenarios::Verdict;

constexpr std::size_t kNamedRules = 3;

// The standings of a finding; none where the answer did not pass the gate.
std::span<const Standing> standings_of(const AuditAnswer& answer, const Finding& finding) {
  const auto number = static_cast<std::size_t>(&finding - answer.graded.data());
  return number < answer.standings.size() ? std::span<const Standing>(answer.standings[number])
                                          : std::span<const Standing>();
}

// The beginning of what somebody has written, up to a word's end: there is room for a few lines.
std::string in_short(const std::string& reason) {
  constexpr std::size_t kMost = 160;
  const std::string shown = scenarios::printable(reason);
  if (shown.size() <= kMost) return shown;
  std::size_t end = shown.rfind(' ', kMost);
  if (end == std::string::npos || end == 0) end = kMost;
  while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xC0U) == 0x80) --end;
  return shown.substr(0, end) + " ...";
}

// What is said of a rule: where it fails, and, once it has expired, what had been said.
struct Failing {
  std::set<std::string> states;
  const Standing* expired = nullptr;
};

// What many states have to say, each of them once: one of which it is not known how it locks is in several
// answers.
struct Tally {
  std::map<std::string, Failing> failing;  ///< by rule
  std::map<Outcome, std::set<std::pair<std::string, std::string>>> by_outcome;
};

Tally tally_of(const RepositoryAnswer& answer) {
  Tally tally;
  for (const AuditAnswer& one : answer.answers) {
    for (const Finding& finding : one.graded) {
      const std::span<const Standing> standings = standings_of(one, finding);
      for (std::size_t i = 0; i < standings.size(); ++i) {
        const std::string state = state_name(one.states[i]);
        const std::string rule = finding.rule.id();
        tally.by_outcome[standings[i].outcome].emplace(rule, state);
        if (!is_failure(standings[i].outcome)) continue;
        Failing& failing = tally.failing[rule];
        failing.states.insert(state);
        if (standings[i].outcome == Outcome::expired) failing.expired = &standings[i];
      }
    }
  }
  for (const ReportedHazard& hazard : reported_hazards(answer)) {
    const std::string rule = hazard.finding->id();
    const std::string file = scenarios::printable(hazard.where.file);
    tally.by_outcome[hazard.standing.outcome].emplace(rule, fmt::format("{} {}", file, hazard.job().name));
    if (!fails(hazard)) continue;
    Failing& failing = tally.failing[rule];
    failing.states.insert(file);
    // The answer keeps the standing; this list of hazards is made anew each time.
    const auto number = static_cast<std::size_t>(hazard.finding - answer.pipeline->findings.data());
    if (hazard.standing.outcome == Outcome::expired) failing.expired = &answer.pipeline->standings[number];
  }
  return tally;
}

// Those that stand highest in the answer first; the order of the ids says nothing.
std::vector<std::string> failing_rules(const RepositoryAnswer& answer, const Tally& tally) {
  std::vector<std::pair<scenarios::Grade, std::string>> found;
  const auto add = [&](scenarios::Grade grade, std::string rule) {
    if (tally.failing.contains(rule)) found.emplace_back(grade, std::move(rule));
  };
  for (const AuditAnswer& one : answer.answers) {
    for (const Finding& finding : one.graded) add(finding.grade, finding.rule.id());
  }
  if (answer.pipeline) {
    for (const auto& hazard : answer.pipeline->findings) add(hazard.grade, hazard.id());
  }
  std::ranges::stable_sort(found, std::ranges::greater{}, [](const auto& one) { return one.first; });
  std::vector<std::string> rules;
  for (const auto& [grade, rule] : found) {
    if (std::ranges::find(rules, rule) == rules.end()) rules.push_back(rule);
  }
  return rules;
}

// The first few, and how many more there are.
std::string some_of(const std::vector<std::string>& names, std::string_view between) {
  const auto shown = names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kNamedRules));
  std::string text = fmt::format("{}", fmt::join(names.begin(), shown, between));
  if (shown != names.end()) text += fmt::format(" and {} more", names.end() - shown);
  return text;
}

// Hazards are in files of the CI system, all else is in states.
std::string_view place_word(const std::vector<std::string>& rules) {
  const bool is_pipeline = std::ranges::all_of(
      rules, [](const std::string& rule) { return scenarios::pipeline::hazard_of_id(rule) != 0; });
  return is_pipeline ? "file" : "state";
}

// "LS-S3-300, LS-S3-400 in live/app; LS-S3-310 in 3 states": rules that fail in the same states together.
std::string fails_text(const RepositoryAnswer& answer, const Tally& tally) {
  std::vector<std::pair<std::set<std::string>, std::vector<std::string>>> groups;
  for (const std::string& rule : failing_rules(answer, tally)) {
    const std::set<std::string>& states = tally.failing.at(rule).states;
    auto group = std::ranges::find(groups, states, [](const auto& one) { return one.first; });
    if (group == groups.end()) group = groups.insert(group, {states, {}});
    group->second.push_back(rule);
  }
  std::vector<std::string> parts;
  for (const auto& [states, rules] : groups)
    parts.push_back(
        fmt::format("{} in {}", some_of(rules, ", "),
                    states.size() == 1 ? *states.begin() : counted(states.size(), place_word(rules))));
  return some_of(parts, "; ");
}

// What somebody had said, and that it is over. One acceptance may have been about several rules.
std::string expired_text(const RepositoryAnswer& answer, const Tally& tally) {
  std::vector<std::pair<const Standing*, std::vector<std::string>>> said;
  for (const std::string& rule : failing_rules(answer, tally)) {
    const Standing* expired = tally.failing.at(rule).expired;
    if (expired == nullptr) continue;
    auto known =
        std::ranges::find_if(said, [&](const auto& one) { return one.first->where == expired->where; });
    if (known == said.end()) known = said.insert(known, {expired, {}});
    known->second.push_back(rule);
  }
  std::vector<std::string> parts;
  for (const auto& [expired, rules] : said) {
    parts.push_back(fmt::format(
        "Accepted until {}, and it is {} ({}:{}, \"{}\"): {}.", scenarios::date_text(*expired->expires),
        scenarios::date_text(answer.gate.today), scenarios::printable(expired->where.file),
        expired->where.line, in_short(expired->reason), some_of(rules, ", ")));
  }
  return parts.empty() ? "" : " " + some_of(parts, " ");
}

std::string not_failing_text(const RepositoryAnswer& answer, const Tally& tally) {
  std::vector<std::string> parts;
  for (const Outcome outcome : {Outcome::accepted, Outcome::known, Outcome::below, Outcome::inherent}) {
    const auto found = tally.by_outcome.find(outcome);
    if (found != tally.by_outcome.end())
      parts.push_back(fmt::format("{} {}", found->second.size(), outcome_name(outcome)));
  }
  if (answer.gate.date_decides) parts.push_back("as of " + scenarios::date_text(answer.gate.today));
  return parts.empty() ? "" : fmt::format(" ({})", fmt::join(parts, ", "));
}

std::string housekeeping_text(const RepositoryAnswer& answer) {
  std::string text;
  const scenarios::GateReport& gate = answer.gate;
  if (gate.written) text += fmt::format(" Baseline written: {}.", counted(*gate.written, "finding"));
  if (!gate.gone.empty())
    text += fmt::format(" {} in the baseline {} gone: write it anew.", gate.gone.size(),
                        gate.gone.size() == 1 ? "is" : "are");
  if (!gate.idle.empty())
    text += fmt::format(
        " {} about nothing that was found ({}:{}): take {} out.",
        gate.idle.size() == 1 ? "One acceptance is" : fmt::format("{} acceptances are", gate.idle.size()),
        scenarios::printable(gate.idle.front().file), gate.idle.front().line,
        gate.idle.size() == 1 ? "it" : "them");
  return text;
}

std::string threshold_text(const scenarios::FailOn& fail_on) {
  return fail_on.grade ? fmt::format("nothing new at or above {}", grade_name(*fail_on.grade))
                       : std::string("no finding fails");
}

// What decides when no finding does.
std::string undecided_text(const RepositoryAnswer& answer, int status) {
  if (status == scenarios::kExitBadInput)
    return fmt::format("{} could not be answered for", counted(answer.complaints.size(), "input"));
  switch (answer.verdict_without_findings()) {
    case Verdict::unknown:
      return "not everything was decided";
    case Verdict::invalid:
      return "some jobs never succeed, so that nothing is proved of them";
    default:
      return "a run did not repeat";
  }
}

std::string joined_states(const std::map<Outcome, std::size_t>& counts, std::size_t all) {
  std::vector<std::string> parts;
  for (const auto& [outcome, count] : counts) {
    const bool is_told =
        outcome != Outcome::fails && outcome != Outcome::below && outcome != Outcome::inherent;
    if (is_told)
      parts.push_back(count == all ? std::string(outcome_name(outcome))
                                   : fmt::format("{} in {} of {} states", outcome_name(outcome), count, all));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

int exit_status(const RepositoryAnswer& answer) {
  if (!answer.complaints.empty()) return scenarios::kExitBadInput;
  const Verdict rest = answer.verdict_without_findings();
  if (rest == Verdict::nondeterministic) return scenarios::exit_status(rest);
  return tally_of(answer).failing.empty() ? scenarios::exit_status(rest)
                                          : scenarios::exit_status(Verdict::violated);
}

std::string gate_text(const RepositoryAnswer& answer) {
  const Tally tally = tally_of(answer);
  const int status = exit_status(answer);
  const bool fails = !tally.failing.empty();
  std::string text = status == 0 ? "Passes" : fails ? "Fails" : "Undecided";
  if (!answer.gate.policy_file.empty())
    text += fmt::format(" by {}", scenarios::printable(answer.gate.policy_file));
  text += ": " + (fails ? fails_text(answer, tally) : threshold_text(answer.gate.fail_on));
  text += not_failing_text(answer, tally);
  if (status > 1)
    text += fmt::format("{}{}", fails ? "; besides, " : ", but ", undecided_text(answer, status));
  return text + "." + expired_text(answer, tally) + housekeeping_text(answer);
}

std::string in_colour(const std::string& gate_text, const Style& style) {
  const std::size_t end = gate_text.find_first_of(": ");
  const std::string word = gate_text.substr(0, end);
  const Ink ink = word == "Passes" ? Ink::green : word == "Fails" ? Ink::red : Ink::yellow;
  return style(ink, word) + gate_text.substr(end);
}

std::string standing_text(const AuditAnswer& answer, const Finding& finding) {
  const std::span<const Standing> standings = standings_of(answer, finding);
  std::map<Outcome, std::size_t> counts;
  for (const Standing& standing : standings) ++counts[standing.outcome];
  std::string text = joined_states(counts, standings.size());
  if (counts.size() != 1 || standings.front().reason.empty()) return text;
  const Standing& first = standings.front();
  const bool is_same = std::ranges::all_of(standings, [&](const Standing& one) {
    return one.reason == first.reason && one.expires == first.expires;
  });
  if (!is_same) return text;
  if (first.expires)
    text = fmt::format("accepted until {}{}", scenarios::date_text(*first.expires),
                       first.outcome == Outcome::accepted ? "" : ", which is over");
  return fmt::format("{}: {}", text, in_short(first.reason));
}

bool fails_somewhere(const AuditAnswer& answer, const Finding& finding) {
  return std::ranges::any_of(standings_of(answer, finding),
                             [](const Standing& standing) { return is_failure(standing.outcome); });
}

}  // namespace lockstorm::reports
