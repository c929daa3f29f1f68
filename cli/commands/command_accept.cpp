// `lockstorm accept`: whether what a real tool has sent is a run of the model.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/command.hpp"
#include "cli/publish.hpp"
#include "cli/results.hpp"
#include "cli/usage.hpp"
#include "reports/format/layout.hpp"
#include "reports/format/version.hpp"
#include "scenarios/acceptance/trace_fit.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/data/printable.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/world/world.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::InputError;
using scenarios::printable;
using scenarios::SeenRequest;
using scenarios::TraceFit;

constexpr int kNotAccepted = 1;
constexpr int kGaveUp = 2;

struct AcceptArguments {
  std::vector<std::string> traces;
  std::string scenario;
  std::size_t model_runs = 0;  ///< 0: nobody asks which edges there are
};

struct Trace {
  std::string file;
  std::vector<SeenRequest> seen;
  std::vector<std::string> actors;  ///< by slot
  std::set<std::string> services;
};

struct TraceResult {
  std::string file;
  std::size_t requests = 0;
  std::vector<std::string> actors;
  std::optional<SeenRequest> next;  ///< that does not fit
  TraceFit acceptance;
};

// The slot of who is called so among the clients, else the next one that nobody has.
std::optional<sim::Slot> slot_of(Trace& trace, const std::string& actor,
                                 const std::vector<std::string>& clients) {
  const auto known = std::ranges::find(trace.actors, actor);
  if (known != trace.actors.end()) return static_cast<sim::Slot>(known - trace.actors.begin());
  const auto named = std::ranges::find(clients, actor);
  if (named != clients.end()) return static_cast<sim::Slot>(named - clients.begin());
  if (trace.actors.size() == clients.size()) return std::nullopt;
  trace.actors.push_back(actor);
  return static_cast<sim::Slot>(trace.actors.size() - 1);
}

std::expected<SeenRequest, std::string> request_in(const nlohmann::json& line) {
  SeenRequest seen;
  if (!line.is_object()) return std::unexpected("is no object");
  const auto text = [&](const char* name) {
    const auto found = line.find(name);
    return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto flag = [&](const char* name) {
    const auto found = line.find(name);
    return found == line.end() || !found->is_boolean() || found->get<bool>();
  };
  const auto number = line.find("n");
  if (number == line.end() || !number->is_number_unsigned()) return std::unexpected("has no number `n`");
  seen.number = number->get<std::size_t>();
  seen.service = text("service");
  seen.operation = text("operation");
  seen.object = text("object");
  if (seen.service.empty()) return std::unexpected("names no service");
  seen.changes = flag("changes");
  seen.takes_effect = flag("takes_effect");
  seen.end = text("ends") == "answered" ? SeenRequest::End::answered : SeenRequest::End::lost;
  const auto answer = line.find("answer");
  const bool has_status = answer != line.end() && answer->is_object() && answer->contains("status") &&
                          (*answer)["status"].is_number_unsigned();
  if (has_status) seen.status = (*answer)["status"].get<unsigned>();
  const bool has_other =
      has_status && answer->contains("model_status") && (*answer)["model_status"].is_number_unsigned();
  if (has_other) seen.status = (*answer)["model_status"].get<unsigned>();
  if (!has_status && seen.end == SeenRequest::End::answered)
    return std::unexpected("is answered, and has no answer with a status");
  return seen;
}

std::expected<Trace, InputError> read_trace(const std::string& file,
                                            const std::vector<std::string>& clients) {
  const auto text = read_input_file(file, scenarios::kReplayFile);
  if (!text) return std::unexpected(text.error());
  Trace trace{file, {}, {}, {}};
  unsigned number = 0;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto document = nlohmann::json::parse(line, nullptr, false);
    auto seen = request_in(document);
    const auto bad = [&](std::string why) {
      return std::unexpected(InputError{{file, number, 1},
                                        std::move(why),
                                        "a line of a recording, as `lockstorm serve --record` writes it",
                                        ""});
    };
    if (!seen) return bad(seen.error());
    const std::string actor = document.value("actor", std::string());
    const auto slot = slot_of(trace, actor, clients);
    if (!slot) return bad(fmt::format("'{}' is one client more than the scenario has", printable(actor)));
    seen->slot = *slot;
    trace.services.insert(seen->service);
    trace.seen.push_back(*std::move(seen));
  }
  if (trace.seen.empty())
    return std::unexpected(
        InputError{{file, 0, 0}, "records no request", "lines of JSON, one a request", ""});
  return trace;
}

std::vector<std::string> client_names(const scenarios::Scenario& scenario) {
  const auto world = scenarios::build_world(scenario);
  const sim::SpecNames names(world->spec);
  std::vector<std::string> clients;
  for (sim::Slot slot = 0; slot < scenario.clients(); ++slot) clients.push_back(names.slot_name(slot));
  return clients;
}

std::string text_of(const TraceResult& result, const reports::Style& style) {
  const TraceFit& acceptance = result.acceptance;
  const std::string extra = acceptance.extra.empty()
                                ? ""
                                : fmt::format(", {} of them reads that the model does not have (requests {})",
                                              acceptance.extra.size(), fmt::join(acceptance.extra, ", "));
  if (acceptance.is_accepted)
    return reports::paragraph(fmt::format("{}: accepted: {} are a run of the model{}", printable(result.file),
                                          reports::counted(result.requests, "request"), extra),
                              style);
  std::string text = reports::paragraph(
      fmt::format("{}: {}: {} of {} fit{}", printable(result.file),
                  acceptance.gave_up ? "not known, there are too many ways" : "not accepted",
                  acceptance.accepted, reports::counted(result.requests, "request"), extra),
      style);
  if (result.next)
    text += reports::paragraph(fmt::format("request {} does not: {} sends {} {}", result.next->number,
                                           printable(result.actors[result.next->slot]),
                                           printable(result.next->operation), printable(result.next->object)),
                               style, 2);
  for (const scenarios::WouldSend& instead : acceptance.instead)
    text += reports::paragraph(fmt::format("the model: {} {}", printable(result.actors[instead.slot]),
                                           instead.what == "ends" ? "ends" : "sends " + instead.what),
                               style, 2);
  if (!acceptance.refused_answer.empty())
    text += reports::paragraph("the model's answer: " + acceptance.refused_answer, style, 2);
  return text;
}

// What the clients of accepted recordings did, of all that runs of the model show.
struct EdgesSeen {
  scenarios::ClientEdges seen;
  scenarios::ClientEdges not_seen;
};

std::string told(const scenarios::ClientEdge& edge) {
  const std::string before =
      edge.asked.empty() ? "at first" : fmt::format("{} -> {}", edge.asked, edge.answer);
  return fmt::format("{}: {}: {}", edge.command, before, edge.then);
}

std::string text_of(const EdgesSeen& edges, const reports::Style& style) {
  std::string text =
      reports::paragraph(fmt::format("edges of the clients' code: {} of {} seen", edges.seen.size(),
                                     edges.seen.size() + edges.not_seen.size()),
                         style);
  for (const scenarios::ClientEdge& edge : edges.not_seen)
    text += reports::paragraph("not seen: " + told(edge), style, 2);
  return text;
}

nlohmann::ordered_json json_of(const scenarios::ClientEdges& edges) {
  auto all = nlohmann::ordered_json::array();
  for (const scenarios::ClientEdge& edge : edges)
    all.push_back(
        {{"command", edge.command}, {"asked", edge.asked}, {"answer", edge.answer}, {"then", edge.then}});
  return all;
}

EdgesSeen edges_of(const scenarios::Scenario& scenario, const std::vector<TraceResult>& results,
                   const std::set<std::string>& services, const AcceptArguments& arguments,
                   std::uint64_t seed) {
  EdgesSeen edges;
  for (const TraceResult& result : results)
    edges.seen.insert(result.acceptance.edges.begin(), result.acceptance.edges.end());
  const auto all =
      scenarios::edges_of_runs(scenario, {services.begin(), services.end()}, arguments.model_runs, seed);
  std::ranges::set_difference(all, edges.seen, std::inserter(edges.not_seen, edges.not_seen.end()));
  return edges;
}

std::string json_of(const std::vector<TraceResult>& results, const std::optional<EdgesSeen>& edges) {
  nlohmann::ordered_json document;
  document["lockstorm"] = reports::kVersion;
  document["traces"] = nlohmann::ordered_json::array();
  for (const TraceResult& result : results) {
    nlohmann::ordered_json one;
    one["file"] = result.file;
    one["accepted"] = result.acceptance.is_accepted;
    one["requests"] = result.requests;
    one["fitting"] = result.acceptance.accepted;
    one["not_in_model"] = result.acceptance.extra;
    one["instead"] = nlohmann::ordered_json::array();
    for (const auto& instead : result.acceptance.instead)
      one["instead"].push_back({{"actor", result.actors[instead.slot]}, {"what", instead.what}});
    if (!result.acceptance.refused_answer.empty()) one["answers"] = result.acceptance.refused_answer;
    document["traces"].push_back(std::move(one));
  }
  if (edges) document["edges"] = {{"seen", json_of(edges->seen)}, {"not_seen", json_of(edges->not_seen)}};
  using Handler = nlohmann::ordered_json::error_handler_t;
  return document.dump(2, ' ', false, Handler::replace) + "\n";
}

int run_accept(const AcceptArguments& arguments, const Global& global) {
  const auto scenario = scenarios::find_scenario(arguments.scenario);
  if (!scenario) return bad_input(scenario.error());
  if (const auto error = check_published(global, {}, arguments.traces)) return bad_input(*error);
  const std::vector<std::string> clients = client_names(*scenario);
  std::vector<TraceResult> results;
  std::set<std::string> services;
  for (const std::string& file : arguments.traces) {
    const auto trace = read_trace(file, clients);
    if (!trace) return bad_input(trace.error());
    services.insert(trace->services.begin(), trace->services.end());
    TraceResult result{file, trace->seen.size(), clients, std::nullopt, {}};
    for (std::size_t i = 0; i < trace->actors.size(); ++i) {
      if (!trace->actors[i].empty()) result.actors[i] = trace->actors[i];
    }
    result.acceptance =
        scenarios::accept_trace(*scenario, trace->seen, {trace->services.begin(), trace->services.end()});
    if (!result.acceptance.is_accepted) result.next = trace->seen[result.acceptance.accepted];
    results.push_back(std::move(result));
  }
  const reports::Style style = stdout_style();
  std::string text;
  int status = 0;
  for (const TraceResult& result : results) {
    text += text_of(result, style);
    if (!result.acceptance.is_accepted)
      status = result.acceptance.gave_up && status == 0 ? kGaveUp : kNotAccepted;
  }
  std::optional<EdgesSeen> edges;
  if (arguments.model_runs > 0) {
    edges = edges_of(*scenario, results, services, arguments, global.seed);
    text += text_of(*edges, style);
  }
  Results written(global);
  written.write(global.json_file, [&] { return json_of(results, edges); });
  return written.end(text, status);
}

}  // namespace

Action add_accept(CommandLine command) {
  auto options = std::make_shared<AcceptArguments>();
  command
      .add_option("TRACE", options->traces,
                  "Recordings, as `serve --record` and `confirm --evidence` write them")
      .required();
  command
      .add_option("--scenario", options->scenario,
                  "Who the clients are, what they run and on what; faults are those of the recording")
      .type_name("SCENARIO")
      .required()
      .check(must_not_be_empty);
  command
      .add_option(
          "--edges", options->model_runs,
          "Also tell which steps of the clients' code the recordings show, of those that N random runs "
          "of the scenario do, with its faults")
      .type_name("N")
      .check(whole_number(1, 1'000'000));
  return [options](const Global& global) { return run_accept(*options, global); };
}

}  // namespace lockstorm::cli
