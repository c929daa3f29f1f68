// The scenario whose speed is measured: an S3 lock file, three clients, a crash, a force-unlock and a lost
// response.
#pragma once

#include "scenarios/backends/s3.hpp"
#include "scenarios/data/scenario.hpp"

namespace lockstorm::bench {

inline scenarios::Scenario s3_lockfile() {
  scenarios::Scenario scenario;
  scenario.name = "s3-lockfile";
  scenario.backend.edit<scenarios::S3Config>().use_lockfile = true;
  scenario.client.count = 3;
  scenario.force_unlock = {1, models::UnlockTarget::any};
  scenario.faults[sim::Fault::crash] = 1;
  scenario.faults[sim::Fault::lose_response] = 1;
  return scenario;
}

}  // namespace lockstorm::bench
