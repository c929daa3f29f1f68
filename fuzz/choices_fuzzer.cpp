// libFuzzer over choice streams: its bytes are the steps of a run, and what guides it is which requests of
// different processes follow each other, counted where libFuzzer looks for further counters.
//
//     LOCKSTORM_SCENARIO=s3/unlocked choices_fuzzer -runs=100000
//
// A run that violates what the scenario expects to hold (or, without `expect`, anything) prints its replay
// line and aborts, so that libFuzzer keeps the input and can make it smaller.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/files/library.hpp"
#include "scenarios/hunt/lane.hpp"
#include "sim/run/walk.hpp"

namespace {

using namespace lockstorm;

// https://llvm.org/docs/LibFuzzer.html, "extra counters".
constexpr std::size_t kCounters = std::size_t{1} << 16U;
__attribute__((section("__libfuzzer_extra_counters"))) std::uint8_t counters[kCounters];

struct Target {
  scenarios::Scenario scenario;
  std::unique_ptr<scenarios::World> world;
  std::unique_ptr<scenarios::HuntWorker> worker;
  sim::Violations must_hold = 0;
};

Target make_target() {
  const char* name = std::getenv("LOCKSTORM_SCENARIO");
  const auto found = scenarios::find_scenario(name == nullptr ? "s3/lockfile/terraform/no-faults" : name);
  if (!found) {
    std::fprintf(stderr, "%s\n", found.error().render().c_str());
    std::exit(65);
  }
  Target target;
  target.scenario = *found;
  target.world = scenarios::build_world(target.scenario);
  target.worker = std::make_unique<scenarios::HuntWorker>(*target.world);
  checkers::PropertySet must_hold = target.world->checked;
  for (const auto& [property, expectation] : target.scenario.expect) {
    if (expectation == scenarios::Expectation::violated) must_hold.erase(property);
  }
  target.must_hold = must_hold.bits();
  return target;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Target target = make_target();
  target.worker->tidy();
  const std::vector<std::uint32_t> picks(data, data + std::min<std::size_t>(size, 1'000));
  const sim::WalkedRun walked = sim::walk(target.worker->runner(), picks);
  unsigned violations = walked.result.violations;
  if (walked.result.ended) violations |= target.worker->check_end().violations;
  for (const std::uint16_t pair : target.worker->pairs_of(walked.decisions)) {
    if (counters[pair] < 255) ++counters[pair];
  }
  if ((violations & target.must_hold) == 0) return 0;
  const sim::Schedule schedule = target.worker->runner().schedule_of(walked.decisions);
  std::fprintf(
      stderr, "lockstorm replay %s\n",
      sim::encode_replay({target.scenario.name, scenarios::fingerprint(target.scenario), schedule}).c_str());
  std::abort();
}
