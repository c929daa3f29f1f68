#include "scenarios/timed/timed_world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/services/jobs.hpp"
#include "models/services/process_memory.hpp"
#include "scenarios/timed/arrival_list.hpp"
#include "sim/run/timed_run.hpp"
#include "sim/time/distribution.hpp"

namespace lockstorm::scenarios {
namespace {

// Somebody who is paged in the hours after: assumed (docs/contend.md).
sim::Distribution standard_reaction() {
  constexpr std::uint64_t kMinute_us = std::uint64_t{60} * 1'000'000;
  return sim::Distribution::log_normal(15 * kMinute_us, 120 * kMinute_us);
}

InputError error_in(const Scenario& scenario, std::string problem, std::string expected) {
  return {{scenario.file, 0, 0}, std::move(problem), std::move(expected), ""};
}

// How many jobs start in a run, about; what is recorded is counted where it is read.
std::uint64_t expected_jobs(const TimedSettings& settings) {
  const Arrivals& arrivals = settings.arrivals;
  if (arrivals.kind == ArrivalKind::recorded) return arrivals.starts.size();
  constexpr std::uint64_t kDay_ms = std::uint64_t{24} * 3600 * 1000;
  std::uint64_t open_ms = static_cast<std::uint64_t>(settings.duration.count());
  if (arrivals.kind == ArrivalKind::office_hours)
    open_ms =
        (open_ms / kDay_ms + 1) * static_cast<std::uint64_t>((arrivals.closes - arrivals.opens).count());
  const std::uint64_t starts = open_ms * 1000 / std::max<std::uint64_t>(arrivals.gap.mean_us(), 1) + 1;
  const std::uint64_t at_once = arrivals.kind == ArrivalKind::bursts ? arrivals.burst : settings.pipelines;
  return starts > kMostArrivals ? starts : starts * at_once;
}

std::optional<InputError> absurd_load(const Scenario& scenario, const TimedSettings& settings) {
  const std::uint64_t jobs = expected_jobs(settings);
  if (jobs <= kMostArrivals) return std::nullopt;
  return error_in(
      scenario, fmt::format("about {} jobs would start in one run", jobs),
      fmt::format("{} at the most: a shorter `for`, fewer pipelines, or longer from one start to the next",
                  kMostArrivals));
}

// A latency of a request that the service does not know would say nothing.
std::optional<InputError> unknown_operation(const Scenario& scenario, const TimedSettings& settings,
                                            const sim::WorldSpec& spec) {
  for (const auto& [key, latency] : settings.latency) {
    const std::size_t point = key.find('.');
    if (point == std::string::npos) continue;
    const auto service = std::ranges::find(spec.services, key.substr(0, point), &sim::AnyService::name);
    if (service == spec.services.end()) continue;  // of another backend
    std::set<std::string> known;
    for (const sim::AnyService::Asked& asked : (*service)->requests())
      known.insert(key.substr(0, point + 1) + asked.operation);
    if (!known.contains(key))
      return error_in(scenario, fmt::format("latency: no request '{}'", key),
                      fmt::format("one of {}", fmt::join(known, ", ")));
  }
  return std::nullopt;
}

}  // namespace

std::shared_ptr<const TimedSettings> timed_settings(const Scenario& scenario) {
  auto settings = std::make_shared<TimedSettings>(scenario.timed ? *scenario.timed : TimedSettings{});
  if (settings->pipelines == 0) settings->pipelines = scenario.clients();
  if (scenario.force_unlock.force_unlock > 0 && !settings->unlock_after)
    settings->unlock_after = standard_reaction();
  return settings;
}

std::expected<TimedWorld, InputError> timed_world(const Scenario& scenario) {
  TimedWorld timed{scenario, timed_settings(scenario),     nullptr,
                   {},       sim::TimedRun::kMostOfAState, std::nullopt};
  if (timed.settings->unlock_after && timed.scenario.force_unlock.force_unlock == 0)
    timed.scenario.force_unlock.force_unlock = 1;
  if (auto error = absurd_load(scenario, *timed.settings)) return std::unexpected(*std::move(error));
  timed.world = build_timed_world(timed.scenario);
  const sim::WorldSpec& spec = timed.world->spec;
  for (std::size_t i = 0; i < spec.services.size(); ++i) {
    const sim::AnyService& service = *spec.services[i];
    if (service.name() == models::ProcessMemory::kName)
      return std::unexpected(
          InputError{{scenario.file, 0, 0},
                     "the inmem backend keeps a state and a lock in each process: nobody waits",
                     "a backend that jobs share",
                     ""});
    if (service.name() == models::Jobs::kName) {
      timed.ci = i;
    } else if (service.has_process_hooks()) {
      timed.most_jobs_of_a_state = sim::kMaxProcesses - 1;
    }
  }
  if (auto error = unknown_operation(scenario, *timed.settings, spec))
    return std::unexpected(*std::move(error));
  std::uint8_t process_class = 0;
  for (const Fleet& fleet : timed.scenario.all_fleets()) {
    timed.class_of_client.insert(timed.class_of_client.end(), fleet.client.count, process_class);
    ++process_class;
  }
  return timed;
}

}  // namespace lockstorm::scenarios
