#include "reports/ci/json_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/format/version.hpp"
#include "reports/story/left_lock_story.hpp"
#include "reports/story/mechanism_words.hpp"
#include "reports/story/words.hpp"
#include "scenarios/data/printable.hpp"
#include "scenarios/search/expectation.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;
using scenarios::Counterexample;
using scenarios::VerifyResult;

Json mechanisms_json(const scenarios::Mechanisms& mechanisms) {
  Json json{{"complete", mechanisms.complete}, {"all", Json::array()}};
  for (const scenarios::Mechanism& mechanism : mechanisms.all) {
    Json one = mechanism_json(mechanism);
    if (mechanism.counterexample) one["counterexample"] = *mechanism.counterexample;
    json["all"].push_back(std::move(one));
  }
  return json;
}

Json properties_json(const VerifyResult& result) {
  Json properties = Json::object();
  for (const auto& [property, verdict] : result.properties) {
    Json entry{{"verdict", scenarios::verdict_name(verdict)}};
    if (const Counterexample* simplest = result.counterexample_of(property))
      entry["counterexample"] = simplest - result.counterexamples.data();
    if (const auto found = result.mechanisms.find(property); found != result.mechanisms.end())
      entry["mechanisms"] = mechanisms_json(found->second);
    if (property == checkers::Property::stale_lock_recovery && verdict == scenarios::Verdict::held &&
        result.scenario.faults[sim::Fault::crash] > 0) {
      entry["who_has_to_act"] = recovery_name(result.recovery);
      if (result.recovery == scenarios::Recovery::person)
        entry["command"] = recovery_command(result.scenario);
    }
    properties[std::string(checkers::property_name(property))] = std::move(entry);
  }
  return properties;
}

template <class Counts>
Json by_fault(const scenarios::Scenario& scenario, const Counts& counts) {
  Json faults = Json::object();
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (scenario.faults.count[kind] > 0) faults[std::string(sim::kFaultNames[kind])] = counts[kind];
  }
  return faults;
}

Json fleets_json(const scenarios::Scenario& scenario) {
  Json fleets = Json::array();
  for (const scenarios::Fleet& fleet : scenario.all_fleets()) {
    Json commands = Json::array();
    for (const models::Command command : fleet.client.commands)
      commands.push_back(models::command_name(command));
    Json json{{"clients", fleet.client.count},       {"tool", scenarios::tool_name(fleet.client.tool)},
              {"backend", fleet.backend->summary()}, {"commands", std::move(commands)},
              {"lock", fleet.client.lock},           {"lock_timeout_ms", fleet.client.lock_timeout.count()},
              {"runs", fleet.client.runs},           {"resources", fleet.client.resources}};
    if (fleet.client.migrate_to) json["migrate_to"] = fleet.client.migrate_to->backend->summary();
    if (fleet.client.migrated) json["migrated"] = true;
    if (fleet.client.runner == scenarios::Runner::ephemeral) json["runner"] = "ephemeral";
    if (!fleet.client.lacks.empty()) json["lacks"] = fleet.client.lacks;
    if (!fleet.client.loses.empty()) json["loses"] = fleet.client.loses;
    if (fleet.client.retries > 0) json["retries"] = fleet.client.retries;
    if (fleet.client.restarts > 0) json["restarts"] = fleet.client.restarts;
    if (fleet.client.pull_request != 0) json["pull_request"] = fleet.client.pull_request;
    if (fleet.client.shares_directory) json["shared_directory"] = true;
    if (fleet.client.is_other_state) json["state"] = 2;
    if (fleet.client.lock_table > 0) json["lock_table"] = fleet.client.lock_table + 1;
    if (fleet.client.reads_other_state) {
      json["reads_other_state"] = true;
      json["read_lock"] = models::kReadLockNames[static_cast<std::size_t>(fleet.client.read_lock)];
    }
    fleets.push_back(std::move(json));
  }
  return fleets;
}

Json bounds_json(const scenarios::Scenario& scenario) {
  Json bounds{{"clients", scenario.clients()}, {"faults", by_fault(scenario, scenario.faults.count)}};
  bounds["operator"] = {{"force_unlock", scenario.force_unlock.force_unlock},
                        {"target", target_name(scenario.force_unlock.target)}};
  for (std::size_t act = 0; act < models::kHandActs; ++act) {
    if (const unsigned times = scenario.force_unlock.by_hand[act]; times > 0)
      bounds["operator"][std::string(models::kHandActNames[act])] = times;
  }
  if (scenario.lock_sharers > 0) bounds["lock_sharers"] = scenario.lock_sharers;
  if (scenario.orchestrator) bounds["orchestrator"] = {{"replicas", scenario.orchestrator->replicas}};
  if (scenario.initial_lock != scenarios::InitialLock::none)
    bounds["initial_lock"] = scenario.initial_lock == scenarios::InitialLock::left ? "left" : "nameless";
  bounds["resources"] = scenario.resources();
  if (scenario.recorded) bounds["recorded_resources"] = *scenario.recorded;
  if (is_plain(scenario) && scenario.client.runner == scenarios::Runner::ephemeral)
    bounds["runner"] = "ephemeral";
  bounds["runs"] = scenario.client.runs;
  bounds["lock_timeout_ms"] = scenario.client.lock_timeout.count();
  bounds["ticks"] = scenario.time.ticks;
  if (!is_plain(scenario)) bounds["fleets"] = fleets_json(scenario);
  return bounds;
}

Json explored_json(const scenarios::Explored& explored) {
  const double rate = explored.seconds > 0 ? static_cast<double>(explored.states) / explored.seconds : 0;
  return {{"complete", explored.complete},
          {"states", explored.states},
          {"transitions", explored.transitions},
          {"seconds", std::round(explored.seconds * 1e3) / 1e3},
          {"states_per_second", static_cast<std::uint64_t>(rate)},
          {"end_states", explored.end_states},
          {"cut_off", explored.cut_off},
          {"depth", explored.depth}};
}

std::string_view adverse_name(scenarios::Adverse adverse) {
  switch (adverse) {
    case scenarios::Adverse::no:
      return "";
    case scenarios::Adverse::fault:
      return "fault";
    case scenarios::Adverse::intervention:
      return "intervention";
    case scenarios::Adverse::store_event:
      return "store event";
  }
  return "";
}

std::string_view lock_use_name(sim::LockUse use) {
  constexpr auto kNames =
      sim::text_for_each<sim::LockUse>({"", "asks", "looks", "notes", "renews", "releases"});
  return kNames[static_cast<std::size_t>(use)];
}

std::string name_of(sim::Who who, const Counterexample& counterexample) {
  if (who.is_predecessor()) return "an earlier run";
  return who.slot() < counterexample.actors.size() ? counterexample.actors[who.slot()] : "";
}

// What the answer to a call says.
Json answer_json(const sim::AnswerFacts& told, const Counterexample& counterexample) {
  Json json{{"status", told.status}, {"refused", told.is_refusal}};
  if (!told.shows.is_nobody()) json["shows_lock_of"] = name_of(told.shows, counterexample);
  if (told.version.exists()) {
    json["state"] = {{"serial", told.version.serial},
                     {"writer", name_of(told.version.writer, counterexample)}};
    if (told.version.is_torn) json["state"]["torn"] = true;
  }
  return json;
}

void add_call(Json& json, const scenarios::CounterexampleStep& step, const Counterexample& counterexample) {
  json["service"] = step.service;
  json["operation"] = step.operation;
  if (!step.about.object.empty()) json["object"] = step.about.object;
  if (step.about.lock != sim::LockUse::none) json["lock"] = lock_use_name(step.about.lock);
  json["call"] = step.call;
  json["sent"] = step.sent;
  if (step.repeats != 0) json["repeats_call"] = step.repeats;
  if (!step.told.status.empty()) json["answer"] = answer_json(step.told, counterexample);
  if (step.route.session != 0) json["session"] = step.route.session;
  if (step.route.prepared_on != 0) json["prepared_on"] = step.route.prepared_on;
  if (step.version.number != 0)
    json["writes"] = {{"version", step.version.number},
                      {"based_on", step.version.based_on},
                      {"replaces", step.version.replaced}};
  if (step.at_new_backend) json["new_backend"] = true;
}

Json step_json(const scenarios::CounterexampleStep& step, const Counterexample& counterexample) {
  Json json{{"n", step.number}, {"at", step.at}, {"actor", step.actor}, {"event", step.event}};
  if (!step.service.empty()) add_call(json, step, counterexample);
  if (!step.is_time && step.kind == sim::MoveKind::choose) {
    json["choice"] = models::choice_name(step.choice);
    json["second_way"] = step.second_way;
  }
  if (step.takes_lock) json["takes_lock"] = true;
  if (step.frees) json["frees_lock_of"] = step.frees->name;
  for (const scenarios::Expired& expired : step.expired)
    json["expired"].push_back({{"what", expired.what}, {"of", expired.of.name}});
  for (const scenarios::PendingRequest& request : step.pending)
    json["pending"].push_back({{"operation", request.operation}, {"sent", request.sent}});
  json["text"] = step.text;
  if (!step.note.empty()) json["note"] = step.note;
  if (step.adverse == scenarios::Adverse::fault) json["fault"] = true;
  if (step.adverse != scenarios::Adverse::no) json["adverse"] = adverse_name(step.adverse);
  json["relevant"] = step.is_relevant;
  return json;
}

Json counterexample_json(const Counterexample& counterexample) {
  const bool is_avoidable = counterexample.decisive_step != scenarios::kFromTheStart;
  Json json{{"property", checkers::property_name(counterexample.property)},
            {"replay", counterexample.replay},
            {"faults", counterexample.faults},
            {"adverse_events", counterexample.adverse_events},
            {"decisive_step", is_avoidable ? counterexample.decisive_step : 0},
            {"steps", Json::array()}};
  if (!is_avoidable) json["every_run_violates"] = true;
  if (counterexample.mechanism) json["mechanism"] = mechanism_json(*counterexample.mechanism);
  for (std::size_t i = 0; i < counterexample.commands.size(); ++i) {
    if (!counterexample.commands[i].empty())
      json["clients"].push_back({{"name", counterexample.actors[i]}, {"runs", counterexample.commands[i]}});
  }
  for (const std::size_t slot : counterexample.not_needed)
    json["not_needed"].push_back(counterexample.actors[slot]);
  for (const auto& step : counterexample.steps) json["steps"].push_back(step_json(step, counterexample));
  for (const scenarios::LeftLock& left : counterexample.left_locks) {
    Json lock{{"how", how_left_name(left.how)}};
    if (left.how != scenarios::LeftLock::How::nobodys) lock["actor"] = counterexample.actors[left.slot];
    lock["force_unlock_helps"] = left.cleared;
    json["left_locks"].push_back(std::move(lock));
  }
  for (const scenarios::TriedChange& change : counterexample.tried) {
    json["tried"].push_back({{"rule", change.rule},
                             {"setting", change.setting},
                             {"verdict", scenarios::verdict_name(change.verdict)},
                             {"states", change.states}});
    if (!change.price.empty()) json["tried"].back()["price"] = change.price;
  }
  return json;
}

Json reached_json(const VerifyResult& result) {
  Json reached = Json::array();
  for (const scenarios::CommandReached& one : result.reached) {
    Json json{{"jobs", one.jobs}, {"command", one.name()}, {"succeeds", one.succeeds()}};
    json["endings"] = Json::array();
    for (const models::CommandEnd& end : one.ends) json["endings"].push_back(end.describe());
    json["goals"] = Json::array();
    for (const models::Goal goal : one.goals) json["goals"].push_back(models::goal_name(goal));
    reached.push_back(std::move(json));
  }
  return reached;
}

// Of ASCII what people see, and the ends of lines between values.
bool is_ordinary(char c) { return (c >= ' ' && c <= '~') || c == '\n'; }

// What URLs in a document's texts hold of credentials is not for everybody who reads a report.
void hide_credentials(Json& value) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (text.find("://") != std::string::npos) value = scenarios::without_credentials(text);
  } else if (value.is_structured()) {
    for (auto& item : value) hide_credentials(item);
  }
}

}  // namespace

Json json_result(const VerifyResult& result, std::string_view engine) {
  Json json{{"lockstorm", kVersion},
            {"scenario", result.scenario.name},
            {"engine", engine},
            {"verdict", scenarios::verdict_name(result.verdict)},
            {"properties", properties_json(result)},
            {"bounds", bounds_json(result.scenario)},
            {"explored", explored_json(result.explored)},
            {"faults_fired", by_fault(result.scenario, result.fired)},
            {"reached", reached_json(result)},
            {"counterexamples", Json::array()}};
  for (const Counterexample& counterexample : result.counterexamples) {
    json["counterexamples"].push_back(counterexample_json(counterexample));
  }
  if (!result.why.empty()) json["why"] = result.why;
  const std::vector<std::string> unexpected = unexpected_verdicts(result);
  if (result.scenario.expects_anything()) json["unexpected"] = unexpected;
  if (result.searched) json["proof"] = false;
  return json;
}

std::string json_report(std::span<const VerifyResult> results, std::string_view engine) {
  if (results.size() == 1) return json_text(json_result(results.front(), engine));
  Json json{{"results", Json::array()}};
  for (const VerifyResult& result : results) json["results"].push_back(json_result(result, engine));
  return json_text(json);
}

std::string json_text(const Json& document) { return json_dump(document, 2) + "\n"; }

std::string json_dump(const Json& document, int indent) {
  Json shown = document;
  hide_credentials(shown);
  const std::string json = shown.dump(indent, ' ', false, Json::error_handler_t::replace);
  std::string out;
  out.reserve(json.size());
  for (std::string_view rest = json; !rest.empty();) {
    // Nearly all of it, at once.
    const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(rest, is_ordinary) - rest.begin());
    out += rest.substr(0, plain);
    rest.remove_prefix(plain);
    if (rest.empty()) break;
    const scenarios::Decoded one = scenarios::first_character(rest);
    const auto number = static_cast<std::uint32_t>(one.character);
    if (scenarios::is_visible(one.character)) {
      out += rest.substr(0, one.bytes);
    } else if (number < 0x10000) {
      out += fmt::format("\\u{:04x}", number);
    } else {
      out += fmt::format("\\u{:04x}\\u{:04x}", 0xD7C0U + (number >> 10U), 0xDC00U + (number & 0x3FFU));
    }
    rest.remove_prefix(one.bytes);
  }
  return out;
}

}  // namespace lockstorm::reports
