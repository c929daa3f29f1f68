#include "scenarios/contend/safety.hpp"

#include <algorithm>
#include <cmath>

#include "scenarios/search/verify.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;

// Judged at steps, whatever the clock; `exclusive-effects` is not watched (safety_watch.hpp).
constexpr checkers::PropertySet kWatched{Property::mutual_exclusion, Property::no_lost_update,
                                         Property::own_lock_only};

constexpr double kNormal975 = 1.959964;

// The 95 % limits of the expectation of a Poisson count, by Byar's approximation (Breslow and Day,
// Statistical Methods in Cancer Research II, 1987, 2.3): a root and products, so that they are equal
// everywhere.
double byar(double count, double sign) {
  const double root = 1 - 1 / (9 * count) + sign * kNormal975 / (3 * std::sqrt(count));
  return count * root * root * root;
}
double least_expected(std::uint64_t count) { return count == 0 ? 0 : byar(static_cast<double>(count), -1); }
double most_expected(std::uint64_t count) { return byar(static_cast<double>(count) + 1, 1); }

SafetyEstimate estimate_of(Property property, std::span<const WatchedRun> runs) {
  constexpr double kSecond_us = 1e6;
  SafetyEstimate estimate;
  estimate.property = property;
  std::uint64_t watched_us = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const WatchedRun& run = runs[i];
    const Breach& breach = run.breaches[property];
    if (breach.count > 0 && estimate.runs_violated == 0) estimate.first_run = i;
    estimate.violations += breach.count;
    estimate.runs_violated += breach.count > 0 ? 1 : 0;
    watched_us += breach.count > 0 ? breach.first_us : run.end_us;
  }
  estimate.watched_s = static_cast<double>(watched_us) / kSecond_us;
  estimate.first_s.low = estimate.watched_s / most_expected(estimate.runs_violated);
  if (estimate.runs_violated > 0) {
    estimate.first_s.value = estimate.watched_s / static_cast<double>(estimate.runs_violated);
    estimate.first_s.high = estimate.watched_s / least_expected(estimate.runs_violated);
  }
  return estimate;
}

// Of each fleet, as what two kinds of jobs do to each other is not what two of one kind do.
void keep_two_jobs(Scenario& scenario) {
  const auto keep = [](std::uint16_t& count) { count = std::min<std::uint16_t>(count, 2); };
  for (Fleet& fleet : scenario.fleets) keep(fleet.client.count);
  keep(scenario.client.count);
}

// The scenario without time: two jobs of each fleet, and one of each thing that may go wrong.
Scenario timeless(const TimedWorld& world) {
  const TimedSettings& settings = *world.settings;
  Scenario scenario = world.scenario;
  scenario.timed = nullptr;
  scenario.expect.clear();
  scenario.check.reset();
  keep_two_jobs(scenario);
  const auto allow = [&scenario](sim::Fault fault, bool happens) {
    if (happens) scenario.faults[fault] = std::max<std::uint8_t>(scenario.faults[fault], 1);
  };
  allow(sim::Fault::crash, settings.crash_every.count() > 0);
  allow(sim::Fault::pause, settings.pause_every.count() > 0);
  allow(sim::Fault::lose_request, settings.lost_requests_ppm > 0);
  allow(sim::Fault::lose_response, settings.lost_responses_ppm > 0);
  allow(sim::Fault::server_error, settings.server_errors_ppm > 0);
  allow(sim::Fault::throttle, !settings.throttle.empty());
  scenario.force_unlock.force_unlock = std::min<std::uint8_t>(scenario.force_unlock.force_unlock, 1);
  return scenario;
}

SafetyProof::Answer answer_of(Verdict verdict, Group group) {
  if (verdict == Verdict::held) return SafetyProof::Answer::held;
  const bool is_possible = verdict == Verdict::violated && group == Group::none;
  return is_possible ? SafetyProof::Answer::possible : SafetyProof::Answer::unknown;
}

}  // namespace

std::vector<SafetyEstimate> safety_estimates(checkers::PropertySet applicable,
                                             std::span<const WatchedRun> runs) {
  std::vector<SafetyEstimate> estimates;
  for (const Property property : kWatched& applicable) estimates.push_back(estimate_of(property, runs));
  return estimates;
}

void prove_unseen(const TimedWorld& world, std::size_t max_states, std::vector<SafetyEstimate>& estimates) {
  std::shared_ptr<const Scenario> scenario;
  std::unique_ptr<World> explored;
  for (SafetyEstimate& estimate : estimates) {
    if (estimate.runs_violated > 0) continue;
    if (!explored) {
      scenario = std::make_shared<Scenario>(timeless(world));
      explored = build_world(*scenario);
    }
    const Refutation refutation = refute(*explored, estimate.property, max_states);
    estimate.proof = {answer_of(refutation.verdict, world.settings->group), refutation.states, scenario};
  }
}

}  // namespace lockstorm::scenarios
