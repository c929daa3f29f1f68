#include "scenarios/verify.hpp"

#include <fmt/format.h>

#include <chrono>

#include "scenarios/decisive.hpp"
#include "sim/explorer.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using checkers::PropertySet;

using Monitors = checkers::Monitors;

// Below this many states the plain automata are good enough; above, merging bisimilar nodes pays.
constexpr std::size_t kWorthMinimising = 20'000;
constexpr std::size_t kMaxMinimisedNodes = 20'000;
constexpr int kMaxPasses = 12;

template <int W>
sim::ExploreResult explore_once(sim::StateTables& tables, const World& world,
                                const sim::ExploreOptions& options) {
  return sim::Explorer<W, Monitors>(tables, world.monitors, world.end_check, options).run();
}

// Explores until the alphabets the automata were merged under have stopped growing.
template <int W>
sim::ExploreResult explore_closed(sim::StateTables& tables, const World& world, sim::ExploreOptions options) {
  sim::ExploreOptions scout = options;
  scout.max_states = std::min(options.max_states, kWorthMinimising);
  sim::ExploreResult result = explore_once<W>(tables, world, scout);
  if (result.complete) return result;
  for (int pass = 0; pass < kMaxPasses; ++pass) {
    tables.minimise(kMaxMinimisedNodes);
    result = explore_once<W>(tables, world, options);
    if (!tables.outgrown()) return result;
  }
  result.complete = false;
  result.why_incomplete = "the clients' automata kept growing; report this scenario";
  return result;
}

struct Shortest {
  std::optional<sim::Schedule> schedule;
  bool out_of_memory = false;
};

// The shortest schedule that violates the property: no local-step reduction, so that no step is taken early.
template <int W>
Shortest shortest(sim::StateTables& tables, const World& world, sim::ExploreOptions options,
                  Property property) {
  options.reduction = false;
  options.stop_at = checkers::property_bit(property);
  if (property != Property::progress) options.hang_property = sim::kUnknown;
  for (int pass = 0; pass < kMaxPasses; ++pass) {
    sim::Explorer<W, Monitors> explorer(tables, world.monitors, world.end_check, options);
    const sim::ExploreResult result = explorer.run();
    if (tables.outgrown()) {
      tables.minimise(kMaxMinimisedNodes);
      continue;
    }
    const auto& finding = result.first[static_cast<std::size_t>(property)];
    if (!finding) return {std::nullopt, result.out_of_memory};
    return {explorer.schedule_to(*finding)};
  }
  return {};
}

bool fault_never_fired(const VerifyResult& result, std::string& which) {
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (result.scenario.faults.count[kind] > 0 && result.fired[kind] == 0) {
      which = sim::kFaultNames[kind];
      return true;
    }
  }
  return false;
}

template <int W>
void tell_violation(sim::StateTables& tables, const World& world, const sim::ExploreOptions& explore,
                    const VerifyOptions& options, Property property, VerifyResult& result) {
  const auto [schedule, out_of_memory] = shortest<W>(tables, world, explore, property);
  result.out_of_memory |= out_of_memory;
  if (!schedule) return;
  std::expected<Counterexample, std::string> told = tell(result.scenario, world, *schedule);
  if (!told) {
    result.properties[property] = Verdict::nondeterministic;
    result.why = told.error();
    return;
  }
  told->property = property;
  if (options.find_decisive_moment)
    told->decisive_step = decisive_step<W>(tables, world, property, *schedule);
  result.counterexamples.push_back(std::move(*told));
}

template <int W>
void run(const World& world, const VerifyOptions& options, VerifyResult& result) {
  sim::StateTables tables(world.spec, sim::Automaton::Mode::compressed);
  sim::ExploreOptions explore;
  explore.max_bytes = options.max_bytes;
  explore.fingerprint = options.fingerprint;
  explore.threads = options.threads;
  explore.hang_property = static_cast<std::uint32_t>(Property::progress);
  const sim::ExploreResult explored = explore_closed<W>(tables, world, explore);
  result.explored = {explored.complete,   explored.states, explored.transitions,
                     explored.end_states, explored.depth,  0,
                     explored.fingerprint};
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
      tell_violation<W>(tables, world, explore, options, property, result);
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

template <int W>
ShortestSearch find_shortest_in(const World& world, Property property, std::size_t max_states) {
  sim::StateTables tables(world.spec, sim::Automaton::Mode::compressed);
  const sim::ExploreOptions options = until(property, max_states);
  const sim::ExploreResult explored = explore_closed<W>(tables, world, options);
  if ((explored.violated & checkers::property_bit(property)) == 0) return {explored.complete, std::nullopt};
  return {true, shortest<W>(tables, world, options, property).schedule};
}

template <int W>
Refutation refute_in(const World& world, Property property, std::size_t max_states) {
  sim::StateTables tables(world.spec, sim::Automaton::Mode::compressed);
  const sim::ExploreResult explored = explore_closed<W>(tables, world, until(property, max_states));
  const bool violated = (explored.violated & checkers::property_bit(property)) != 0;
  return {violated            ? Verdict::violated
          : explored.complete ? Verdict::held
                              : Verdict::unknown,
          explored.states};
}

// With keys as narrow as the world allows; nothing where even the widest do not do, or a process has no end
// of futures.
template <class Search>
auto with_keys(const Search& search) -> decltype(search(std::integral_constant<int, 2>{})) {
  try {
    try {
      return search(std::integral_constant<int, 2>{});
    } catch (const sim::KeyTooNarrow&) {
      return search(std::integral_constant<int, 4>{});
    }
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
    try {
      run<2>(world, options, result);
    } catch (const sim::KeyTooNarrow&) {
      result = {};
      result.scenario = scenario;
      run<4>(world, options, result);
    }
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
  return with_keys(
      [&]<int W>(std::integral_constant<int, W>) { return refute_in<W>(world, property, max_states); });
}

ShortestSearch find_shortest(const World& world, Property property, std::size_t max_states) {
  return with_keys([&]<int W>(std::integral_constant<int, W>) {
    return find_shortest_in<W>(world, property, max_states);
  });
}

std::size_t find_decisive_step(const World& world, Property property, const sim::Schedule& schedule) {
  return with_keys([&]<int W>(std::integral_constant<int, W>) {
    sim::StateTables tables(world.spec, sim::Automaton::Mode::compressed);
    return decisive_step<W>(tables, world, property, schedule);
  });
}

VerifyResult verify(const Scenario& scenario, const VerifyOptions& options) {
  return verify(scenario, *build_world(scenario), options);
}

VerifyResult verify(const Scenario& scenario, const World& world, const VerifyOptions& options) {
  const auto start = std::chrono::steady_clock::now();  // reported as "seconds", never part of a verdict
  VerifyResult result = explore_world(scenario, world, options);
  result.verdict = Verdict::held;
  for (const auto& [property, verdict] : result.properties) result.verdict = worse(result.verdict, verdict);
  std::string which;
  if (result.explored.complete && result.verdict != Verdict::violated && fault_never_fired(result, which)) {
    result.verdict = Verdict::invalid;
    result.why = fmt::format(
        "the declared fault '{}' never took effect in any run: nothing was tested against it", which);
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
