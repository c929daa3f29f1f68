// `lockstorm merge FILE...`: the parts of a campaign as if one process had made it.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/output_file.hpp"
#include "cli/publish.hpp"
#include "reports/hunt_report.hpp"
#include "reports/json_report.hpp"
#include "reports/version.hpp"
#include "scenarios/hunt/hunt.hpp"
#include "scenarios/library.hpp"

namespace lockstorm::cli {
namespace {

using nlohmann::ordered_json;
using scenarios::HuntResult;
using scenarios::InputError;

InputError wrong(const std::string& file, std::string what, std::string advice = {}) {
  return {{file, 0, 0},
          std::move(what),
          "the JSON of `lockstorm hunt --shard K/N --json FILE`",
          std::move(advice)};
}

sim::DistinctCount read_distinct(const ordered_json& json) {
  sim::DistinctCount count;
  for (const auto& hash : json.at("smallest")) count.add(hash.get<std::uint64_t>());
  return count;
}

// The counts of one part. Throws nlohmann's errors where something is missing or of another type.
HuntResult read_part(const ordered_json& json) {
  const ordered_json& hunt = json.at("hunt");
  HuntResult part;
  part.seed = hunt.at("seed").get<std::uint64_t>();
  part.replayed = hunt.at("replayed").get<std::size_t>();
  part.shard = {hunt.at("shard").at("number").get<unsigned>(), hunt.at("shard").at("count").get<unsigned>()};
  part.counts.runs = hunt.at("runs").get<std::uint64_t>();
  part.counts.steps = hunt.at("steps").get<std::uint64_t>();
  part.counts.violating = hunt.at("violating_runs").get<std::uint64_t>();
  part.counts.cut_off = hunt.at("cut_off").get<std::uint64_t>();
  part.counts.undecided = hunt.value("undecided", std::uint64_t{0});
  part.counts.out_of_time = hunt.value("out_of_time", std::uint64_t{0});
  for (const auto& marks : hunt.at("marks")) part.counts.marks.push_back(marks.get<std::set<sim::Mark>>());
  part.counts.ends = read_distinct(hunt.at("end_states"));
  part.counts.states = read_distinct(hunt.at("states"));
  for (const auto& [name, runs] : hunt.at("strategies").items()) {
    part.strategies.push_back(name);
    part.counts.runs_of.push_back(runs.at("runs").get<std::uint64_t>());
    part.counts.violating_of.push_back(runs.at("violating").get<std::uint64_t>());
  }
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind)
    part.counts.fired[kind] =
        json.at("faults_fired").value(std::string(sim::kFaultNames[kind]), std::uint64_t{0});
  const ordered_json& pct = hunt.at("pct");
  part.pct = {pct.at("processes").get<std::uint32_t>(), pct.at("steps").get<std::uint32_t>(),
              pct.at("faults").get<unsigned>(), pct.at("runs").get<std::vector<std::uint64_t>>()};
  return part;
}

// A violation of one part, found by the run that comes first of all parts'.
struct Candidate {
  scenarios::HuntedExample example;
  checkers::Property property{};
  sim::Schedule schedule;
};

std::expected<std::vector<Candidate>, std::string> read_candidates(const ordered_json& json,
                                                                   std::uint64_t fingerprint) {
  std::vector<Candidate> candidates;
  for (const ordered_json& found : json.at("hunt").at("found")) {
    Candidate candidate;
    candidate.example.found_by = found.at("strategy").get<std::string>();
    candidate.example.drawn = found.at("drawn").get<std::string>();
    candidate.example.run = found.at("run").get<std::uint64_t>();
    candidate.example.steps_found = found.at("steps_found").get<std::size_t>();
    candidate.example.steps = found.at("steps").get<std::size_t>();
    candidate.example.proved_smallest = found.at("proved_smallest").get<bool>();
    const ordered_json& counterexample =
        json.at("counterexamples").at(found.at("counterexample").get<std::size_t>());
    const auto property = checkers::property_named(counterexample.at("property").get<std::string>());
    const auto replay = sim::decode_replay(counterexample.at("replay").get<std::string>());
    if (!property) return std::unexpected("it names a property that does not exist");
    if (!replay) return std::unexpected(replay.error());
    if (replay->fingerprint != fingerprint)
      return std::unexpected("it is of another version of the scenario");
    candidate.property = *property;
    candidate.schedule = replay->schedule;
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

struct Joined {
  HuntResult hunted;
  std::vector<Candidate> candidates;
  std::vector<bool> have;  ///< [shard]
};

std::optional<InputError> add_part(Joined& joined, const std::string& file, const ordered_json& json,
                                   const scenarios::Scenario& scenario) {
  HuntResult part = read_part(json);
  HuntResult& all = joined.hunted;
  const bool first = joined.have.empty();
  if (json.at("lockstorm").get<std::string>() != reports::kVersion)
    return wrong(file, "another version of lockstorm made it", "make all parts with one version");
  if (first) {
    joined.have.resize(part.shard.count);
    all.seed = part.seed;
    all.strategies = part.strategies;
    all.pct = part.pct;
    all.pct.runs.assign(part.pct.runs.size(), 0);
  }
  if (part.seed != all.seed || part.shard.count != joined.have.size() || part.strategies != all.strategies)
    return wrong(file, "it is a part of another campaign (seed, number of shards or strategies differ)");
  if (part.shard.number >= joined.have.size() || joined.have[part.shard.number])
    return wrong(file, fmt::format("part {} is there twice", part.shard.number + 1));
  joined.have[part.shard.number] = true;
  all.counts.join(part.counts);
  all.replayed = std::max(all.replayed, part.replayed);
  for (std::size_t depth = 0; depth < part.pct.runs.size(); ++depth)
    all.pct.runs.at(depth) += part.pct.runs[depth];
  auto candidates = read_candidates(json, fingerprint(scenario));
  if (!candidates) return wrong(file, candidates.error());
  joined.candidates.insert(joined.candidates.end(), candidates->begin(), candidates->end());
  return std::nullopt;
}

// For each property the example of the earliest run.
void settle(Joined& joined, const scenarios::Scenario& scenario, const scenarios::World& world) {
  std::stable_sort(joined.candidates.begin(), joined.candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.example.run < b.example.run; });
  scenarios::VerifyResult& result = joined.hunted.result;
  for (Candidate& candidate : joined.candidates) {
    if (result.properties.contains(candidate.property)) continue;
    auto told = scenarios::tell(scenario, world, candidate.schedule);
    result.properties[candidate.property] =
        told ? scenarios::Verdict::violated : scenarios::Verdict::nondeterministic;
    if (!told) continue;
    told->property = candidate.property;
    told->decisive_step = find_decisive_step(world, candidate.property, candidate.schedule);
    candidate.example.counterexample = result.counterexamples.size();
    joined.hunted.examples.push_back(candidate.example);
    result.counterexamples.push_back(std::move(*told));
  }
  conclude(joined.hunted, world);
}

int run(const std::vector<std::string>& files, const Global& global) {
  Joined joined;
  std::optional<scenarios::Scenario> scenario;
  for (const std::string& file : files) {
    std::ifstream stream(file);
    if (!stream) return bad_input(wrong(file, "cannot be read"));
    try {
      const ordered_json json = ordered_json::parse(stream);
      const auto name = json.at("scenario").get<std::string>();
      if (!scenario) {
        auto found = scenarios::find_scenario(name);
        if (!found) return bad_input(found.error());
        scenario = std::move(*found);
      }
      if (scenario->name != name)
        return bad_input(wrong(file, fmt::format("it is about {}, not {}", name, scenario->name)));
      if (const auto error = add_part(joined, file, json, *scenario)) return bad_input(*error);
    } catch (const ordered_json::parse_error&) {
      return bad_input(wrong(file, "is no JSON"));
    } catch (const ordered_json::exception&) {
      return bad_input(wrong(file, "is no part of a campaign: fields are missing or of another kind"));
    }
  }
  if (const auto error = check_published(global)) return bad_input(*error);
  const auto missing = std::count(joined.have.begin(), joined.have.end(), false);
  if (missing > 0)
    fmt::print(stderr, "lockstorm: {} of {} parts are missing: the report is of the others\n", missing,
               joined.have.size());
  joined.hunted.result.scenario = *scenario;
  const auto world = scenarios::build_world(*scenario);
  settle(joined, *scenario, *world);
  print_report(global, reports::hunt_text(joined.hunted, stdout_style()));
  const std::string json =
      global.json_file.empty() ? "" : reports::json_text(reports::hunt_json(joined.hunted));
  if (const auto error = write_output_file(global.json_file, json)) return bad_input(*error);
  if (const auto error = publish(global, {&joined.hunted.result, 1})) return bad_input(*error);
  return exit_status(joined.hunted.result.verdict);
}

}  // namespace

Action add_merge(CLI::App& command) {
  auto files = std::make_shared<std::vector<std::string>>();
  command.add_option("FILE", *files, "JSON of the shards")->required();
  return [files](const Global& global) { return run(*files, global); };
}

}  // namespace lockstorm::cli
