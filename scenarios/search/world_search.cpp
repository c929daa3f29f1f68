#include "scenarios/search/world_search.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "scenarios/search/decisive.hpp"
#include "scenarios/search/levels_on_disk.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Monitors;
using checkers::Property;

}  // namespace

sim::ExploreResult WorldSearch::explore_once(const sim::ExploreOptions& options, bool keep_runs) {
  return with_keys([&]<int W>(std::integral_constant<int, W>) {
    sim::Explorer<W> explorer(tables_, world_.monitors, world_.end_check, options);
    sim::ExploreResult result = explorer.run();
    if (!keep_runs) return result;
    for (const Property property : checkers::PropertySet::all()) {
      found_[property].reset();
      try {
        const auto& finding = result.first[checkers::property_number(property)];
        if (finding) found_[property] = explorer.schedule_to(*finding);
      } catch (const sim::EngineError&) {
        // It cannot be walked again: whoever looks for the shortest run will say so.
      }
    }
    return result;
  });
}

/// Where the levels are, and how many explorations there were before.
struct WorldSearch::Passes {
  const LevelsOnDisk& on_disk;
  sim::LevelFolder folder;
  std::uint32_t before = 0;

  explicit Passes(const LevelsOnDisk& levels)
      : on_disk(levels), folder(levels.folder, levels.identity, levels.is_first_member()) {}

  // Nobody reads the levels any more.
  void leave() const {
    on_disk.exchange->all_gather({});
    if (on_disk.is_first_member()) folder.clear();
  }
};

sim::ExploreResult WorldSearch::explore_levels(const sim::ExploreOptions& options, const Passes& passes) {
  return with_keys([&]<int W>(std::integral_constant<int, W>) {
    sim::LevelSearch<W> levels(tables_, world_.monitors, world_.end_check,
                               {.folder = &passes.folder,
                                .exchange = passes.on_disk.exchange,
                                .symmetry = options.symmetry,
                                .reduction = options.reduction,
                                .pass = passes.before,
                                .max_bytes = options.max_bytes,
                                .program_bytes = options.program_bytes,
                                .hang_property = options.hang_property,
                                .on_level = passes.on_disk.on_level});
    sim::ExploreResult result = levels.run();
    for (const Property property : checkers::PropertySet::all())
      found_[property] = levels.schedule_to(checkers::property_number(property));
    return result;
  });
}

sim::ExploreResult WorldSearch::explore(const sim::ExploreOptions& options, bool keep_runs,
                                        const LevelsOnDisk* on_disk) {
  sim::ExploreOptions scout = options;
  scout.max_states = std::min(options.max_states, limits::kStatesWorthClosing);
  sim::ExploreResult result = explore_once(scout, keep_runs);
  if (result.complete) return result;
  if (words_ == 2) words_ = 1;
  std::optional<Passes> passes;
  if (on_disk != nullptr) {
    passes.emplace(*on_disk);
    if (const auto manifest = passes->folder.manifest()) words_ = static_cast<int>(manifest->words);
  }
  for (int pass = 0; pass < limits::kPasses; ++pass) {
    tables_.minimise(limits::kClosedNodes);
    result = passes ? explore_levels(options, *passes) : explore_once(options, keep_runs);
    if (!tables_.outgrown()) {
      if (passes && result.complete) passes->leave();
      return result;
    }
    if (passes) ++passes->before;
  }
  result.complete = false;
  result.why_incomplete = "the clients' automata kept growing; report this scenario";
  return result;
}

std::vector<CommandReached> WorldSearch::reached() const {
  Marks marks;
  add_marks(marks, tables_);
  return read_marks(world_, marks);
}

WorldSearch::Fewest WorldSearch::fewest(const sim::ExploreResult& explored, Property property) {
  const unsigned events = explored.fewest.of(checkers::property_number(property));
  return {events, property == Property::progress && explored.fewest_to_hang == events};
}

// Hangs show only once everything has been visited; a violation of another kind as soon as it is met.
WorldSearch::Shortest WorldSearch::shortest(sim::ExploreOptions options, Property property,
                                            const Fewest& fewest) {
  options.max_adverse_events = fewest.events;
  if (!fewest.at_hang) {
    options.stop_at = checkers::PropertySet{property}.bits();
    options.hang_property = sim::kUnknown;
  }
  return shortest_by(options, property);
}

WorldSearch::Shortest WorldSearch::shortest_by(const sim::ExploreOptions& given, Property property) {
  sim::ExploreOptions options = given;
  options.reduction = false;
  for (int pass = 0; pass < limits::kPasses; ++pass) {
    const std::optional<Shortest> found = with_keys([&]<int W>(std::integral_constant<int, W>) {
      sim::Explorer<W> explorer(tables_, world_.monitors, world_.end_check, options);
      const sim::ExploreResult result = explorer.run();
      if (tables_.outgrown()) return std::optional<Shortest>();
      const auto& finding = result.first[checkers::property_number(property)];
      if (!finding) return std::optional<Shortest>({std::nullopt, result.out_of_memory});
      return std::optional<Shortest>({explorer.schedule_to(*finding), false});
    });
    if (found) return *found;
    tables_.minimise(limits::kClosedNodes);
  }
  return {};
}

sim::Survey WorldSearch::survey_of(Property property) {
  sim::Survey survey;
  survey.property = checkers::property_number(property);
  survey.event_of_step = [this, property](const sim::ViolatingStep& step) -> std::optional<sim::EventId> {
    if (brings_to_light(property, step.kind)) return std::nullopt;
    return names_.of_step(step);
  };
  survey.events_of_end = [this, property](const sim::EndState& end) { return names_.of_end(end, property); };
  survey.hang = names_.of_hang();
  return survey;
}

WorldSearch::Surveyed WorldSearch::survey(sim::ExploreOptions options, Property property) {
  const sim::Survey asked = survey_of(property);
  options.survey = &asked;
  options.fingerprint = false;
  if (property != Property::progress) options.hang_property = sim::kUnknown;
  const sim::ExploreResult result = explore(options);

  struct Found {
    std::uint32_t state = 0;
    Mechanism mechanism;
    std::pair<sim::EventId, sim::Spent> key;
  };
  std::vector<Found> found;
  for (const auto& [event, ways] : result.surveyed.all()) {
    for (const auto& way : ways)
      found.push_back(
          {way.first.state, {names_[event], names_.adversity(way.spent), {}}, {event, way.spent}});
  }
  std::ranges::sort(found, {}, [](const Found& one) {
    return std::make_tuple(one.mechanism.adverse_events(), one.state, one.mechanism.event);
  });
  Surveyed surveyed{result.complete, {}, {}};
  for (Found& one : found) {
    // Kinds of one name are one kind: events of two stores of the same sort.
    const auto same = [&](const Mechanism& other) { return other.is_same(one.mechanism); };
    if (std::ranges::any_of(surveyed.mechanisms, same)) continue;
    surveyed.mechanisms.push_back(std::move(one.mechanism));
    surveyed.keys.push_back(std::move(one.key));
  }
  return surveyed;
}

WorldSearch::Shortest WorldSearch::shortest_to(sim::ExploreOptions options, Property property,
                                               const std::pair<sim::EventId, sim::Spent>& key) {
  sim::Survey asked = survey_of(property);
  asked.wanted = sim::Survey::Wanted{key.first, key.second};
  options.survey = &asked;
  options.max_adverse_events = std::accumulate(key.second.begin(), key.second.end(), 0U);
  if (key.first != asked.hang) {
    options.stop_at = checkers::PropertySet{property}.bits();
    options.hang_property = sim::kUnknown;
  }
  return shortest_by(options, property);
}

std::size_t WorldSearch::decisive_step(Property property, const sim::Schedule& schedule,
                                       std::size_t max_states) {
  return with_keys([&]<int W>(std::integral_constant<int, W>) {
    return scenarios::decisive_step<W>(tables_, world_, property, schedule, max_states);
  });
}

}  // namespace lockstorm::scenarios
