#include "scenarios/world_search.hpp"

#include <algorithm>

#include "scenarios/decisive.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Monitors;
using checkers::Property;

// Below this many states the plain automata are good enough; above, merging bisimilar nodes pays.
constexpr std::size_t kWorthMinimising = 20'000;
constexpr std::size_t kMaxMinimisedNodes = 20'000;
constexpr int kMaxPasses = 12;

}  // namespace

sim::ExploreResult WorldSearch::explore_once(const sim::ExploreOptions& options) {
  return with_keys([&]<int W>(std::integral_constant<int, W>) {
    return sim::Explorer<W, Monitors>(tables_, world_.monitors, world_.end_check, options).run();
  });
}

sim::ExploreResult WorldSearch::explore(const sim::ExploreOptions& options) {
  sim::ExploreOptions scout = options;
  scout.max_states = std::min(options.max_states, kWorthMinimising);
  sim::ExploreResult result = explore_once(scout);
  if (result.complete) return result;
  if (words_ == 2) words_ = 1;
  for (int pass = 0; pass < kMaxPasses; ++pass) {
    tables_.minimise(kMaxMinimisedNodes);
    result = explore_once(options);
    if (!tables_.outgrown()) return result;
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
  const unsigned events = explored.fewest.of(static_cast<unsigned>(property));
  return {events, property == Property::progress && explored.fewest_to_hang == events};
}

// Hangs show only once everything has been visited; a violation of another kind as soon as it is met.
WorldSearch::Shortest WorldSearch::shortest(sim::ExploreOptions options, Property property,
                                            const Fewest& fewest) {
  options.reduction = false;
  options.max_adverse_events = fewest.events;
  if (!fewest.at_hang) {
    options.stop_at = checkers::property_bit(property);
    options.hang_property = sim::kUnknown;
  }
  for (int pass = 0; pass < kMaxPasses; ++pass) {
    const std::optional<Shortest> found = with_keys([&]<int W>(std::integral_constant<int, W>) {
      sim::Explorer<W, Monitors> explorer(tables_, world_.monitors, world_.end_check, options);
      const sim::ExploreResult result = explorer.run();
      if (tables_.outgrown()) return std::optional<Shortest>();
      const auto& finding = result.first[static_cast<std::size_t>(property)];
      if (!finding) return std::optional<Shortest>({std::nullopt, result.out_of_memory});
      return std::optional<Shortest>({explorer.schedule_to(*finding), false});
    });
    if (found) return *found;
    tables_.minimise(kMaxMinimisedNodes);
  }
  return {};
}

std::size_t WorldSearch::decisive_step(Property property, const sim::Schedule& schedule) {
  return with_keys([&]<int W>(std::integral_constant<int, W>) {
    return scenarios::decisive_step<W>(tables_, world_, property, schedule);
  });
}

}  // namespace lockstorm::scenarios
