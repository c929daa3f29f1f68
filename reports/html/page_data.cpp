#include "reports/html/page_data.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/format/version.hpp"
#include "reports/story/narrative.hpp"
#include "reports/story/prevention.hpp"
#include "reports/story/search_words.hpp"
#include "reports/story/step_queries.hpp"
#include "reports/story/words.hpp"
#include "reports/text/text_report.hpp"

namespace lockstorm::reports {
namespace {

using Json = PageData::Json;
using scenarios::Counterexample;
using scenarios::CounterexampleStep;
using scenarios::ServiceView;
using scenarios::VerifyResult;

Json holders_json(const ServiceView& view) {
  if (!view.keeps_lock) return -1;
  return view.holders;
}

// Bits as in page/page.js.
unsigned flags_of(const CounterexampleStep& step) {
  return (is_adverse(step) ? 1U : 0U) | (step.is_relevant ? 2U : 0U) | (step.reads_state ? 4U : 0U) |
         (step.writes_state ? 8U : 0U);
}

// What is left out at the end is 0.
void trim(Json& list) {
  while (!list.empty() && list.back().is_number() && list.back() == 0) list.erase(list.size() - 1);
}

}  // namespace

std::size_t PageData::text(std::string_view text) {
  const auto [position, is_new] = text_numbers_.try_emplace(std::string(text), texts_.size());
  if (is_new) texts_.push_back(text);
  return position->second;
}

std::size_t PageData::add_step(const Counterexample& counterexample, const CounterexampleStep& step) {
  Json changes = Json::array();
  for (const ServiceView& view : step.changes)
    changes.push_back({view.service, text(view.contents), holders_json(view)});
  const bool is_call = step.call != 0;
  Json json =
      Json::array({std::min(step.actor_slot, counterexample.actors.size()), text(step.event), text(step.text),
                   flags_of(step), text(step.at), is_call ? step.service_index + 1 : 0, step.call});
  json.push_back(step.believers.empty() ? Json(0) : Json(step.believers));
  json.push_back(changes.empty() ? Json(0) : changes);
  json.push_back(step.version.number == 0
                     ? Json(0)
                     : Json::array({step.version.number, step.version.based_on, step.version.replaced}));
  json.push_back(step.note.empty() ? 0 : text(step.note) + 1);
  json.push_back(step.operation.empty() ? 0 : text(step.operation) + 1);
  trim(json);
  return steps_.add(std::move(json));
}

std::size_t PageData::Shared::add(Json value) {
  const auto [position, is_new] = numbers.try_emplace(value.dump(), values.size());
  if (is_new) values.push_back(std::move(value));
  return position->second;
}

std::size_t PageData::add_run(const VerifyResult& result, const Counterexample& counterexample) {
  return add({checkers::property_name(counterexample.property), std::string(headline_of(counterexample)),
              why(counterexample), decisive_moment(counterexample),
              prevention(result.scenario, counterexample), tried_changes(result.scenario, counterexample)},
             result.scenario, counterexample);
}

std::size_t PageData::add_walk(const scenarios::Scenario& scenario, const Counterexample& told) {
  return add({"", "This run violates nothing that shows before its end.", "", "", "", ""}, scenario, told);
}

std::size_t PageData::add(const Story& story, const scenarios::Scenario& scenario,
                          const Counterexample& told) {
  Json run = Json::array({text(story.property), text(story.headline), text(story.why), text(story.turn),
                          text(story.prevention), text(scenario.name), text(bounds_text(scenario)),
                          replay_command(scenario, told.replay), told.adverse_events,
                          told.decisive_step == scenarios::kFromTheStart ? 0 : told.decisive_step});
  const auto texts = [&](const std::vector<std::string>& items) {
    Json list = Json::array();
    for (const std::string& item : items) list.push_back(text(item));
    return list;
  };
  Json beginning = Json::array();
  for (const ServiceView& view : told.beginning)
    beginning.push_back(Json::array({text(view.contents), holders_json(view)}));
  Json path = Json::array();
  for (const CounterexampleStep& step : told.steps) path.push_back(add_step(told, step));
  run.push_back(casts_.add(
      Json::array({texts(told.actors), texts(told.commands), texts(told.services), std::move(beginning)})));
  run.push_back(paths_.add(std::move(path)));
  run.push_back(text(story.tried));
  runs_.push_back(std::move(run));
  return runs_.size() - 1;
}

Json PageData::result(const VerifyResult& result, std::string_view details) {
  Json properties = Json::array();
  for (const auto& [property, verdict] : result.properties) {
    Json run = nullptr;
    for (const Counterexample& counterexample : result.counterexamples) {
      if (counterexample.property == property) run = add_run(result, counterexample);
    }
    properties.push_back(
        {text(checkers::property_name(property)), text(shown_verdict(result, verdict)), run});
  }
  return {{"scenario", result.scenario.name},
          {"summary", scenarios::summary(result.scenario)},
          {"description", result.scenario.description},
          {"verdict", shown_verdict(result, result.verdict)},
          {"why", result.why},
          {"bounds", bounds_text(result.scenario)},
          {"coverage",
           details.empty() ? coverage_text(result) + ". Reached: " + reached_text(result) : std::string()},
          {"details", details},
          {"properties", std::move(properties)}};
}

Json PageData::document(std::string_view command, const Json& body) const {
  Json json{{"tool", fmt::format("lockstorm {}", kVersion)}, {"command", command}};
  json.update(body);
  json["strings"] = texts_;
  json["steps"] = steps_.values;
  json["casts"] = casts_.values;
  json["paths"] = paths_.values;
  json["runs"] = runs_;
  return json;
}

}  // namespace lockstorm::reports
