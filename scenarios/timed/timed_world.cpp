#include "scenarios/timed/timed_world.hpp"

#include <algorithm>

#include "models/services/jobs.hpp"
#include "models/services/process_memory.hpp"
#include "sim/run/timed_run.hpp"
#include "sim/time/distribution.hpp"

namespace lockstorm::scenarios {
namespace {

// Somebody who is paged in the hours after: assumed (docs/contend.md).
sim::Distribution standard_reaction() {
  constexpr std::uint64_t kMinute_us = std::uint64_t{60} * 1'000'000;
  return sim::Distribution::log_normal(15 * kMinute_us, 120 * kMinute_us);
}

std::shared_ptr<const TimedSettings> settings_of(const Scenario& scenario) {
  auto settings = std::make_shared<TimedSettings>(scenario.timed ? *scenario.timed : TimedSettings{});
  if (settings->pipelines == 0) settings->pipelines = scenario.clients();
  if (scenario.force_unlock.force_unlock > 0 && !settings->unlock_after)
    settings->unlock_after = standard_reaction();
  return settings;
}

}  // namespace

std::expected<TimedWorld, InputError> timed_world(const Scenario& scenario) {
  TimedWorld timed{scenario, settings_of(scenario), nullptr, {}, sim::TimedRun::kMostOfAState, std::nullopt};
  if (timed.settings->unlock_after && timed.scenario.force_unlock.force_unlock == 0)
    timed.scenario.force_unlock.force_unlock = 1;
  timed.world = build_world(timed.scenario);
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
  std::uint8_t process_class = 0;
  for (const Fleet& fleet : timed.scenario.all_fleets()) {
    timed.class_of_client.insert(timed.class_of_client.end(), fleet.client.count, process_class);
    ++process_class;
  }
  return timed;
}

}  // namespace lockstorm::scenarios
