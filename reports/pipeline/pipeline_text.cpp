#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reports/format/layout.hpp"
#include "reports/pipeline/pipeline_report.hpp"
#include "scenarios/data/input_error.hpp"
#include "scenarios/pipeline/cancel.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::reports {
namespace {

namespace pl = scenarios::pipeline;
using scenarios::printable;

std::string place_words(const scenarios::SourceLocation& where) {
  return where.line == 0 ? printable(where.file)
                         : fmt::format("{}:{}:{}", printable(where.file), where.line, where.column);
}

std::string held_words(const pl::Serialiser& held) {
  std::string text = fmt::format("{} `{}`", pl::keeper_name(held.keeper), printable(held.key.text));
  if (held.key.is_fresh) text += ", another one in each run";
  if (held.is_assumed) text += ", if it is there";
  if (held.cancels_running) {
    text += ", a newer run cancels the running one";
  } else if (held.waiting == pl::Waiting::all) {
    text += ", all wait their turn";
  } else if (held.waiting == pl::Waiting::last || held.waiting == pl::Waiting::last_of_branch) {
    text += ", the newest waits";
  } else if (held.waiting == pl::Waiting::refused) {
    text += ", others are sent away";
  }
  return text;
}

std::string command_words(const pl::Command& command) {
  std::string text = fmt::format("{} {}", pl::verb_name(command.verb), printable(command.state.text()));
  if (command.lock_off) text += ", no lock";
  if (command.lock_timeout) text += fmt::format(", waits {} s", command.lock_timeout->count());
  if (command.applies_plan_file) text += ", a saved plan";
  if (command.position == pl::Position::cleanup) text += ", after failure or cancel";
  if (command.position == pl::Position::fallback) text += ", when the command before fails";
  if (command.is_remote) text += ", elsewhere";
  return text;
}

// What the lock of a state is worth, as its configuration says.
std::string lock_words(const pl::StatePlace& state, const pl::StateFacts& facts) {
  const std::string place = printable(state.text());
  if (facts.lock == pl::StateLock::unknown)
    return fmt::format("{}: unknown, so both are answered for: {}", place, printable(facts.why_unknown));
  if (facts.lock == pl::StateLock::none)
    return fmt::format("{}: none between two runs, {}", place, printable(facts.backend));
  constexpr auto kForceUnlock = sim::text_for_each<pl::ForceUnlock>(
      {"what force-unlock removes is its provider's or server's affair",
       "force-unlock removes it by its id only", "force-unlock removes whoever's it is",
       "force-unlock removes nothing"});
  return fmt::format(
      "{}: {}, {}; {}", place, printable(facts.backend),
      facts.lock_ends.empty() ? "stays when its job is killed" : "of a killed job free " + facts.lock_ends,
      kForceUnlock[static_cast<std::size_t>(facts.force_unlock)]);
}

// Kinds of run that do the same under the same serialisers are told once.
struct AlikeRuns {
  std::string when;
  const pl::JobRun* run = nullptr;
};

std::vector<AlikeRuns> alike(const pl::Job& job) {
  std::vector<AlikeRuns> found;
  std::vector<std::string> seen;
  for (const pl::JobRun& run : job.runs) {
    std::string what;
    for (const pl::Serialiser& held : run.serialisers) what += held_words(held) + "\n";
    for (const pl::Command& command : run.commands) what += command_words(command) + "\n";
    const std::string when = run.leg.empty() ? run.when : fmt::format("{} [{}]", run.when, run.leg);
    const auto same = std::ranges::find(seen, what);
    if (same != seen.end()) {
      AlikeRuns& known = found[static_cast<std::size_t>(same - seen.begin())];
      known.when += "; " + when;
      continue;
    }
    seen.push_back(what);
    found.push_back({when, &run});
  }
  return found;
}

std::string job_text(const PipelineAnswer& answer, const pl::Job& job, const Style& style) {
  std::string text = fmt::format(
      "{}  {}\n", style(Ink::bold, printable(job.name)),
      style(Ink::dim, fmt::format("{}, {}", pl::system_name(job.system), place_words(job.where))));
  for (const AlikeRuns& one : alike(job)) {
    text += paragraph(printable(one.when), style, 14, "  when");
    if (one.run->serialisers.empty()) text += paragraph("nothing", style, 14, "  kept apart");
    for (const pl::Serialiser& held : one.run->serialisers)
      text += paragraph(held_words(held), style, 14, "  kept apart");
    if (one.run->commands.empty()) text += paragraph("nothing with a state", style, 14, "  does");
    std::set<std::string> told;
    for (const pl::Command& command : one.run->commands) {
      const std::string words = command_words(command);
      if (told.insert(words).second) text += paragraph(words, style, 14, "  does");
    }
    std::set<std::string> locks;
    for (const pl::Command& command : one.run->commands) {
      // What breaks a lock by other means than the tool names no directory.
      if (!answer.facts || command.verb == pl::Verb::break_lock) continue;
      const std::string words = lock_words(command.state, answer.facts(command.state));
      if (locks.insert(words).second) text += paragraph(words, style, 14, "  state, lock");
    }
    std::set<std::string> chains;
    for (const pl::Command& command : one.run->commands) {
      if (!pl::writes(command.verb) && !command.locks) continue;
      const std::string chain = pl::chain_of_cancel(job.system, command.links, job.cleanup_waits_for_tool);
      if (chains.insert(chain).second) text += paragraph(chain, style, 14, "  a cancel");
    }
  }
  for (const std::string& what : job.unknown) text += paragraph(printable(what), style, 14, "  unknown");
  return text;
}

std::string hazard_text(const pl::Hazard& hazard, const Style& style) {
  const pl::HazardRule& rule = pl::hazard_rule(hazard.number);
  const Ink ink = hazard.severity >= pl::Severity::by_fault  ? Ink::red
                  : hazard.severity == pl::Severity::refused ? Ink::yellow
                                                             : Ink::plain;
  std::string text =
      fmt::format("{}  {}: {}\n", style(ink, pad(std::string(pl::severity_name(hazard.severity)), 8)),
                  pl::hazard_id(hazard.number), style(Ink::bold, rule.title));
  text += paragraph(printable(hazard.why), style, 10);
  text += paragraph(rule.happens, style, 10);
  for (const pl::Cause& cause : hazard.causes)
    text += paragraph(fmt::format("{}: {}", place_words(cause.where), printable(cause.what)), style, 12,
                      "          -");
  if (hazard.is_assumed) text += paragraph(printable(hazard.assumption), style, 20, "          assumed:");
  text += paragraph(rule.fix, style, 15, "          fix:");
  return text;
}

}  // namespace

std::string unread_words(const PipelineAnswer& answer) {
  std::set<std::string> files;
  for (const scenarios::InputError& complaint : answer.pipeline.complaints)
    files.insert(complaint.where.file);
  if (files.empty()) return "";
  std::string names;
  for (const std::string& file : files) names += (names.empty() ? "" : ", ") + printable(file);
  return fmt::format(" in what could be read; nothing is answered for {}", names);
}

bool matters(const pl::Hazard& hazard) {
  return hazard.standing == pl::Standing::reported && hazard.severity >= pl::Severity::refused;
}

std::string text_pipeline(const PipelineAnswer& answer, const Style& style) {
  std::string text;
  std::size_t others = 0;
  for (const pl::Job& job : answer.pipeline.jobs) {
    const bool has_commands =
        std::ranges::any_of(job.runs, [](const pl::JobRun& run) { return !run.commands.empty(); });
    if (has_commands || !job.unknown.empty())
      text += job_text(answer, job, style) + "\n";
    else
      ++others;
  }
  if (others > 0) text += counted(others, "job") + " without terraform or tofu\n\n";
  for (const std::string& assumption : answer.pipeline.assumptions)
    text += paragraph(printable(assumption), style, 9, "assumed:");
  std::string residual;
  std::size_t reported = 0;
  for (const pl::Hazard& hazard : answer.hazards) {
    if (hazard.standing == pl::Standing::reported) {
      text += hazard_text(hazard, style) + "\n";
      ++reported;
    } else {
      const pl::Job& job = answer.pipeline.jobs[hazard.job];
      residual += paragraph(
          hazard.standing == pl::Standing::part_of_another
              ? fmt::format("{} ({}) of '{}': part of {}", pl::hazard_id(hazard.number),
                            pl::hazard_rule(hazard.number).name, printable(job.name),
                            pl::hazard_id(hazard.part_of))
              : fmt::format("{} ({}) of '{}': {}", pl::hazard_id(hazard.number),
                            pl::hazard_rule(hazard.number).name, printable(job.name), printable(hazard.why)),
          style, 6, "also");
    }
  }
  if (!residual.empty()) text += residual + "\n";
  text += reported == 0 ? "no hazard" : counted(reported, "hazard");
  text += unread_words(answer) + "\n";
  return text;
}

}  // namespace lockstorm::reports
