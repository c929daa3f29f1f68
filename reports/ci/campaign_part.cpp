#include "reports/ci/campaign_part.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "reports/ci/json_input.hpp"
#include "reports/ci/json_report.hpp"
#include "reports/format/version.hpp"
#include "scenarios/data/fnv1a.hpp"
#include "scenarios/files/library.hpp"

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;
using scenarios::CampaignSettings;
using scenarios::HuntResult;

// Counts of all parts together must fit into 64 bits.
constexpr std::uint64_t kMostRuns = std::uint64_t{1} << 50U;
constexpr std::uint64_t kMostSteps = std::uint64_t{1} << 59U;

// Of everything in it but itself; that it was not edited is all that it says.
std::string digest_of(Json json) {
  json.at("hunt").erase("digest");
  // As it is written: what a path hides is hidden in what is read back, too.
  return scenarios::hex(scenarios::fnv1a(json_dump(json, -1)));
}

template <class Number>
Json or_null(const std::optional<Number>& number) {
  return number ? Json(*number) : Json(nullptr);
}

std::vector<std::string_view> names_of(checkers::PropertySet set) {
  std::vector<std::string_view> names;
  for (const checkers::Property property : set) names.push_back(checkers::property_name(property));
  return names;
}

Json settings_json(const HuntResult& hunted) {
  const CampaignSettings& settings = hunted.settings;
  const auto seconds = settings.time ? std::optional(settings.time->count()) : std::nullopt;
  return {{"reference", reference_of(hunted.result.scenario)},
          {"fingerprint", scenarios::hex(fingerprint(hunted.result.scenario))},
          {"runs", or_null(settings.runs)},
          {"seconds", or_null(seconds)},
          {"missed_at_most", or_null(settings.missed)},
          {"depth", settings.depth},
          {"all", settings.all},
          {"properties", names_of(settings.checked)}};
}

CampaignSettings read_settings(const JsonPlace& json) {
  CampaignSettings settings;
  if (!json.at("runs").is_null()) settings.runs = json.at("runs").whole(kMostRuns);
  if (!json.at("seconds").is_null())
    settings.time = std::chrono::seconds(json.at("seconds").whole<std::uint32_t>());
  if (!json.at("missed_at_most").is_null()) settings.missed = json.at("missed_at_most").number();
  settings.depth = json.at("depth").whole<unsigned>();
  settings.all = json.at("all").flag();
  for (const JsonPlace& name : json.at("properties").items()) {
    const auto property = checkers::property_named(name.text());
    if (!property) name.refuse("a property");
    if (property) settings.checked.insert(*property);
  }
  return settings;
}

sim::DistinctCount read_distinct(const JsonPlace& json) {
  sim::DistinctCount count;
  for (const JsonPlace& hash : json.at("smallest").items()) count.add(hash.whole());
  return count;
}

scenarios::HuntCounts read_counts(const JsonPlace& json) {
  const JsonPlace hunt = json.at("hunt");
  scenarios::HuntCounts counts;
  counts.runs = hunt.at("runs").whole(kMostRuns);
  counts.steps = hunt.at("steps").whole(kMostSteps);
  counts.violating = hunt.at("violating_runs").whole(kMostRuns);
  counts.cut_off = hunt.at("cut_off").whole(kMostRuns);
  counts.undecided = hunt.at("undecided").whole(kMostRuns);
  counts.out_of_time = hunt.at("out_of_time").whole(kMostRuns);
  for (const JsonPlace& marks : hunt.at("marks").items()) {
    counts.marks.emplace_back();
    for (const JsonPlace& mark : marks.items()) counts.marks.back().insert(mark.whole<sim::Mark>());
  }
  counts.ends = read_distinct(hunt.at("end_states"));
  counts.states = read_distinct(hunt.at("states"));
  for (const auto& [name, runs] : hunt.at("strategies").members()) {
    counts.runs_of.push_back(runs.at("runs").whole(kMostRuns));
    counts.violating_of.push_back(runs.at("violating").whole(kMostRuns));
  }
  for (const auto& [name, fired] : json.at("faults_fired").members()) {
    const auto* const kind = std::ranges::find(sim::kFaultNames, std::string_view(name));
    if (kind == sim::kFaultNames.end()) fired.refuse("the name of a fault");
    if (kind != sim::kFaultNames.end())
      counts.fired[static_cast<std::size_t>(kind - sim::kFaultNames.begin())] = fired.whole(kMostSteps);
  }
  return counts;
}

scenarios::PctRuns read_pct(const JsonPlace& json) {
  constexpr std::size_t kDeepest = 65;  // what --depth takes
  scenarios::PctRuns pct{json.at("processes").whole<std::uint32_t>(),
                         json.at("steps").whole<std::uint32_t>(),
                         json.at("faults").whole<unsigned>(255),
                         {}};
  for (const JsonPlace& runs : json.at("runs").items()) pct.runs.push_back(runs.whole(kMostRuns));
  if (pct.processes == 0 || pct.runs.size() > kDeepest) json.refuse("the runs of PCT by their depth");
  return pct;
}

HuntResult read_hunted(const JsonPlace& json) {
  const JsonPlace hunt = json.at("hunt");
  HuntResult part;
  part.seed = hunt.at("seed").whole();
  part.replayed = hunt.at("replayed").whole<std::size_t>();
  part.shard.count = hunt.at("shard").at("count").whole<unsigned>(scenarios::kLanes);
  if (part.shard.count < 2) hunt.at("shard").at("count").refuse("2 parts or more");
  part.shard.number = hunt.at("shard").at("number").whole<unsigned>(std::max(part.shard.count, 1U) - 1);
  part.settings = read_settings(hunt.at("campaign"));
  for (const auto& [name, runs] : hunt.at("strategies").members()) part.strategies.push_back(name);
  part.counts = read_counts(json);
  part.pct = read_pct(hunt.at("pct"));
  part.result.explored.seconds = json.at("explored").at("seconds").number();
  return part;
}

std::vector<PartFind> read_found(const JsonPlace& json) {
  std::vector<PartFind> all;
  const std::vector<JsonPlace> counterexamples = json.at("counterexamples").items();
  for (const JsonPlace& found : json.at("hunt").at("found").items()) {
    PartFind find;
    find.example.found_by = found.at("strategy").text();
    find.example.drawn = found.at("drawn").text();
    find.example.run = found.at("run").whole(kMostRuns);
    find.example.steps_found = found.at("steps_found").whole<std::size_t>();
    find.example.steps = found.at("steps").whole<std::size_t>();
    if (found.has("clients")) find.example.clients = found.at("clients").whole<unsigned>(sim::kMaxProcesses);
    find.example.proved_smallest = found.at("proved_smallest").flag();
    const JsonPlace index = found.at("counterexample");
    const auto number = index.whole<std::size_t>();
    if (number >= counterexamples.size()) index.refuse("the number of a counterexample");
    if (!json.error().empty()) return {};
    const JsonPlace property = counterexamples[number].at("property");
    const JsonPlace string = counterexamples[number].at("replay");
    const auto named = checkers::property_named(property.text());
    const auto replay = sim::decode_replay(string.text());
    if (!named) property.refuse("a property");
    if (!replay) string.refuse("a whole replay string");
    if (!named || !replay) return {};
    find.property = *named;
    find.fingerprint = replay->fingerprint;
    find.schedule = replay->schedule;
    all.push_back(std::move(find));
  }
  return all;
}

std::uint64_t sum(const std::vector<std::uint64_t>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), std::uint64_t{0});
}

// What is wrong with the counts of a part, empty: they fit together.
std::string misfit(const CampaignPart& part) {
  const HuntResult& hunted = part.hunted;
  const scenarios::HuntCounts& counts = hunted.counts;
  if (counts.runs != sum(counts.runs_of))
    return fmt::format("{} runs, but {} of its strategies", counts.runs, sum(counts.runs_of));
  if (counts.violating != sum(counts.violating_of))
    return fmt::format("{} violating runs, but {} of its strategies", counts.violating,
                       sum(counts.violating_of));
  if (counts.violating > counts.runs || counts.cut_off > counts.runs || counts.out_of_time > counts.runs ||
      counts.undecided > counts.cut_off)
    return "more runs of some kind than runs";
  if (counts.violating > 0 && part.found.empty()) return "violating runs, but nothing that they found";
  for (std::size_t i = 0; i < hunted.strategies.size(); ++i) {
    if (hunted.strategies[i].starts_with("pct:") && counts.runs_of[i] > sum(hunted.pct.runs))
      return fmt::format("{} runs of {}, but {} of PCT", counts.runs_of[i], hunted.strategies[i],
                         sum(hunted.pct.runs));
  }
  if (sum(hunted.pct.runs) > counts.runs) return "more runs of PCT than runs";
  const auto wanted = runs_of_part(hunted.settings, hunted.shard);
  const bool stopped_early = !hunted.settings.all && !part.found.empty();
  if (wanted && (stopped_early ? counts.runs > *wanted : counts.runs != *wanted))
    return fmt::format("{} runs where its part of the campaign is {}", counts.runs, *wanted);
  return {};
}

std::string option(std::string_view name, const auto& value) {
  return value ? fmt::format("{} {}", name, *value) : fmt::format("no {}", name);
}

}  // namespace

void add_part(Json& json, const HuntResult& hunted) {
  Json& hunt = json["hunt"];
  hunt["marks"] = hunted.counts.marks;
  hunt["shard"] = {{"number", hunted.shard.number}, {"count", hunted.shard.count}};
  hunt["pct"] = {{"processes", hunted.pct.processes},
                 {"steps", hunted.pct.steps},
                 {"faults", hunted.pct.faults},
                 {"runs", hunted.pct.runs}};
  hunt["campaign"] = settings_json(hunted);
  hunt["digest"] = digest_of(json);
}

std::expected<CampaignPart, std::string> read_part(const std::string& text) {
  const auto json = read_json(text);
  if (!json) return std::unexpected(json.error());
  const JsonPlace root(*json);
  if (root.has("results"))
    return std::unexpected("holds campaigns of several scenarios: hunt one scenario to a file");
  if (!root.has("hunt")) return std::unexpected("is no part of a campaign");
  const std::string version = root.at("lockstorm").text();
  if (root.error().empty() && version != kVersion)
    return std::unexpected(
        fmt::format("another version of lockstorm made it ({}; this is {})", version, kVersion));
  if (!root.at("hunt").has("shard"))
    return std::unexpected("is a whole campaign or a joined one, and no part of one");
  CampaignPart part;
  part.scenario = root.at("scenario").text();
  const JsonPlace campaign = root.at("hunt").at("campaign");
  part.reference = campaign.at("reference").text();
  const std::string digest = root.at("hunt").at("digest").text();
  const std::string fingerprint = campaign.at("fingerprint").text();
  part.hunted = read_hunted(root);
  part.found = read_found(root);
  if (!root.error().empty())
    return std::unexpected(fmt::format("is no whole part of a campaign: {}", root.error()));
  if (digest_of(*json) != digest)
    return std::unexpected("is not what `hunt` wrote: its digest does not match its content");
  if (const std::string wrong = misfit(part); !wrong.empty())
    return std::unexpected(fmt::format("counts that do not fit together: {}", wrong));
  for (const char digit : fingerprint) {
    const auto value = std::string_view("0123456789abcdef").find(digit);
    if (value == std::string_view::npos) return std::unexpected("has no fingerprint of its scenario");
    part.fingerprint = part.fingerprint << 4U | value;
  }
  return part;
}

std::string difference(const CampaignPart& part, const CampaignPart& first) {
  const CampaignSettings& here = part.hunted.settings;
  const CampaignSettings& there = first.hunted.settings;
  const auto both = [](std::string_view what, const auto& one, const auto& other) {
    return fmt::format("{}: {} here, {} there", what, one, other);
  };
  if (part.scenario != first.scenario) return both("another scenario", part.scenario, first.scenario);
  if (part.fingerprint != first.fingerprint)
    return "another version of the scenario: their fingerprints differ";
  if (part.hunted.seed != first.hunted.seed)
    return both("another --seed", part.hunted.seed, first.hunted.seed);
  if (part.hunted.shard.count != first.hunted.shard.count)
    return both("another number of parts", part.hunted.shard.count, first.hunted.shard.count);
  if (part.hunted.strategies != first.hunted.strategies)
    return both("other strategies", fmt::format("{}", fmt::join(part.hunted.strategies, ", ")),
                fmt::format("{}", fmt::join(first.hunted.strategies, ", ")));
  if (here.runs != there.runs)
    return both("another --runs", option("--runs", here.runs), option("--runs", there.runs));
  if (here.time != there.time) {
    const auto seconds = [](const auto& time) { return time ? std::optional(time->count()) : std::nullopt; };
    return both("another --for", option("--for", seconds(here.time)), option("--for", seconds(there.time)));
  }
  if (here.missed != there.missed) return "another --confidence";
  if (here.depth != there.depth) return both("another --depth", here.depth, there.depth);
  if (here.all != there.all) return "one with --all and one without";
  if (here.checked != there.checked) return "other properties are checked";
  if (part.hunted.pct.processes != first.hunted.pct.processes ||
      part.hunted.pct.steps != first.hunted.pct.steps || part.hunted.pct.faults != first.hunted.pct.faults ||
      part.hunted.pct.runs.size() != first.hunted.pct.runs.size())
    return "a world of another size";
  return {};
}

}  // namespace lockstorm::reports
