#include "cli/confirm/confirm_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "cli/confirm/confirm_report.hpp"
#include "reports/html/html_page.hpp"
#include "reports/html/page_data.hpp"
#include "wire/confirm/last_words.hpp"
#include "wire/record/recording.hpp"

namespace lockstorm::cli {
namespace {

using PageJson = reports::PageData::Json;
using wire::confirm::ToolRun;

PageJson stored(std::string_view when, const wire::confirm::Holdings& holdings) {
  PageJson lines = PageJson::array();
  for (const auto& holding : holdings) lines.push_back(holding_text(holding));
  return PageJson::array({when, std::move(lines)});
}

PageJson job(const std::string& actor, const ToolRun& run) {
  return PageJson::array({actor, run.command.substr(0, run.command.find(" -")), ending_of(run),
                          wire::confirm::last_words(run.printed)});
}

// As recordings have it: one line of JSON, redacted.
PageJson request(const wire::Recorded& recorded) {
  constexpr std::array kEnds{"answered", "closed", "reset", "open"};
  const std::string what = recorded.operation.empty()
                               ? recorded.request.method
                               : fmt::format("{} {}", recorded.operation, recorded.object);
  return PageJson::array({recorded.number, recorded.actor, what, recorded.has_effect,
                          kEnds.at(static_cast<std::size_t>(recorded.fate)), wire::recorded_line(recorded)});
}

PageJson evidence(const ConfirmResult& result) {
  PageJson json{{"scenario", result.scenario},
                {"properties", result.properties},
                {"outcome", kind_name(result.kind)},
                {"conclusion", result.performed ? conclusion_of(*result.performed) : result.why},
                {"replay", result.replay.empty() ? "" : "lockstorm confirm " + result.replay}};
  if (!result.performed) return json;
  const wire::confirm::Performed& performed = *result.performed;
  json["actors"] = result.told->actors;
  PageJson& steps = json["steps"] = PageJson::array();
  for (const auto& step : performed.direction.steps) {
    const auto& told = result.told->steps[step.number - 1];
    steps.push_back({step.number, told.actor_slot, told.text, step_kind_name(step.kind), real_text(step)});
  }
  json["extra"] = performed.direction.extra;
  json["stored"] =
      PageJson::array({stored("before", performed.before), stored("at the last step", performed.at_last_step),
                       stored("in the end", performed.after)});
  PageJson& jobs = json["jobs"] = PageJson::array();
  for (std::size_t actor = 0; actor < performed.runs.size(); ++actor) {
    for (const ToolRun& run : performed.runs[actor]) jobs.push_back(job(result.told->actors[actor], run));
  }
  jobs.push_back(job("next job", performed.next_job));
  PageJson& requests = json["requests"] = PageJson::array();
  for (const wire::Recorded& one : performed.exchanges) requests.push_back(request(one));
  json["time"] = times_text(performed);
  return json;
}

}  // namespace

std::string html_confirmations(const std::vector<ConfirmResult>& results,
                               const std::map<std::string, std::string>& versions,
                               const RealServers& servers) {
  PageJson page;
  page["tools"] = PageJson::array();
  for (const auto& [name, version] : versions) page["tools"].push_back({name, version});
  page["servers"] = PageJson::array();
  for (const auto& [service, url] : servers)
    page["servers"].push_back(fmt::format("{} at {}", service, url.authority()));
  page["counts"] = counts_text(results);
  page["results"] = PageJson::array();
  for (const ConfirmResult& result : results) page["results"].push_back(evidence(result));
  const std::string title =
      results.size() == 1 ? results.front().scenario : fmt::format("{} counterexamples", results.size());
  return reports::html_page("lockstorm confirm: " + title,
                            reports::PageData().document("confirm", {{"evidence", std::move(page)}}),
                            reports::PageKind::evidence);
}

}  // namespace lockstorm::cli
