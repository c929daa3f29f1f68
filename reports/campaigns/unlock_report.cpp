#include "reports/campaigns/unlock_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "reports/advice/unlock_commands.hpp"
#include "reports/campaigns/finding_words.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/format/layout.hpp"
#include "reports/format/version.hpp"
#include "reports/story/narrative.hpp"
#include "reports/story/words.hpp"
#include "reports/text/text_report.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::JobState;
using scenarios::UnlockVerdict;
using scenarios::VerifyResult;
using Json = nlohmann::ordered_json;

std::string_view verdict_word(UnlockVerdict verdict) {
  constexpr auto kWords =
      sim::text_for_each<UnlockVerdict>({"safe", "wait", "dangerous", "nothing-to-do", "unknown"});
  return kWords[static_cast<std::size_t>(verdict)];
}

std::string_view job_word(JobState job) {
  constexpr auto kWords = sim::text_for_each<JobState>({"dead", "unknown", "alive"});
  return kWords[static_cast<std::size_t>(job)];
}

Ink verdict_ink(UnlockVerdict verdict) {
  constexpr auto kInks =
      sim::one_for_each<UnlockVerdict, Ink>({Ink::green, Ink::yellow, Ink::red, Ink::green, Ink::yellow});
  return kInks[static_cast<std::size_t>(verdict)];
}

std::string span_text(std::chrono::seconds span) {
  const auto count = span.count();
  if (count < 120) return counted(static_cast<std::uint64_t>(count), "second");
  if (count < 7200) return counted(static_cast<std::uint64_t>((count + 59) / 60), "minute");
  return counted(static_cast<std::uint64_t>(count / 3600), "hour");
}

scenarios::Timestamp until(const UnlockAnswer& answer) { return answer.as_of + answer.decision.wait; }

// The first line.
std::string verdict_sentence(const UnlockAnswer& answer) {
  switch (answer.decision.verdict) {
    case UnlockVerdict::safe:
      return "SAFE: the lock can be removed now.";
    case UnlockVerdict::wait:
      return fmt::format("WAIT until {} (another {}), then remove the lock.",
                         scenarios::timestamp_text(until(answer)), span_text(answer.decision.wait));
    case UnlockVerdict::dangerous:
      return answer.question.job == JobState::dead
                 ? "DANGEROUS: the lock of a dead job cannot be removed without damage."
                 : "DANGEROUS: do not remove the lock as long as its job may be running.";
    case UnlockVerdict::nothing_to_do:
      return "NOTHING TO DO: the lock ends with its job.";
    case UnlockVerdict::unknown:
      return "NOT KNOWN: " +
             (answer.judgement.why_unknown.empty() ? std::string("no world answers it")
                                                   : answer.judgement.why_unknown) +
             ".";
  }
  return {};
}

std::string lock_sentence(const UnlockAnswer& answer) {
  const scenarios::LockRecord& record = answer.record;
  if (record.id.empty()) return "Of the lock nothing is known.";
  std::string text = "Lock " + scenarios::printable(record.id);
  if (!record.operation.empty()) text += ", " + scenarios::printable(record.operation);
  if (!record.who.empty()) text += ", by " + scenarios::printable(record.who);
  if (!record.version.empty()) text += ", version " + scenarios::printable(record.version);
  if (record.created) {
    text += ", taken " + scenarios::timestamp_text(*record.created);
    if (*record.created <= answer.as_of)
      text += fmt::format(", {} ago", span_text(answer.as_of - *record.created));
  }
  return text + ".";
}

std::string question_sentence(const UnlockAnswer& answer) {
  std::string text =
      fmt::format("{}, {}", scenarios::tool_name(answer.question.tool), answer.question.backend->summary());
  if (!answer.where.file.empty())
    text += fmt::format(" ({}:{})", scenarios::printable(answer.where.file), answer.where.line);
  if (!answer.names.is_default_workspace())
    text += ", workspace " + scenarios::printable(answer.names.workspace);
  text += fmt::format("; the job that has the lock runs `{}` and is ",
                      models::command_name(answer.question.holder));
  switch (answer.question.job) {
    case JobState::dead:
      text += answer.age ? fmt::format("known to have ended {} ago", span_text(*answer.age))
                         : "known to have ended, perhaps just now";
      break;
    case JobState::unknown:
      text += "silent: nobody knows whether it runs";
      break;
    case JobState::alive:
      text += "running";
      break;
  }
  return fmt::format("{} (as of {}).", text, scenarios::timestamp_text(answer.as_of));
}

std::size_t states_explored(const UnlockAnswer& answer, std::size_t first, std::size_t count) {
  std::size_t states = 0;
  for (std::size_t i = first; i < first + count; ++i) states += answer.results[i].explored.states;
  return states;
}

// What was found out, and in how many worlds.
std::vector<std::string> found_sentences(const UnlockAnswer& answer) {
  std::vector<std::string> text;
  const std::size_t now = 2 * answer.plan.now.size();
  const std::size_t later = answer.plan.later.size();
  const VerifyResult* shown = answer.judgement.shown ? &answer.results[*answer.judgement.shown] : nullptr;
  if (shown != nullptr) {
    const scenarios::Counterexample* run = shown->counterexample_of(answer.judgement.property);
    text.push_back(fmt::format("{}: {} The removal violates {}; without it nothing of that happens.",
                               answer.decision.verdict == UnlockVerdict::safe
                                   ? "Removed while something of the dead job was still on its way"
                                   : "Removed now",
                               run == nullptr ? headline(answer.judgement.property) : headline_of(*run),
                               properties_text(answer.judgement.damage)));
  } else if (now > 0) {
    text.push_back(fmt::format("Removed now: nothing comes of it, proved in {}, {}.",
                               counted(answer.plan.now.size(), "world"),
                               counted(states_explored(answer, 0, now), "state")));
  }
  const scenarios::LeftByTheDead& left = answer.plan.left;
  if (answer.question.job != JobState::dead) {
    if (answer.judgement.ends_by_itself)
      return {fmt::format("No command of the tool removes this lock: it is free {}.",
                          answer.question.backend->traits().lock_lasts)};
    return text;
  }
  if (answer.judgement.ends_by_itself) {
    text.push_back(
        fmt::format("In each of the {} in which a killed job may leave things, its lock is free {}. If it is "
                    "still there, "
                    "somebody keeps it alive: look who.",
                    counted(left.endings, "way"), answer.question.backend->traits().lock_lasts));
  } else if (later > 0 && answer.judgement.damage_later.empty()) {
    text.push_back(fmt::format(
        "Once nothing that the dead job has sent is on its way any more: nothing comes of it, proved in {}, "
        "{}, one for each different thing that such a job may leave behind with its lock.",
        counted(later, "world"), counted(states_explored(answer, now, later), "state")));
  } else if (later > 0) {
    text.push_back(fmt::format("Even once nothing of the dead job is on its way any more: violates {}.",
                               properties_text(answer.judgement.damage_later)));
  }
  if (left.without_id > 0)
    text.push_back(
        fmt::format("In {} of {} in which a job may die with its lock, no ID is shown that `force-unlock` "
                    "could use: then "
                    "only the last resort below helps, which no world is about.",
                    left.without_id, counted(left.locked, "way")));
  if (left.unreadable > 0)
    text.push_back(
        fmt::format("In {} of {} in which a job may die, it leaves a state that nobody can read: `lockstorm "
                    "advise recover "
                    "digest-mismatch` is about that.",
                    left.unreadable, counted(left.endings, "way")));
  return text;
}

// What the waiting is for, and where it comes from.
std::string bound_sentence(const UnlockAnswer& answer) {
  if (answer.question.job != JobState::dead || answer.judgement.ends_by_itself ||
      answer.judgement.risk != scenarios::UnlockRisk::late_only)
    return {};
  std::string text = fmt::format("How long that is: {} ({}).", answer.bound.what, answer.bound.source);
  if (!answer.bound.is_promised)
    text += " The store itself promises nothing of the kind, and nothing is known of proxies in between.";
  text +=
      " What the job had asked a provider to do is another matter: a resource that is being created is "
      "created after the job has gone, however long the provider takes.";
  if (!answer.age) text += " Say with --age how long ago the job has ended, if it was not just now.";
  return text;
}

std::vector<std::string> before_it(const UnlockAnswer& answer) {
  std::vector<std::string> text;
  if (!answer.other_state.empty())
    text.push_back(fmt::format("The lock info is of another state: its path is {}, and this one's is {}.",
                               scenarios::printable(answer.other_state),
                               scenarios::printable(*path_in_lock_info(answer.names))));
  const bool is_named_in_first_line = answer.question.backend->traits().lock_id_word == "LOCK_ID" &&
                                      !answer.question.backend->traits().refusal_names_holder;
  if (is_named_in_first_line && !answer.record.id.empty() && !answer.record.from_message)
    text.emplace_back(
        "What stands under `Lock Info` here may be the refused job's own lock: the holder's is the one "
        "behind "
        "`ID=` in the first line of the message.");
  if (answer.question.job == JobState::dead) return text;
  if (answer.question.job == JobState::unknown)
    text.push_back(fmt::format(
        "Find out whether the job runs{}: the CI system, the machine, the process. Cancel it, see that its "
        "runner has ended, and ask again with --job dead.",
        answer.record.who.empty() ? "" : " (" + scenarios::printable(answer.record.who) + ")"));
  if (answer.question.job == JobState::alive)
    text.emplace_back("Let the job end, or cancel it once and wait: it gives the lock back by itself.");
  return text;
}

UnlockCommands commands_of(const UnlockAnswer& answer) {
  return unlock_commands(
      {answer.question.backend, answer.question.tool, answer.names, answer.record, answer.directory});
}

std::string command_lines(const std::vector<ShellCommand>& commands, const Style& style) {
  std::string out;
  for (const ShellCommand& one : commands)
    out += paragraph(one.what + ":", style, 2) + "    " + one.command + "\n";
  return out;
}

std::string commands_text(const UnlockAnswer& answer, const Style& style) {
  const UnlockCommands commands = commands_of(answer);
  std::string out = style(Ink::bold, "What to do") + "\n";
  for (const std::string& one : before_it(answer)) out += paragraph(one, style, 2);
  out += command_lines(commands.look, style);
  const UnlockVerdict verdict = answer.decision.verdict;
  if (verdict == UnlockVerdict::safe || verdict == UnlockVerdict::wait) {
    if (verdict == UnlockVerdict::wait)
      out += paragraph(fmt::format("Then, after {}:", scenarios::timestamp_text(until(answer))), style, 2);
    out += command_lines(commands.remove, style);
  }
  if (answer.plan.left.without_id > 0 && answer.question.job == JobState::dead &&
      !commands.last_resort.empty())
    out += paragraph("Where that says that there is no such lock:", style, 2) +
           command_lines(commands.last_resort, style);
  return out;
}

std::string schedule_text(const UnlockAnswer& answer, const Style& style) {
  if (!answer.judgement.shown || answer.decision.verdict == UnlockVerdict::safe) return {};
  const VerifyResult& result = answer.results[*answer.judgement.shown];
  const scenarios::Counterexample* run = result.counterexample_of(answer.judgement.property);
  if (run == nullptr) return {};
  const std::string title = fmt::format("-- what happens if it is removed now: {} ",
                                        checkers::property_name(answer.judgement.property));
  return "\n" + title + std::string(style.width - std::min(style.width, text_width(title)), '-') + "\n" +
         text_counterexample(result, *run, style);
}

Json commands_json(const std::vector<ShellCommand>& commands) {
  Json json = Json::array();
  for (const ShellCommand& one : commands) json.push_back({{"what", one.what}, {"command", one.command}});
  return json;
}

Json property_names(checkers::PropertySet properties) {
  Json json = Json::array();
  for (const checkers::Property property : properties) json.push_back(checkers::property_name(property));
  return json;
}

}  // namespace

std::string text_unlock(const UnlockAnswer& answer, const Style& style) {
  std::string out = style(verdict_ink(answer.decision.verdict), verdict_sentence(answer)) + "\n";
  out += paragraph(lock_sentence(answer), style) + paragraph(question_sentence(answer), style) + "\n";
  for (const std::string& one : found_sentences(answer)) out += paragraph(one, style);
  if (const std::string bound = bound_sentence(answer); !bound.empty()) out += paragraph(bound, style);
  return out + "\n" + commands_text(answer, style) + schedule_text(answer, style);
}

std::string json_unlock(const UnlockAnswer& answer) {
  const UnlockCommands commands = commands_of(answer);
  const scenarios::LockRecord& record = answer.record;
  Json advise{{"what", "unlock"},
              {"answer", verdict_word(answer.decision.verdict)},
              {"sentence", verdict_sentence(answer)},
              {"as_of", scenarios::timestamp_text(answer.as_of)},
              {"job", job_word(answer.question.job)},
              {"tool", scenarios::tool_key(answer.question.tool)},
              {"backend", answer.question.backend->summary()},
              {"workspace", answer.names.workspace},
              {"holder_runs", models::command_name(answer.question.holder)}};
  if (answer.decision.verdict == UnlockVerdict::wait) {
    advise["until"] = scenarios::timestamp_text(until(answer));
    advise["wait_seconds"] = answer.decision.wait.count();
  }
  if (answer.age) advise["age_seconds"] = answer.age->count();
  advise["lock"] = {{"id", record.id}, {"operation", record.operation}, {"who", record.who}};
  if (record.created) advise["lock"]["created"] = scenarios::timestamp_text(*record.created);
  if (!answer.other_state.empty()) advise["lock"]["is_of_another_state"] = answer.other_state;
  advise["damage_now"] = property_names(answer.judgement.damage);
  advise["damage_later"] = property_names(answer.judgement.damage_later);
  advise["bound"] = {{"seconds", answer.bound.time.count()},
                     {"what", answer.bound.what},
                     {"source", answer.bound.source},
                     {"promised", answer.bound.is_promised}};
  advise["found"] = found_sentences(answer);
  advise["before"] = before_it(answer);
  advise["look"] = commands_json(commands.look);
  advise["remove"] = commands_json(commands.remove);
  advise["last_resort"] = commands_json(commands.last_resort);
  advise["worlds"] = Json::array();
  for (const VerifyResult& result : answer.results)
    advise["worlds"].push_back({{"name", result.scenario.name},
                                {"verdict", scenarios::verdict_name(result.verdict)},
                                {"complete", result.explored.complete},
                                {"states", result.explored.states}});
  Json results = Json::array();
  if (answer.judgement.shown)
    results.push_back(json_result(answer.results[*answer.judgement.shown], "advise"));
  return json_text({{"lockstorm", kVersion}, {"advise", std::move(advise)}, {"results", std::move(results)}});
}

}  // namespace lockstorm::reports
