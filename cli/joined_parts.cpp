#include "cli/joined_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/data/input_file.hpp"
#include "scenarios/search/needed_clients.hpp"
#include "scenarios/search/tell_showing.hpp"
#include "scenarios/search/verify.hpp"

namespace lockstorm::cli {
namespace {

using reports::CampaignPart;
using scenarios::HuntResult;
using scenarios::InputError;

InputError wrong(const std::string& file, std::string what, std::string advice = {}) {
  return {{file, 0, 0}, std::move(what), std::string(scenarios::kPartFile.expected), std::move(advice)};
}

HuntResult counts_of_all(const std::vector<CampaignPart>& parts) {
  const HuntResult& first = parts.front().hunted;
  HuntResult all;
  all.seed = first.seed;
  all.settings = first.settings;
  all.strategies = first.strategies;
  all.pct = first.pct;
  all.pct.runs.assign(first.pct.runs.size(), 0);
  all.joined = first.shard.count;
  std::vector<bool> have(all.joined);
  for (const CampaignPart& part : parts) {
    have[part.hunted.shard.number] = true;
    all.counts.join(part.hunted.counts);
    all.result.explored.seconds += part.hunted.result.explored.seconds;
    all.replayed = std::max(all.replayed, part.hunted.replayed);
    for (std::size_t depth = 0; depth < part.hunted.pct.runs.size(); ++depth)
      all.pct.runs[depth] += part.hunted.pct.runs[depth];
  }
  for (unsigned number = 0; number < all.joined; ++number) {
    if (!have[number]) all.missing.push_back(number);
  }
  return all;
}

// For each property the example of the earliest run of all parts.
std::optional<InputError> settle(HuntResult& joined, const std::vector<CampaignPart>& parts,
                                 const std::vector<std::string>& files, const scenarios::World& world) {
  std::vector<std::pair<reports::PartFind, const std::string*>> found;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (const reports::PartFind& find : parts[i].found) found.emplace_back(find, &files[i]);
  }
  std::ranges::stable_sort(found, {}, [](const auto& one) { return one.first.example.run; });
  scenarios::VerifyResult& result = joined.result;
  for (auto& [find, file] : found) {
    if (find.fingerprint != parts.front().fingerprint)
      return wrong(*file, "it found something in another version of the scenario");
    if (result.properties.contains(find.property)) continue;
    auto told = scenarios::tell_showing(result.scenario, world, find.property, find.schedule);
    if (!told) return wrong(*file, fmt::format("what it found is not found again: {}", told.error()));
    result.properties[find.property] = scenarios::Verdict::violated;
    find_needed_clients(result.scenario, world, scenarios::plain_world, *told);
    if (find.example.clients > 0) leave_out_clients(find.example.clients, result.scenario.clients(), *told);
    told->decisive_step = find_decisive_step(world, find.property, find.schedule);
    find.example.counterexample = result.counterexamples.size();
    joined.examples.push_back(find.example);
    result.counterexamples.push_back(std::move(*told));
  }
  return std::nullopt;
}

}  // namespace

std::expected<CampaignPart, InputError> read_part_file(const std::string& file) {
  const auto text = read_input_file(file, scenarios::kPartFile);
  if (!text) return std::unexpected(text.error());
  auto part = reports::read_part(*text);
  if (!part) return std::unexpected(wrong(file, std::move(part).error()));
  return *std::move(part);
}

std::expected<std::vector<CampaignPart>, InputError> read_part_files(const std::vector<std::string>& files) {
  std::vector<CampaignPart> parts;
  for (const std::string& file : files) {
    auto part = read_part_file(file);
    if (!part) return std::unexpected(std::move(part).error());
    if (!parts.empty()) {
      if (const std::string other = difference(*part, parts.front()); !other.empty())
        return std::unexpected(
            wrong(file, fmt::format("it is a part of another campaign than {}: {}", files.front(), other),
                  "make all parts with one command line"));
    }
    const unsigned number = part->hunted.shard.number;
    if (std::ranges::any_of(parts, [&](const CampaignPart& p) { return p.hunted.shard.number == number; }))
      return std::unexpected(wrong(file, fmt::format("part {} is there twice", number + 1)));
    parts.push_back(*std::move(part));
  }
  return parts;
}

std::expected<HuntResult, InputError> join_parts(const std::vector<CampaignPart>& parts,
                                                 const std::vector<std::string>& files,
                                                 const scenarios::Scenario& scenario,
                                                 std::optional<JoinedAsOne> as_one) {
  HuntResult joined = counts_of_all(parts);
  joined.result.scenario = scenario;
  const auto world = scenarios::build_world(scenario);
  if (auto error = settle(joined, parts, files, *world)) return std::unexpected(*std::move(error));
  if (!as_one) {
    conclude(joined, *world);
    return joined;
  }
  if (joined.missing.empty()) joined.joined = 1;
  conclude(joined, *world, as_one->calm_states);
  return joined;
}

}  // namespace lockstorm::cli
