// Scenarios in virtual time for tests, from text.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "scenarios/contend/contend.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/timed/day.hpp"

namespace lockstorm::scenarios::test {

/// A scenario on a lock file with calls that take no time, and this in its sections `client` and `time`.
inline Scenario timed_case(const std::string& client, const std::string& time) {
  const std::string text = "backend: {type: s3, use_lockfile: true}\nclient: {" + client +
                           "}\ntime: {model: timed, latency: {s3: 0s}, " + time + "}\n";
  auto scenario = parse_scenario(text, "case.yaml", "case");
  EXPECT_TRUE(scenario) << (scenario ? "" : scenario.error().render());
  return scenario ? *scenario : Scenario{};
}

inline RunFigures one_day(const Scenario& scenario, std::uint64_t seed = 1) {
  const auto world = timed_world(scenario);
  EXPECT_TRUE(world);
  return run_day(*world, {.seed = seed, .keeps_spans = true});
}

}  // namespace lockstorm::scenarios::test
