#include "cli/verify_all.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <tuple>

#include "cli/first_of_each.hpp"
#include "cli/progress.hpp"
#include "scenarios/search/expectation.hpp"
#include "scenarios/search/needed_clients.hpp"
#include "scenarios/search/search_memory.hpp"
#include "scenarios/search/verify.hpp"
#include "scenarios/search/what_if.hpp"
#include "sim/explore/parallel.hpp"

namespace lockstorm::cli {
namespace {

// What is simulated, what is asked of it, and the run that it is about.
using Asked = std::tuple<std::uint64_t, std::string, checkers::Property, std::string>;

}  // namespace

std::vector<scenarios::VerifyResult> verify_all(const std::vector<scenarios::Scenario>& scenarios,
                                                const Global& global, const std::string& what,
                                                scenarios::VerifyOptions options) {
  std::vector<scenarios::VerifyResult> results(scenarios.size());
  Progress progress(scenarios.size(), what);
  const unsigned threads = global.threads();
  const std::size_t at_once = std::clamp<std::size_t>(scenarios.size(), 1, threads);
  options.threads = threads;
  const auto verify_one = [&](std::size_t i, std::size_t sharers) {
    scenarios::VerifyOptions bounded = options;
    bounded.max_bytes = global.memory_bytes / sharers;
    bounded.program_bytes = kProgramBytes / sharers;
    progress.started(scenarios[i].name);
    results[i] = scenarios::verify(scenarios[i], bounded);
  };
  std::atomic<std::size_t> next{
      0};  // in order, so that small configurations, which come first, are done first
  std::vector<char> needs_all(scenarios.size());
  sim::run_parallel(threads, at_once, [&](std::size_t) {
    for (std::size_t i = next++; i < scenarios.size(); i = next++) {
      verify_one(i, at_once);
      needs_all[i] = at_once > 1 && results[i].out_of_memory ? 1 : 0;
      if (needs_all[i] == 0)
        progress.finished();
      else
        progress.put_off();
    }
  });
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    if (needs_all[i] == 0) continue;
    sim::run_parallel(threads, 1, [&](std::size_t) { verify_one(i, 1); });
    progress.finished(true);
  }
  return results;
}

void complete_stories(const std::vector<OpenQuestion>& open, const Global& global) {
  const FirstOfEach first(open, [](const OpenQuestion& one) {
    return Asked{fingerprint(*one.scenario), one.scenario->name, one.counterexample->property,
                 one.counterexample->replay};
  });
  Progress progress(first.numbers().size(), "stories");
  const auto find = [&](std::size_t n) {
    const auto& [scenario, counterexample] = open[first.numbers()[n]];
    progress.started(scenario->name);
    const auto world = scenarios::build_world(*scenario);
    counterexample->decisive_step =
        find_decisive_step(*world, counterexample->property, counterexample->schedule);
    find_needed_clients(*scenario, *world, scenarios::plain_world, *counterexample);
    progress.finished();
  };
  sim::run_parallel(global.threads(), first.numbers().size(), find);
  for (std::size_t i = 0; i < open.size(); ++i) {
    open[i].counterexample->decisive_step = open[first.of(i)].counterexample->decisive_step;
    open[i].counterexample->not_needed = open[first.of(i)].counterexample->not_needed;
  }
}

void try_changes(const std::vector<OpenQuestion>& untried, const Global& global) {
  const FirstOfEach first(untried, [](const OpenQuestion& one) {
    return Asked{fingerprint(*one.scenario), one.scenario->name, one.counterexample->property, {}};
  });
  Progress progress(first.numbers().size(), "changes tried");
  const std::size_t at_once = std::clamp<std::size_t>(untried.size(), 1, global.threads());
  const std::size_t max_states =
      scenarios::states_within(global.memory_bytes / at_once, scenarios::limits::kWhatIfStates);
  const auto try_one = [&](std::size_t n) {
    const auto& [scenario, counterexample] = untried[first.numbers()[n]];
    progress.started(scenario->name);
    counterexample->tried = scenarios::try_changes(*scenario, counterexample->property, max_states);
    progress.finished();
  };
  sim::run_parallel(global.threads(), first.numbers().size(), try_one);
  for (std::size_t i = 0; i < untried.size(); ++i)
    untried[i].counterexample->tried = untried[first.of(i)].counterexample->tried;
}

void print_left_out(const scenarios::VerifyResult& result) {
  const auto left_out = left_out_of_expect(result);
  if (left_out.empty()) return;
  std::string names;
  for (const checkers::Property property : left_out)
    names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", checkers::property_name(property),
                         scenarios::verdict_name(result.properties.at(property)));
  print_error(fmt::format("{}: not tested, as `expect` leaves it out: {}\n",
                          scenarios::printable(result.scenario.name), names));
}

scenarios::Verdict worst(const std::vector<scenarios::VerifyResult>& results) {
  auto verdict = scenarios::Verdict::held;
  for (const scenarios::VerifyResult& result : results) verdict = worse(verdict, result.verdict);
  return verdict;
}

}  // namespace lockstorm::cli
