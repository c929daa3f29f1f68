#include "scenarios/verify.hpp"

#include <fmt/format.h>

#include <chrono>

#include "models/terraform/outcome.hpp"
#include "scenarios/finish.hpp"
#include "scenarios/world_search.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using checkers::PropertySet;

// What was declared and never took effect: nothing was tested against it.
std::string tested_nothing(const VerifyResult& result) {
  const Scenario& scenario = result.scenario;
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (scenario.faults.count[kind] > 0 && result.fired[kind] == 0)
      return fmt::format(
          "the declared fault '{}' never took effect in any run: nothing was tested against it",
          sim::kFaultNames[kind]);
  }
  if (scenario.force_unlock.force_unlock > 0 && !result.operator_acted)
    return "the operator never found a lock to remove in any run: nothing was tested against it";
  return {};
}

bool has_acted(const sim::ValuePool& values, const std::vector<sim::ValueId>& outcomes) {
  return std::ranges::any_of(outcomes, [&](sim::ValueId outcome) {
    if (outcome == 0) return false;
    const models::Ending ending = values.get<models::Outcome>(outcome).ending;
    return ending == models::Ending::force_unlocked || ending == models::Ending::force_unlock_failed;
  });
}

void tell_violation(WorldSearch& search, const World& world, const sim::ExploreOptions& explore,
                    const VerifyOptions& options, Property property, VerifyResult& result) {
  const auto [schedule, out_of_memory] = search.shortest(explore, property);
  result.out_of_memory |= out_of_memory;
  if (!schedule) return;
  std::expected<Counterexample, std::string> told = tell_showing(result.scenario, world, property, *schedule);
  if (!told) {
    result.properties[property] = Verdict::nondeterministic;
    result.why = told.error();
    return;
  }
  if (options.find_decisive_moment) told->decisive_step = search.decisive_step(property, *schedule);
  result.counterexamples.push_back(std::move(*told));
}

void run(const World& world, const VerifyOptions& options, VerifyResult& result) {
  WorldSearch search(world);
  sim::ExploreOptions explore;
  explore.max_bytes = options.max_bytes;
  explore.fingerprint = options.fingerprint;
  explore.threads = options.threads;
  explore.hang_property = static_cast<std::uint32_t>(Property::progress);
  const sim::ExploreResult explored = search.explore(explore);
  result.explored = {explored.complete,
                     explored.states,
                     explored.transitions,
                     explored.end_states,
                     explored.cut_off,
                     explored.depth,
                     0,
                     explored.fingerprint};
  result.operator_acted = has_acted(search.values(), explored.outcomes);
  result.fired = explored.fired;
  result.why = explored.why_incomplete;
  result.out_of_memory = explored.out_of_memory;
  for (std::size_t i = 0; i < checkers::kProperties; ++i) {
    const auto property = static_cast<Property>(i);
    if ((world.checked & checkers::property_bit(property)) == 0) continue;
    const bool violated = (explored.violated & checkers::property_bit(property)) != 0;
    result.properties[property] = violated            ? Verdict::violated
                                  : explored.complete ? Verdict::held
                                                      : Verdict::unknown;
    if (!violated) continue;
    try {
      tell_violation(search, world, explore, options, property, result);
    } catch (const sim::AutomatonTooLarge&) {
      // The search for the shortest way goes further than the one that found the violation; that stands.
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
  } catch (const sim::KeyTooNarrow&) {
    return {};
  } catch (const sim::AutomatonTooLarge&) {
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
  } catch (const sim::KeyTooNarrow& error) {
    return unknown(
        scenario, world,
        fmt::format("too large for exhaustive search ({}): try fewer clients or faults, or `lockstorm hunt`",
                    error.what()));
  } catch (const sim::AutomatonTooLarge& error) {
    return unknown(scenario, world, fmt::format("no finite model: {}", error.what()));
  }
}

}  // namespace

Refutation refute(const World& world, Property property, std::size_t max_states) {
  return unless_too_large([&] {
    const sim::ExploreResult explored = WorldSearch(world).explore(until(property, max_states));
    const bool violated = (explored.violated & checkers::property_bit(property)) != 0;
    return Refutation{violated            ? Verdict::violated
                      : explored.complete ? Verdict::held
                                          : Verdict::unknown,
                      explored.states};
  });
}

ShortestSearch find_shortest(const World& world, Property property, std::size_t max_states) {
  return unless_too_large([&] {
    WorldSearch search(world);
    const sim::ExploreOptions options = until(property, max_states);
    const sim::ExploreResult explored = search.explore(options);
    if ((explored.violated & checkers::property_bit(property)) == 0)
      return ShortestSearch{explored.complete, std::nullopt};
    return ShortestSearch{true, search.shortest(options, property).schedule};
  });
}

std::size_t find_decisive_step(const World& world, Property property, const sim::Schedule& schedule) {
  return unless_too_large([&] { return WorldSearch(world).decisive_step(property, schedule); });
}

// Steps alone could fit by chance. A hang that was found on the graph has no end that would show it.
std::expected<Counterexample, std::string> tell_showing(const Scenario& scenario, const World& world,
                                                        Property property, const sim::Schedule& schedule) {
  auto told = tell(scenario, world, schedule);
  if (!told) return told;
  told->property = property;
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

Counterexample* VerifyResult::counterexample_of(Property property) {
  return const_cast<Counterexample*>(std::as_const(*this).counterexample_of(property));
}

VerifyResult verify(const Scenario& scenario, const VerifyOptions& options) {
  return verify(scenario, *build_world(scenario), options);
}

VerifyResult verify(const Scenario& scenario, const World& world, const VerifyOptions& options) {
  const auto start = std::chrono::steady_clock::now();  // reported as "seconds", never part of a verdict
  VerifyResult result = explore_world(scenario, world, options);
  result.verdict = Verdict::held;
  for (const auto& [property, verdict] : result.properties) result.verdict = worse(result.verdict, verdict);
  if (result.explored.complete && result.verdict != Verdict::violated) {
    if (std::string why = tested_nothing(result); !why.empty()) {
      result.verdict = Verdict::invalid;
      result.why = std::move(why);
    }
  }
  result.explored.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

std::vector<std::string> unexpected_verdicts(const VerifyResult& result) {
  std::vector<std::string> differences;
  for (const auto& [property, expectation] : result.scenario.expect) {
    const Verdict wanted = expectation == Expectation::held ? Verdict::held : Verdict::violated;
    const auto found = result.properties.find(property);
    const std::string_view got =
        found == result.properties.end() ? "not checked" : verdict_name(found->second);
    if (got != verdict_name(wanted)) {
      differences.push_back(fmt::format("{}: expected {}, got {}", checkers::property_name(property),
                                        verdict_name(wanted), got));
    }
  }
  return differences;
}

}  // namespace lockstorm::scenarios
