#include "scenarios/search/verify.hpp"

#include <fmt/format.h>

#include <chrono>
#include <new>

#include "scenarios/search/levels_on_disk.hpp"
#include "scenarios/search/limits.hpp"
#include "scenarios/search/needed_clients.hpp"
#include "scenarios/search/search_memory.hpp"
#include "scenarios/search/tell_showing.hpp"
#include "scenarios/search/unless_too_large.hpp"
#include "scenarios/search/validity.hpp"
#include "scenarios/search/world_search.hpp"
#include "sim/limits.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using checkers::PropertySet;

// Adds the counterexample that the schedule is; false: it is none, which is the result then.
bool add_counterexample(WorldSearch& search, const World& world, const VerifyOptions& options,
                        Property property, const sim::Schedule& schedule, VerifyResult& result) {
  std::expected<Counterexample, std::string> told = tell_showing(result.scenario, world, property, schedule);
  if (!told) {
    result.properties[property] = Verdict::nondeterministic;
    result.why = told.error();
    return false;
  }
  if (options.explain) {
    const std::size_t max_states = states_within(options.max_bytes, limits::kDecisiveStates);
    try {
      told->decisive_step = search.decisive_step(property, schedule, max_states);
    } catch (const sim::LimitExceeded&) {
      // The story stands without it.
    }
  }
  result.counterexamples.push_back(std::move(*told));
  return true;
}

// It goes further than the search that found the violation, and may come to a limit that this one did not.
template <class Search>
WorldSearch::Shortest as_far_as_possible(const Search& search) {
  try {
    return search();
  } catch (const sim::LimitExceeded&) {
    return {};
  } catch (const std::bad_alloc&) {
    return {std::nullopt, true};
  }
}

// What violates the property besides what its counterexample shows, the last one that was told.
void find_mechanisms(WorldSearch& search, const World& world, sim::ExploreOptions explore,
                     const VerifyOptions& options, Property property, VerifyResult& result) {
  using enum VerifyOptions::Mechanisms;
  if (options.mechanisms == named) explore.max_states = std::min(explore.max_states, limits::kSurveyedStates);
  Mechanisms& mechanisms = result.mechanisms[property];
  Mechanism first = *result.counterexamples.back().mechanism;
  first.counterexample = result.counterexamples.size() - 1;
  mechanisms.all.push_back(first);
  WorldSearch::Surveyed surveyed;
  try {
    surveyed = search.survey(explore, property);
  } catch (const sim::LimitExceeded&) {
    return;  // not complete
  } catch (const std::bad_alloc&) {
    return;
  }
  mechanisms.complete = surveyed.complete;
  for (std::size_t i = 0; i < surveyed.mechanisms.size(); ++i) {
    Mechanism& mechanism = surveyed.mechanisms[i];
    if (mechanism.is_same(first)) continue;
    if (options.mechanisms == told) {
      const auto [schedule, out_of_memory] =
          as_far_as_possible([&] { return search.shortest_to(explore, property, surveyed.keys[i]); });
      result.out_of_memory |= out_of_memory;
      if (schedule && add_counterexample(search, world, options, property, *schedule, result)) {
        result.counterexamples.back().mechanism = mechanism;
        mechanism.counterexample = result.counterexamples.size() - 1;
      }
    }
    mechanisms.all.push_back(std::move(mechanism));
  }
}

void tell_violation(WorldSearch& search, const World& world, const sim::ExploreOptions& explore,
                    const VerifyOptions& options, Property property, const WorldSearch::Fewest& fewest,
                    VerifyResult& result) {
  const auto [shortest, out_of_memory] =
      as_far_as_possible([&] { return search.shortest(explore, property, fewest); });
  result.out_of_memory |= out_of_memory;
  // A violation is never without a story.
  const std::optional<sim::Schedule>& schedule = shortest ? shortest : search.found(property);
  if (!schedule) return;
  if (!shortest)
    result.why +=
        fmt::format("{}the run that shows the violation of {} is one that was found; for the shortest {}",
                    result.why.empty() ? "" : "; ", checkers::property_name(property),
                    out_of_memory ? "there was not enough memory" : "the search grew too large");
  if (!add_counterexample(search, world, options, property, *schedule, result)) return;
  if (shortest && options.mechanisms != VerifyOptions::Mechanisms::simplest)
    find_mechanisms(search, world, explore, options, property, result);
}

void run(const World& world, const VerifyOptions& options, VerifyResult& result) {
  WorldSearch search(world);
  sim::ExploreOptions explore;
  explore.max_bytes = options.max_bytes;
  explore.program_bytes = options.program_bytes;
  explore.fingerprint = options.fingerprint;
  explore.threads = options.threads;
  explore.hang_property = checkers::property_number(Property::progress);
  const sim::ExploreResult explored = search.explore(explore, true, options.on_disk);
  result.explored = {explored.complete,
                     explored.states,
                     explored.transitions,
                     explored.end_states,
                     explored.cut_off,
                     explored.depth,
                     0,
                     explored.fingerprint,
                     search.promise_sample()};
  result.reached = search.reached();
  result.fired = explored.fired;
  result.recovery = static_cast<Recovery>(world.end_facts->recovery.load());
  result.why = explored.why_incomplete;
  result.out_of_memory = explored.out_of_memory;
  if (options.on_disk != nullptr && !options.on_disk->is_first_member()) return;
  for (const Property property : world.checked) {
    const bool violated = PropertySet::from_bits(explored.violated).contains(property);
    result.properties[property] =
        violated ? Verdict::violated
                 : verdict_of_unviolated(world, property, explored.complete, explored.cut_off);
    if (!violated) continue;
    try {
      tell_violation(search, world, explore, options, property, WorldSearch::fewest(explored, property),
                     result);
    } catch (const sim::LimitExceeded&) {
      // The search for the shortest way goes further than the one that found the violation; that stands.
    } catch (const std::bad_alloc&) {
      result.out_of_memory = true;  // likewise
    } catch (const sim::EngineError& error) {
      result.properties[property] = Verdict::nondeterministic;
      result.why = error.what();
    }
  }
}

sim::ExploreOptions until(Property property, std::size_t max_states) {
  sim::ExploreOptions options;
  options.max_states = max_states;
  options.stop_at = PropertySet{property}.bits();
  if (property == Property::progress) options.hang_property = checkers::property_number(property);
  return options;
}

VerifyResult unknown_because(const Scenario& scenario, const World& world, std::string why) {
  VerifyResult result;
  result.scenario = scenario;
  result.why = std::move(why);
  for (const Property property : world.checked) result.properties[property] = Verdict::unknown;
  return result;
}

// A world that is too large is an answer, not a failure of the program.
VerifyResult explore_world(const Scenario& scenario, const World& world, const VerifyOptions& options) {
  try {
    VerifyResult result;
    result.scenario = scenario;
    run(world, options, result);
    return result;
  } catch (const std::bad_alloc&) {
    VerifyResult result = unknown_because(scenario, world, "the system gives no more memory");
    result.out_of_memory = true;
    return result;
  } catch (const sim::LevelFileError& error) {
    return unknown_because(
        scenario, world,
        fmt::format("{} (the levels found so far are kept: the same command goes on from there)",
                    error.what()));
  } catch (const sim::KeyTooNarrow& error) {
    return unknown_because(
        scenario, world,
        fmt::format("too large for exhaustive search ({}): try fewer clients or faults, or `lockstorm hunt`",
                    error.what()));
  } catch (const sim::AutomatonTooLarge& error) {
    return unknown_because(scenario, world, fmt::format("no finite model: {}", error.what()));
  } catch (const sim::LimitExceeded& error) {
    return unknown_because(scenario, world, fmt::format("beyond a limit of the engine: {}", error.what()));
  }
}

}  // namespace

Refutation refute(const World& world, Property property, std::size_t max_states) {
  return unless_too_large([&] {
    const sim::ExploreResult explored = WorldSearch(world).explore(until(property, max_states));
    const bool violated = PropertySet::from_bits(explored.violated).contains(property);
    return Refutation{violated ? Verdict::violated
                               : verdict_of_unviolated(world, property, explored.complete, explored.cut_off),
                      explored.states};
  });
}

// One more adverse event at a time: the first number with which there is a violation is the fewest.
ShortestSearch find_shortest(const World& world, Property property, std::size_t max_states,
                             unsigned max_adverse_events) {
  return unless_too_large([&] {
    WorldSearch search(world);
    sim::ExploreOptions options = until(property, max_states);
    for (unsigned events = 0;; ++events) {
      options.max_adverse_events = events;
      const sim::ExploreResult explored = search.explore(options);
      if (PropertySet::from_bits(explored.violated).contains(property)) {
        const auto shortest = search.shortest(options, property, WorldSearch::fewest(explored, property));
        return ShortestSearch{shortest.schedule.has_value(), shortest.schedule, events};
      }
      if (!explored.complete || !explored.held_back || events >= max_adverse_events)
        return ShortestSearch{explored.complete, std::nullopt, 0};
    }
  });
}

std::size_t find_decisive_step(const World& world, Property property, const sim::Schedule& schedule) {
  return unless_too_large([&] { return WorldSearch(world).decisive_step(property, schedule); });
}

VerifyResult verify(const Scenario& scenario, const VerifyOptions& options) {
  const auto world = build_world(scenario);
  VerifyResult result = verify(scenario, *world, options);
  if (!options.explain) return result;
  for (Counterexample& counterexample : result.counterexamples)
    find_needed_clients(scenario, *world, plain_world, counterexample);
  return result;
}

VerifyResult verify(const Scenario& scenario, const World& world, const VerifyOptions& options) {
  const auto start = std::chrono::steady_clock::now();  // reported as "seconds", never part of a verdict
  VerifyResult result = explore_world(scenario, world, options);
  if (options.on_disk != nullptr && !options.on_disk->is_first_member()) return result;
  result.verdict = Verdict::held;
  for (const auto& [property, verdict] : result.properties) result.verdict = worse(result.verdict, verdict);
  if (result.explored.complete && result.verdict == Verdict::unknown)
    result.why = fmt::format(
        "{} of {} endings were cut off by the end of time ({} ticks): what is judged at endings is not known",
        result.explored.cut_off, result.explored.end_states, scenario.time.ticks);
  settle_validity(result, world, states_within(options.max_bytes, limits::kCalmStates));
  result.explored.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace lockstorm::scenarios
