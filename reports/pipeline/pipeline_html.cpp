// A pipeline as a page: for each state who comes to it, and a grid of which two can be there at once; then
// the hazards.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "reports/html/html_page.hpp"
#include "reports/html/page_data.hpp"
#include "reports/pipeline/pipeline_report.hpp"
#include "scenarios/pipeline/cancel.hpp"
#include "scenarios/pipeline/hazard_findings.hpp"
#include "scenarios/pipeline/overlap.hpp"

namespace lockstorm::reports {
namespace {

namespace pl = scenarios::pipeline;
using Json = PageData::Json;

// More kinds of run than that are no picture.
constexpr std::size_t kMostRuns = 24;

// Commands of a run that are about a state.
using AtState = std::vector<const pl::Command*>;

struct Visitor {
  const pl::RunOf* run = nullptr;
  AtState commands;
  std::string when;  ///< of all that do the same under the same serialisers
};

std::string what_of(const AtState& commands) {
  std::vector<std::string> words;
  for (const pl::Command* command : commands) {
    std::string word(pl::verb_name(command->verb));
    if (command->lock_off) word += ", no lock";
    if (command->position != pl::Position::step) word += ", after failure or cancel";
    if (std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
  }
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "; ") + word;
  return text;
}

std::string groups_of(const pl::JobRun& run) {
  std::string text;
  for (const pl::Serialiser& held : run.serialisers)
    text += fmt::format("{}{} `{}`{}", text.empty() ? "" : ", ", pl::keeper_name(held.keeper), held.key.text,
                        held.key.is_fresh      ? " (another one in each run)"
                        : held.is_assumed      ? " (if it is there)"
                        : held.cancels_running ? " (a newer run cancels)"
                                               : "");
  return text.empty() ? "nothing" : text;
}

// States by their places, with all that comes to them.
std::map<std::string, std::vector<Visitor>> visitors_by_state(const std::vector<pl::RunOf>& runs) {
  std::map<std::string, std::vector<Visitor>> states;
  for (const pl::RunOf& run : runs) {
    std::map<std::string, AtState> here;
    for (const pl::Command& command : run.run->commands)
      if (command.verb != pl::Verb::break_lock) here[command.state.text()].push_back(&command);
    for (auto& [place, commands] : here) {
      const std::string when =
          run.run->leg.empty() ? run.run->when : run.run->when + " [" + run.run->leg + "]";
      std::vector<Visitor>& all = states[place];
      const auto same = std::ranges::find_if(all, [&](const Visitor& other) {
        return other.run->job_number == run.job_number && what_of(other.commands) == what_of(commands) &&
               groups_of(*other.run->run) == groups_of(*run.run);
      });
      if (same != all.end()) {
        same->when += "; " + when;
      } else {
        all.push_back({&run, std::move(commands), when});
      }
    }
  }
  return states;
}

std::string lock_of_state(const PipelineAnswer& answer, const pl::StatePlace& state) {
  if (!answer.facts) return {};
  const pl::StateFacts& facts = answer.facts(state);
  return facts.lock == pl::StateLock::unknown ? "its lock is not known: " + facts.why_unknown
         : facts.lock == pl::StateLock::none  ? facts.backend + ": no lock between two runs"
                                              : facts.backend;
}

// Why two can or cannot be there at once: [0: never, 1: at once, 2: at once, and one of them only reads;
// why].
Json meeting_json(const Visitor& a, const Visitor& b) {
  const pl::Serialiser* const by = pl::what_excludes(*a.run, *b.run);
  if (by != nullptr)
    return {0,
            fmt::format("never at once: both have the {} `{}`", pl::keeper_name(by->keeper), by->key.text)};
  const auto changes = [](const Visitor& one) {
    return std::ranges::any_of(one.commands, [](const pl::Command* c) { return pl::writes(c->verb); });
  };
  const bool both = changes(a) && changes(b);
  return {both ? 1 : 2, fmt::format("can be under way at once: one has {}, the other {}",
                                    groups_of(*a.run->run), groups_of(*b.run->run))};
}

Json state_json(const PipelineAnswer& answer, const std::string& place, const std::vector<Visitor>& all) {
  const std::size_t shown = std::min(all.size(), kMostRuns);
  Json runs = Json::array();
  Json grid = Json::array();
  for (std::size_t i = 0; i < shown; ++i) {
    const Visitor& one = all[i];
    const pl::Job& job = one.run->job();
    runs.push_back(
        {job.name, fmt::format("{}, {}:{}", pl::system_name(job.system), job.file, job.where.line), one.when,
         what_of(one.commands), groups_of(*one.run->run),
         pl::chain_of_cancel(job.system, one.commands.front()->links, job.cleanup_waits_for_tool)});
    Json row = Json::array();
    for (std::size_t k = 0; k < shown; ++k) row.push_back(meeting_json(one, all[k]));
    grid.push_back(std::move(row));
  }
  return {{"place", place},
          {"lock", lock_of_state(answer, all.front().commands.front()->state)},
          {"runs", std::move(runs)},
          {"grid", std::move(grid)},
          {"more", all.size() - shown}};
}

Json hazards_json(const PipelineAnswer& answer) {
  Json hazards = Json::array();
  for (const pl::Hazard& hazard : answer.hazards) {
    if (hazard.standing != pl::Standing::reported) continue;
    const pl::HazardRule& rule = pl::hazard_rule(hazard.number);
    Json causes = Json::array();
    for (const pl::Cause& cause : hazard.causes)
      causes.push_back(fmt::format("{}:{}: {}", cause.where.file, cause.where.line, cause.what));
    hazards.push_back({pl::hazard_id(hazard.number), rule.title, grade_name(pl::grade_of(hazard.severity)),
                       hazard.is_assumed ? hazard.why + ". Assumed: " + hazard.assumption : hazard.why,
                       rule.happens, std::move(causes), rule.fix, pl::severity_name(hazard.severity)});
  }
  return hazards;
}

}  // namespace

std::string html_pipeline(const PipelineAnswer& answer) {
  const std::vector<pl::RunOf> runs = pl::distinct_runs(answer.pipeline);
  Json states = Json::array();
  for (const auto& [place, visitors] : visitors_by_state(runs))
    states.push_back(state_json(answer, place, visitors));
  PageData data;
  Json body{{"pipeline_states", std::move(states)}, {"pipeline", hazards_json(answer)}};
  for (const scenarios::InputError& one : answer.pipeline.complaints)
    body["complaints"].push_back(one.render());
  return html_page("lockstorm pipeline: " + answer.path, data.document("pipeline", body));
}

}  // namespace lockstorm::reports
