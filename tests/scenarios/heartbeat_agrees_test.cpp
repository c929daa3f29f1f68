// Clients with a heartbeat, a fiber that forgets beside one that does not: compressed memories against full
// histories, for one run and for several.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "models/services/lock_table.hpp"
#include "models/services/s3.hpp"
#include "models/terraform/outcome.hpp"
#include "scenarios/backends/lock_table.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/world/world.hpp"
#include "sim/explore/explorer.hpp"

namespace lockstorm::scenarios {
namespace {

// Full histories of the larger scenarios would take too long for an ordinary test run.
constexpr std::size_t kMaxStatesInFull = 30'000;

struct Reached {
  std::set<std::string> ends;
  sim::Violations violated = 0;
  std::size_t states = 0;
};

/// An end state as bytes that do not depend on the value pool.
std::string bytes_of(const sim::ValuePool& values, const sim::EndState& end) {
  std::string bytes = sim::encode_value(values.get<models::LockTable::Value>(end.services[0]));
  if (end.services.size() > 1) bytes += sim::encode_value(values.get<models::S3::Value>(end.services[1]));
  for (const sim::EndState::Process& process : end.processes) {
    bytes += static_cast<char>(process.status);
    bytes += std::to_string(process.flags);
    if (process.outcome != 0) bytes += sim::encode_value(values.get<models::Outcome>(process.outcome));
  }
  return bytes += end.out_of_time() ? "!" : ".";
}

std::optional<Reached> reached_in(const World& world, sim::Automaton::Mode mode) {
  sim::StateTables tables(world.spec, mode);
  sim::ExploreOptions options;
  options.symmetry = false;
  options.max_states = kMaxStatesInFull;
  sim::Explorer<4> explorer(tables, world.monitors, world.end_check, options);
  const sim::ExploreResult result = explorer.run();
  if (!result.complete) return std::nullopt;
  Reached reached{{}, result.violated, result.states};
  for (const auto& [end, violations] : explorer.end_states())
    reached.ends.insert(bytes_of(tables.values(), end));
  return reached;
}

TEST(Heartbeat, ForgettingItsTurnsDisturbsNobody) {
  std::size_t compared = 0;
  std::size_t several_runs = 0;
  for (const LibraryEntry& entry : library()) {
    if (!entry.name.starts_with("lock-table/")) continue;
    Scenario scenario = std::move(find_scenarios(std::string(entry.name))->front());
    const auto& settings = *scenario.backend.as<LockTableConfig>();
    const bool beats =
        settings.heartbeat || (settings.protocol == LockTableProtocol::corrected && scenario.time.ticks > 0);
    if (!beats || scenario.force_unlock.force_unlock > 0) continue;
    for (const unsigned runs : {1U, 2U}) {
      for (const unsigned clients : {1U, 2U}) {
        SCOPED_TRACE(std::string(entry.name) + ", runs " + std::to_string(runs));
        scenario.client.runs = runs;
        scenario.client.count = static_cast<std::uint16_t>(clients);
        const std::unique_ptr<World> world = build_world(scenario);
        const auto oracle = reached_in(*world, sim::Automaton::Mode::raw);
        if (!oracle) continue;
        const auto shorter = reached_in(*world, sim::Automaton::Mode::compressed);
        ASSERT_TRUE(shorter);
        EXPECT_EQ(oracle->ends, shorter->ends);
        EXPECT_EQ(oracle->violated, shorter->violated);
        EXPECT_LE(shorter->states, oracle->states);
        several_runs += runs > 1 ? 1 : 0;
        ++compared;
      }
    }
  }
  std::printf("%zu comparisons, %zu of several runs\n", compared, several_runs);
  EXPECT_GE(compared, 30U) << "too few scenarios are small enough: the comparison has lost its teeth";
  EXPECT_GE(several_runs, 10U);
}

}  // namespace
}  // namespace lockstorm::scenarios
