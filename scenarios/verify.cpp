#include "scenarios/verify.hpp"

#include <fmt/format.h>

#include <chrono>
#include <new>

#include "models/terraform/outcome.hpp"
#include "scenarios/finish.hpp"
#include "scenarios/needed_clients.hpp"
#include "scenarios/search_memory.hpp"
#include "scenarios/world_search.hpp"
#include "sim/limits.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using checkers::PropertySet;

// What was declared and never took effect: nothing was tested against it.
void find_untested(VerifyResult& result) {
  const Scenario& scenario = result.scenario;
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (scenario.faults.count[kind] == 0 || result.fired[kind] > 0) continue;
    result.invalidity = Invalidity::fault_never_fired;
    result.why =
        fmt::format("the declared fault '{}' never took effect in any run: nothing was tested against it",
                    sim::kFaultNames[kind]);
    return;
  }
  const auto acts = [](const CommandReached& one) {
    return !one.command && std::ranges::any_of(one.ends, [](const models::CommandEnd& end) {
      return end.ending == models::Ending::force_unlocked ||
             end.ending == models::Ending::force_unlock_failed;
    });
  };
  if (scenario.force_unlock.force_unlock == 0 || std::ranges::any_of(result.reached, acts)) return;
  result.invalidity = Invalidity::operator_never_acts;
  result.why = "the operator never found a lock to remove in any run: nothing was tested against it";
}

// Of the search for success where nothing is adverse; a small world mostly.
constexpr std::size_t kCalmStates = 4'000'000;

Verdict verdict_of(Expectation expectation) {
  switch (expectation) {
    case Expectation::held:
      return Verdict::held;
    case Expectation::violated:
      return Verdict::violated;
    case Expectation::unknown:
      return Verdict::unknown;
  }
  return Verdict::unknown;
}

// Adds the counterexample that the schedule is; false: it is none, which is the result then.
bool add_counterexample(WorldSearch& search, const World& world, const VerifyOptions& options,
                        Property property, const sim::Schedule& schedule, VerifyResult& result) {
  std::expected<Counterexample, std::string> told = tell_showing(result.scenario, world, property, schedule);
  if (!told) {
    result.properties[property] = Verdict::nondeterministic;
    result.why = told.error();
    return false;
  }
  if (options.find_decisive_moment) {
    const std::size_t max_states = states_within(options.max_bytes, WorldSearch::kDecisiveStates);
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

// Of the search for what else violates a property, where it is only to be named.
constexpr std::size_t kNamedStates = 2'000'000;

// What violates the property besides what its counterexample shows, the last one that was told.
void find_mechanisms(WorldSearch& search, const World& world, sim::ExploreOptions explore,
                     const VerifyOptions& options, Property property, VerifyResult& result) {
  using enum VerifyOptions::Mechanisms;
  if (options.mechanisms == named) explore.max_states = std::min(explore.max_states, kNamedStates);
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
  explore.hang_property = static_cast<std::uint32_t>(Property::progress);
  const sim::ExploreResult explored = search.explore(explore, true);
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
  for (std::size_t i = 0; i < checkers::kProperties; ++i) {
    const auto property = static_cast<Property>(i);
    if ((world.checked & checkers::property_bit(property)) == 0) continue;
    const bool violated = (explored.violated & checkers::property_bit(property)) != 0;
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
  options.stop_at = checkers::property_bit(property);
  if (property == Property::progress) options.hang_property = static_cast<std::uint32_t>(property);
  return options;
}

// What a search finds; nothing where the world is too large for any.
template <class Search>
auto unless_too_large(const Search& search) -> decltype(search()) {
  try {
    return search();
  } catch (const sim::LimitExceeded&) {
    return {};
  } catch (const sim::EngineError&) {
    return {};  // what cannot be walked again tells nothing
  } catch (const std::bad_alloc&) {
    return {};
  }
}

VerifyResult unknown(const Scenario& scenario, const World& world, std::string why) {
  VerifyResult result;
  result.scenario = scenario;
  result.why = std::move(why);
  for (std::size_t i = 0; i < checkers::kProperties; ++i) {
    const auto property = static_cast<Property>(i);
    if ((world.checked & checkers::property_bit(property)) != 0)
      result.properties[property] = Verdict::unknown;
  }
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
    VerifyResult result = unknown(scenario, world, "the system gives no more memory");
    result.out_of_memory = true;
    return result;
  } catch (const sim::KeyTooNarrow& error) {
    return unknown(
        scenario, world,
        fmt::format("too large for exhaustive search ({}): try fewer clients or faults, or `lockstorm hunt`",
                    error.what()));
  } catch (const sim::AutomatonTooLarge& error) {
    return unknown(scenario, world, fmt::format("no finite model: {}", error.what()));
  } catch (const sim::LimitExceeded& error) {
    return unknown(scenario, world, fmt::format("beyond a limit of the engine: {}", error.what()));
  }
}

}  // namespace

Refutation refute(const World& world, Property property, std::size_t max_states) {
  return unless_too_large([&] {
    const sim::ExploreResult explored = WorldSearch(world).explore(until(property, max_states));
    const bool violated = (explored.violated & checkers::property_bit(property)) != 0;
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
      if ((explored.violated & checkers::property_bit(property)) != 0) {
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

// Steps alone could fit by chance. A hang that was found on the graph has no end that would show it.
std::expected<Counterexample, std::string> tell_showing(const Scenario& scenario, const World& world,
                                                        Property property, const sim::Schedule& schedule) {
  auto told = tell(scenario, world, schedule, property);
  if (!told) return told;
  if ((told->violated & checkers::property_bit(property)) != 0) return told;
  const bool may_hang = property == Property::progress && !told->ended;
  if (may_hang && can_finish(world, schedule) != Finish::possible) return told;
  return std::unexpected(
      fmt::format("the search found that these {} steps violate {}, and on live processes they do not",
                  schedule.size(), checkers::property_name(property)));
}

const Counterexample* VerifyResult::counterexample_of(Property property) const {
  const auto found = std::ranges::find(counterexamples, property, &Counterexample::property);
  return found == counterexamples.end() ? nullptr : &*found;
}

bool VerifyResult::cannot_happen() const {
  return verdict == Verdict::invalid && invalidity != Invalidity::nobody_succeeds;
}

std::optional<Verdict> VerifyResult::answer(Property property) const {
  const auto found = properties.find(property);
  if (found == properties.end()) return std::nullopt;
  return invalidity == Invalidity::nobody_succeeds ? worse(found->second, Verdict::invalid) : found->second;
}

Counterexample* VerifyResult::counterexample_of(Property property) {
  return const_cast<Counterexample*>(std::as_const(*this).counterexample_of(property));
}

VerifyResult verify(const Scenario& scenario, const VerifyOptions& options) {
  const auto world = build_world(scenario);
  VerifyResult result = verify(scenario, *world, options);
  if (!options.find_decisive_moment) return result;
  for (Counterexample& counterexample : result.counterexamples)
    find_needed_clients(scenario, *world, plain_world, counterexample);
  return result;
}

VerifyResult verify(const Scenario& scenario, const World& world, const VerifyOptions& options) {
  const auto start = std::chrono::steady_clock::now();  // reported as "seconds", never part of a verdict
  VerifyResult result = explore_world(scenario, world, options);
  result.verdict = Verdict::held;
  for (const auto& [property, verdict] : result.properties) result.verdict = worse(result.verdict, verdict);
  if (result.explored.complete && result.verdict == Verdict::unknown)
    result.why = fmt::format(
        "{} of {} endings were cut off by the end of time ({} ticks): what is judged at endings is not known",
        result.explored.cut_off, result.explored.end_states, scenario.time.ticks);
  settle_validity(result, world, states_within(options.max_bytes, kCalmStates));
  result.explored.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

Verdict verdict_of_unviolated(const World& world, Property property, bool complete, std::size_t cut_off) {
  if (!complete) return Verdict::unknown;
  const bool is_open = cut_off > 0 && (world.judged_at_endings & checkers::property_bit(property)) != 0;
  return is_open ? Verdict::unknown : Verdict::held;
}

void settle_validity(VerifyResult& result, const World& world, std::size_t max_states) {
  if (result.verdict >= Verdict::violated) return;
  const Scenario& scenario = result.scenario;
  const bool has_operators = scenario.force_unlock.force_unlock > 0;
  const bool is_calm = scenario.faults.total() == 0 && !has_operators;
  CalmRuns calm{result.reached, is_calm && result.explored.complete};
  if (!is_calm || (!calm.complete && never_succeeds(calm.reached, scenario.never) != nullptr))
    calm = find_calm_runs(world, scenario.never, max_states);
  if (const CommandReached* command = never_succeeds(calm.reached, scenario.never)) {
    if (calm.complete) {
      result.verdict = Verdict::invalid;
      result.invalidity = Invalidity::nobody_succeeds;
      result.why = never_succeeds_text(*command, has_operators) +
                   (result.why.empty() || result.explored.complete ? "" : "; besides: " + result.why);
      return;
    }
    if (result.verdict == Verdict::held) {
      result.verdict = Verdict::unknown;
      result.why = fmt::format(
          "no run without faults was seen in which '{}' of {} succeeds, and there are too many to see all",
          command->name(), command->jobs);
    }
  }
  const bool is_decided = result.explored.complete || result.verdict == Verdict::held;
  if (is_decided) find_untested(result);
  if (result.invalidity != Invalidity::none) result.verdict = Verdict::invalid;
}

std::vector<std::string> unexpected_verdicts(const VerifyResult& result) {
  std::vector<std::string> differences;
  for (const auto& [property, expectation] : result.scenario.expect) {
    const Verdict wanted = verdict_of(expectation);
    const auto found = result.properties.find(property);
    const std::string_view got =
        found == result.properties.end() ? "not checked" : verdict_name(found->second);
    if (got != verdict_name(wanted)) {
      differences.push_back(fmt::format("{}: expected {}, got {}", checkers::property_name(property),
                                        verdict_name(wanted), got));
    }
  }
  for (const CommandReached& one : result.reached) {
    if (one.command && one.succeeds() && std::ranges::count(result.scenario.never, *one.command) > 0)
      differences.push_back(fmt::format("never: '{}' of {} succeeds", one.name(), one.jobs));
  }
  for (const models::Goal goal : result.scenario.reached) {
    if (std::ranges::none_of(result.reached,
                             [&](const CommandReached& one) { return one.goals.contains(goal); }))
      differences.push_back(fmt::format("reached: no run reaches {}", models::goal_name(goal)));
  }
  return differences;
}

std::vector<checkers::Property> left_out_of_expect(const VerifyResult& result) {
  std::vector<checkers::Property> left_out;
  for (const auto& [property, verdict] : result.properties) {
    if (verdict != Verdict::held && !result.scenario.expect.contains(property)) left_out.push_back(property);
  }
  return left_out;
}

Verdict verdict_as_expected(const VerifyResult& result) {
  if (result.verdict == Verdict::violated) return Verdict::held;
  if (result.verdict != Verdict::unknown) return result.verdict;
  const auto is_expected = [&](const auto& entry) {
    const auto expected = result.scenario.expect.find(entry.first);
    return entry.second != Verdict::unknown ||
           (expected != result.scenario.expect.end() && expected->second == Expectation::unknown);
  };
  const bool only_time = result.explored.cut_off > 0 && std::ranges::all_of(result.properties, is_expected);
  return only_time ? Verdict::held : Verdict::unknown;
}

}  // namespace lockstorm::scenarios
