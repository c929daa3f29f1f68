#include "reports/campaigns/recovery_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/advice/recovery_commands.hpp"
#include "reports/campaigns/finding_words.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/format/layout.hpp"
#include "reports/format/version.hpp"
#include "reports/story/narrative.hpp"
#include "reports/text/text_report.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::RecoveryTrial;
using scenarios::Remedy;
using scenarios::Situation;
using Json = nlohmann::ordered_json;

std::string_view situation_word(Situation situation) {
  constexpr auto kWords =
      sim::text_for_each<Situation>({"errored-state", "digest-mismatch", "lineage-refused"});
  return kWords[static_cast<std::size_t>(situation)];
}

std::string_view situation_text(Situation situation) {
  constexpr auto kTexts =
      sim::text_for_each<Situation>({"a state could not be saved, and errored.tfstate is there",
                                     "the stored digest is not that of the stored state",
                                     "another job has saved before errored.tfstate could be pushed"});
  return kTexts[static_cast<std::size_t>(situation)];
}

std::string_view remedy_word(Remedy remedy) {
  constexpr auto kWords =
      sim::text_for_each<Remedy>({"push", "force-push-covered", "force-push-other", "import", "set-digest"});
  return kWords[static_cast<std::size_t>(remedy)];
}

std::string_view remedy_text(Remedy remedy, Situation situation) {
  switch (remedy) {
    case Remedy::push:
      return "`state push`";
    case Remedy::force_covered:
      return "`state push -force`, where the file records every object that is stored";
    case Remedy::force_other:
      return situation == Situation::errored_state
                 ? "`state push -force`"
                 : "`state push -force`, where something is only in the stored state";
    case Remedy::import_missing:
      return "`import` of what is only in the file";
    case Remedy::set_digest:
      return "setting the digest, if it has not changed since";
  }
  return {};
}

std::string_view remedy_title(Remedy remedy) {
  constexpr auto kTitles = sim::text_for_each<Remedy>(
      {"`state push`", "`state push -force`", "`state push -force`", "`import`", "setting the digest"});
  return kTitles[static_cast<std::size_t>(remedy)];
}

// What the runbook does: by nobody but the one who follows it, and never by force over something else.
bool is_step(const RecoveryTrial& trial) {
  return !trial.others_apply && !trial.was_cut_off && trial.remedy != Remedy::force_other;
}

std::string_view company_text(const RecoveryTrial& trial) {
  if (trial.was_cut_off) return "begun again after it was cut off";
  return trial.others_apply ? "while another job applies" : "while nobody else applies";
}

bool is_not_needed(const RecoveryAnswer& answer) {
  return answer.plan.places > 0 && answer.plan.not_needed == answer.plan.places;
}

std::string_view trial_verdict(const RecoveryTrial& trial) {
  if (!trial.violated.empty()) return "unsafe";
  if (trial.is_proved()) return "proved";
  if (trial.succeeds < trial.worlds && trial.is_complete) return "refused";
  return "not known";
}

std::string trial_found(const RecoveryTrial& trial) {
  const std::string where =
      fmt::format("{}, {}", counted(trial.worlds, "world"), counted(trial.states, "state"));
  if (!trial.violated.empty()) return "violates " + properties_text(trial.violated);
  if (!trial.is_complete) return "some world is too large to exhaust";
  if (trial.succeeds < trial.worlds)
    return fmt::format("nothing is lost, but it succeeds in {} of {} only", trial.succeeds, where);
  if (trial.remedy == Remedy::force_covered)
    return fmt::format("no object is lost, only what the other job has saved of them, in {}", where);
  return fmt::format("nothing is lost, in {}", where);
}

bool has_cut_off(const RecoveryAnswer& answer) {
  return std::ranges::any_of(answer.trials, &RecoveryTrial::was_cut_off);
}

bool stands_a_cut(const RecoveryAnswer& answer) {
  return std::ranges::all_of(
      answer.trials, [](const RecoveryTrial& trial) { return !trial.was_cut_off || trial.is_proved(); });
}

std::vector<std::string> limits_of(const RecoveryAnswer& answer) {
  const scenarios::RecoveryPlan& plan = answer.plan;
  std::vector<std::string> text;
  if (plan.not_needed > 0)
    text.push_back(
        fmt::format("In {} of them the stored state records every object that the file does and that is "
                    "still there: nothing has to "
                    "be pushed.",
                    plan.not_needed));
  if (plan.by_hand > 0)
    text.push_back(fmt::format(
        "In {} of them an object exists twice: what is done by hand there is not proved.", plan.by_hand));
  if (plan.several > 0)
    text.push_back(
        fmt::format("In {} of them several objects are imported, one after the other.", plan.several));
  if (plan.cut_off_unknown > 0)
    text.push_back(fmt::format(
        "Of {} it was not found out what is left if the recovery is cut off there: that is not proved.",
        counted(plan.cut_off_unknown, "world")));
  if (has_cut_off(answer))
    text.emplace_back(
        "Cut off: whoever does it dies at any one moment, and it is done again from everything that this may "
        "leave, once nothing of it is on its way any more; a lock that is left and a digest that differs "
        "come "
        "first.");
  if (answer.question.situation == Situation::errored_state)
    text.emplace_back(
        "The push compares serials only. Which job has saved last, and what the file lacks, only you can "
        "see: "
        "that is what the steps before it are for.");
  text.emplace_back(
      "Not proved: what happens if it is cut off more than once, what your store does on other paths than "
      "the "
      "tool's, and what `plan` finds in the real infrastructure.");
  return text;
}

const RecoveryTrial* trial_to_show(const RecoveryAnswer& answer) {
  const auto shows = [](const RecoveryTrial& trial) { return trial.shown.has_value(); };
  const auto found = std::ranges::find_if(answer.trials, shows);
  return found == answer.trials.end() ? nullptr : &*found;
}

std::string steps_text(const RecoveryAnswer& answer, const Style& style) {
  std::string out = style(Ink::bold, "What to do") + "\n";
  std::size_t number = 0;
  for (const RunbookStep& step :
       runbook(answer.question.situation,
               {answer.question.backend, answer.question.tool, answer.names, answer.directory})) {
    out += paragraph(step.what, style, 5, fmt::format("  {}. ", ++number));
    for (const std::string& command : step.commands) out += "       " + command + "\n";
    if (!step.then.empty()) out += paragraph(step.then, style, 5);
  }
  return out;
}

std::string trials_text(const RecoveryAnswer& answer, const Style& style) {
  constexpr std::size_t kColumn = 13;
  std::string out = style(Ink::bold, "What is proved, and what is not") + "\n";
  for (const RecoveryTrial& trial : answer.trials) {
    const std::string label = pad("  " + std::string(trial_verdict(trial)), kColumn);
    out += paragraph(fmt::format("{}, {}: {}", remedy_text(trial.remedy, answer.question.situation),
                                 company_text(trial), trial_found(trial)),
                     style, kColumn, label);
  }
  for (const std::string& one : limits_of(answer)) out += paragraph(one, style, 2);
  return out;
}

std::string shown_schedule(const RecoveryAnswer& answer, const Style& style) {
  const RecoveryTrial* trial = trial_to_show(answer);
  if (trial == nullptr) return {};
  const scenarios::VerifyResult& result = answer.results[*trial->shown];
  const scenarios::Counterexample* run = result.counterexample_of(trial->property);
  if (run == nullptr) return {};
  const std::string company =
      trial->others_apply || trial->was_cut_off ? fmt::format(" {}", company_text(*trial)) : "";
  const std::string title = fmt::format("-- {}{}: {} ", remedy_title(trial->remedy), company,
                                        checkers::property_name(trial->property));
  return "\n" + title + std::string(style.width - std::min(style.width, text_width(title)), '-') + "\n" +
         text_counterexample(result, *run, style);
}

std::string first_line(const RecoveryAnswer& answer) {
  if (is_not_needed(answer))
    return "NOTHING TO PUSH: whichever way it came about, the stored state records every object that the "
           "file does.";
  if (!is_proved(answer)) return "NOT PROVED: this is the way out, but see below what is known of it.";
  const std::string_view what =
      answer.question.situation == Situation::lineage_refused ? "no object" : "nothing";
  if (!stands_a_cut(answer))
    return fmt::format(
        "PROVED, unless it is itself cut off: these commands lose {}, as long as nobody else applies.", what);
  if (answer.plan.by_hand > 0)
    return fmt::format(
        "PROVED, but for what is done by hand: these commands lose {}, as long as nobody else applies.",
        what);
  return fmt::format("PROVED: this way out loses {}, as long as nobody else applies.", what);
}

std::string recovered_text(const RecoveryAnswer& answer) {
  std::string text =
      fmt::format("{}, {}", scenarios::tool_name(answer.question.tool), answer.question.backend->summary());
  if (!answer.where.file.empty())
    text += fmt::format(" ({}:{})", scenarios::printable(answer.where.file), answer.where.line);
  if (!answer.names.is_default_workspace())
    text += ", workspace " + scenarios::printable(answer.names.workspace);
  text += fmt::format(": {}. The worlds begin in {} in which that comes about",
                      situation_text(answer.question.situation), counted(answer.plan.places, "way"));
  if (answer.plan.locked > 0) text += fmt::format(", {} of them with a lock left behind", answer.plan.locked);
  return text + ".";
}

}  // namespace

bool is_proved(const RecoveryAnswer& answer) {
  return is_not_needed(answer) || (std::ranges::any_of(answer.trials, is_step) &&
                                   std::ranges::all_of(answer.trials, [](const RecoveryTrial& trial) {
                                     return !is_step(trial) || trial.is_proved();
                                   }));
}

std::string text_recovery(const RecoveryAnswer& answer, const Style& style) {
  return style(is_proved(answer) ? Ink::green : Ink::yellow, first_line(answer)) + "\n" +
         paragraph(recovered_text(answer), style) + "\n" + steps_text(answer, style) + "\n" +
         trials_text(answer, style) + shown_schedule(answer, style);
}

std::string json_recovery(const RecoveryAnswer& answer) {
  Json advise{{"what", "recover"},
              {"situation", situation_word(answer.question.situation)},
              {"proved", is_proved(answer)},
              {"tool", scenarios::tool_key(answer.question.tool)},
              {"backend", answer.question.backend->summary()},
              {"workspace", answer.names.workspace},
              {"places", answer.plan.places},
              {"locked", answer.plan.locked},
              {"not_needed", answer.plan.not_needed},
              {"by_hand", answer.plan.by_hand},
              {"several", answer.plan.several},
              {"cut_off_unknown", answer.plan.cut_off_unknown}};
  advise["steps"] = Json::array();
  for (const RunbookStep& step :
       runbook(answer.question.situation,
               {answer.question.backend, answer.question.tool, answer.names, answer.directory}))
    advise["steps"].push_back({{"what", step.what}, {"commands", step.commands}, {"then", step.then}});
  advise["trials"] = Json::array();
  for (const RecoveryTrial& trial : answer.trials) {
    std::vector<std::string_view> violated;
    for (const checkers::Property property : trial.violated)
      violated.push_back(checkers::property_name(property));
    advise["trials"].push_back({{"remedy", remedy_word(trial.remedy)},
                                {"others_apply", trial.others_apply},
                                {"cut_off", trial.was_cut_off},
                                {"answer", trial_verdict(trial)},
                                {"violated", violated},
                                {"complete", trial.is_complete},
                                {"worlds", trial.worlds},
                                {"succeeds", trial.succeeds},
                                {"states", trial.states}});
  }
  advise["limits"] = limits_of(answer);
  advise["worlds"] = Json::array();
  for (const scenarios::VerifyResult& result : answer.results)
    advise["worlds"].push_back({{"name", result.scenario.name},
                                {"verdict", scenarios::verdict_name(result.verdict)},
                                {"complete", result.explored.complete},
                                {"states", result.explored.states}});
  Json results = Json::array();
  if (const RecoveryTrial* trial = trial_to_show(answer))
    results.push_back(json_result(answer.results[*trial->shown], "advise"));
  return json_text({{"lockstorm", kVersion}, {"advise", std::move(advise)}, {"results", std::move(results)}});
}

}  // namespace lockstorm::reports
