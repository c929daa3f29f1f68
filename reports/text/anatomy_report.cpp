#include "reports/text/anatomy_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/format/layout.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;
using scenarios::Anatomy;
using scenarios::AnatomyCall;
using scenarios::AnatomyRun;
using scenarios::LeftBehind;

constexpr std::size_t kTextColumn = 24;

std::string state_left(const LeftBehind& left, const LeftBehind& before) {
  switch (left.found.readable) {
    case models::GetStatus::failed:
      return "the state cannot be read";
    case models::GetStatus::absent:
      return before.found.readable == models::GetStatus::absent ? "no state" : "the state is gone";
    case models::GetStatus::found:
      return left.found.state == before.found.state ? "the old state" : "the new state";
  }
  return {};
}

std::string_view lock_left(const LeftBehind& left) {
  if (left.found.blocked) return "something that lets nobody lock, and force-unlock does not remove it";
  if (left.found.lock_shown)
    return left.found.lock_cleared ? "the lock, until force-unlock removes it"
                                   : "the lock, and force-unlock with its ID does not remove it";
  return left.locked ? "a lock that shows no ID, so that force-unlock cannot remove it" : "no lock";
}

std::string left_text(const LeftBehind& left, const LeftBehind& before) {
  return fmt::format("{}; {}", state_left(left, before), lock_left(left));
}

std::string left_text(const AnatomyCall& call, const LeftBehind& before) {
  std::string text = left_text(call.left, before);
  if (call.left_later)
    text += fmt::format(". When its lease has run out: {}", left_text(*call.left_later, before));
  return text;
}

std::string text_run(const AnatomyRun& run, const Style& style) {
  std::string text = "  " + style(Ink::bold, run.name) + "\n";
  std::string_view operation = "none yet";
  std::string last_left = left_text(run.before, run.before);
  for (std::size_t i = 0; i < run.calls.size(); ++i) {
    const AnatomyCall& call = run.calls[i];
    std::string label = "    ";
    if (call.background)
      label += "(meanwhile)";
    else if (call.operation != operation)
      label += call.operation;
    if (!call.background) operation = call.operation;
    text += paragraph(call.text, style, kTextColumn,
                      pad(std::move(label), kTextColumn - 4) + fmt::format("{:>2}  ", i + 1));
    std::string left = left_text(call, run.before);
    if (left != last_left) text += paragraph("killed from here on, leaves: " + left, style, kTextColumn + 3);
    last_left = std::move(left);
  }
  return text;
}

std::string text_runs(const Anatomy& anatomy, const Style& style) {
  std::string text;
  for (const AnatomyRun& run : anatomy.runs) text += text_run(run, style);
  return text;
}

Json json_left(const LeftBehind& left, const LeftBehind& before) {
  return {{"state", state_left(left, before)},
          {"locked", left.locked || left.found.lock_shown || left.found.blocked},
          {"id_shown", left.found.lock_shown},
          {"force_unlock_works", left.found.lock_cleared}};
}

Json json_run(const AnatomyRun& run) {
  Json calls = Json::array();
  for (const AnatomyCall& call : run.calls) {
    Json entry{{"operation", call.operation},
               {"background", call.background},
               {"service", call.service},
               {"call", call.text},
               {"killed_after", json_left(call.left, run.before)}};
    if (call.left_later) entry["killed_after_lease"] = json_left(*call.left_later, run.before);
    calls.push_back(std::move(entry));
  }
  return {{"run", run.name}, {"calls", std::move(calls)}};
}

}  // namespace

std::string text_anatomy(std::span<const Anatomy> all, const Style& style) {
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::string tools(scenarios::tool_name(all[i].tool));
    const std::string runs = text_runs(all[i], style);
    const bool next_is_same =
        i + 1 < all.size() && all[i + 1].backend == all[i].backend && text_runs(all[i + 1], style) == runs;
    if (next_is_same) tools += " and " + std::string(scenarios::tool_name(all[++i].tool));
    text += "\n" + style(Ink::bold, fmt::format("{}, {}", tools, all[i].backend)) + "\n" + runs;
  }
  return text;
}

Json json_anatomy(std::span<const Anatomy> all) {
  Json modes = Json::array();
  for (const Anatomy& anatomy : all) {
    Json runs = Json::array();
    for (const AnatomyRun& run : anatomy.runs) runs.push_back(json_run(run));
    modes.push_back({{"tool", scenarios::tool_name(anatomy.tool)},
                     {"backend", anatomy.backend},
                     {"runs", std::move(runs)}});
  }
  return modes;
}

}  // namespace lockstorm::reports
