// Every command after every other on every backend, interrupted or not: both engines run them, and agree.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/terraform/command.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/data/scenario.hpp"
#include "scenarios/search/world_search.hpp"
#include "scenarios/world/world.hpp"
#include "sim/limits.hpp"
#include "sim/random.hpp"
#include "sim/run/simulator.hpp"
#include "sim/run/table_run.hpp"

namespace lockstorm::scenarios {
namespace {

using models::Command;
using models::Dialect;

constexpr std::size_t kMaxJobs = 3;
constexpr std::uint8_t kMaxInterrupts = 2;
constexpr std::size_t kMaxSteps = 600;   // of a live run: clients that poll go on for ever
constexpr std::size_t kMaxStates = 400;  // of an exploration: everybody has begun, and some have been stopped

std::vector<Command> all_commands() {
  std::vector<Command> all;
  for (std::size_t i = 0; i < models::command_names().size(); ++i) all.push_back(static_cast<Command>(i));
  return all;
}

std::string text_of(const Scenario& scenario) {
  return summary(scenario) + ", " + commands_text(scenario.client) + ", interrupts " +
         std::to_string(scenario.faults.count[static_cast<std::size_t>(sim::Fault::interrupt)]);
}

Scenario scenario_of(const BackendType& type, Dialect tool, const std::vector<Command>& commands,
                     std::size_t jobs, std::uint8_t interrupts) {
  Scenario scenario;
  scenario.backend = AnyBackend(std::shared_ptr<const BackendConfig>(type.defaults()));
  scenario.client.tool = tool;
  scenario.client.count = static_cast<std::uint16_t>(jobs);
  scenario.client.commands = commands;
  scenario.faults.count[static_cast<std::size_t>(sim::Fault::interrupt)] = interrupts;
  if (runs_command(scenario.client, Command::init_migrate)) {
    const BackendType* target = backend_type_named(type.name == "s3" ? "gcs" : "s3");
    scenario.client.migrate_to =
        MigrationTarget{AnyBackend(std::shared_ptr<const BackendConfig>(target->defaults()))};
  }
  return scenario;
}

// A run on live processes, chosen at random, and the same one on tables.
void run_live_and_on_tables(const Scenario& scenario, const World& world) {
  sim::ValuePool values;
  sim::Simulator live(world.spec, values, world.monitors);
  sim::Random random(fingerprint(scenario));
  sim::Schedule schedule;
  unsigned violated_live = 0;
  while (!live.finished() && schedule.size() < kMaxSteps) {
    const auto bound = static_cast<std::uint32_t>(live.enabled().size());
    const auto index = static_cast<std::uint32_t>(random.below(bound));
    schedule.push_back({index, bound});
    violated_live |= live.take(index).violations;
  }
  sim::StateTables tables(world.spec, sim::Automaton::Mode::compressed);
  sim::TableRun run(tables, world.monitors);
  const auto decisions = run.decisions_of(schedule);
  ASSERT_TRUE(decisions.has_value()) << text_of(scenario);
  sim::RunResult result;
  run.restart();
  for (const sim::Decision& decision : *decisions) ASSERT_TRUE(run.take(decision, result));
  EXPECT_EQ(result.violations & world.checked.bits(), violated_live & world.checked.bits())
      << text_of(scenario);
  EXPECT_EQ(run.enabled().empty(), live.finished()) << text_of(scenario);
}

void explore(const World& world) {
  try {
    sim::ExploreOptions options;
    options.max_states = kMaxStates;
    WorldSearch(world).explore(options);
  } catch (const sim::LimitExceeded&) {
    // Too large is an answer.
  }
}

void run_on_both_engines(const Scenario& scenario) {
  if (objection_to(scenario) || objection_to_commands(scenario)) return;
  try {
    const auto world = build_world(scenario);
    run_live_and_on_tables(scenario, *world);
    explore(*world);
  } catch (const std::exception& error) {
    ADD_FAILURE() << text_of(scenario) << ": " << error.what();
  }
}

// Calls `use` for each, with its number.
template <class Use>
void for_each_setting(const BackendType& type, const std::vector<Command>& commands, const Use& use) {
  for (const Dialect tool : {Dialect::terraform, Dialect::opentofu}) {
    if (!type.available(tool)) continue;
    for (std::size_t jobs = 1; jobs <= kMaxJobs; ++jobs) {
      for (std::uint8_t interrupts = 0; interrupts <= kMaxInterrupts; ++interrupts)
        use(scenario_of(type, tool, commands, jobs, interrupts));
    }
  }
}

template <class Use>
void for_each_pair(const BackendType& type, const Use& use) {
  for (const Command first : all_commands()) {
    for (const Command second : all_commands()) for_each_setting(type, {first, second}, use);
  }
}

template <class Use>
void for_each_triple(const BackendType& type, Command first, const Use& use) {
  for (const Command second : all_commands()) {
    for (const Command third : all_commands()) for_each_setting(type, {first, second, third}, use);
  }
}

std::vector<const BackendType*> types_of_the_tools() {
  std::vector<const BackendType*> types;
  for (const BackendType* type : backend_types()) {
    if (!type->arguments.empty()) types.push_back(type);
  }
  return types;
}

std::string name_of(const BackendType* type) {
  std::string name(type->name);
  std::ranges::replace(name, '-', '_');
  return name;
}

class CommandPairs : public testing::TestWithParam<const BackendType*> {};
class NightlyCommandPairs : public CommandPairs {};

TEST_P(CommandPairs, ASampleRunsOnBothEngines) {
  constexpr std::size_t kEvery = 149;  // a prime, so that every setting is met with many pairs
  std::size_t number = 0;
  for_each_pair(*GetParam(), [&](const Scenario& scenario) {
    if (number++ % kEvery == 0) run_on_both_engines(scenario);
  });
}

TEST_P(NightlyCommandPairs, RunOnBothEngines) { for_each_pair(*GetParam(), run_on_both_engines); }

INSTANTIATE_TEST_SUITE_P(Backend, CommandPairs, testing::ValuesIn(types_of_the_tools()),
                         [](const auto& test) { return name_of(test.param); });
INSTANTIATE_TEST_SUITE_P(NightlyBackend, NightlyCommandPairs, testing::ValuesIn(types_of_the_tools()),
                         [](const auto& test) { return name_of(test.param); });

// A command that does not stop when it is interrupted, then one that does, by more than one job: processes
// begin to listen for interrupts, on fibers of their own, while others hold the fibers that were idle.
TEST(CommandsThatListenLate, HaveFibersToListenOn) {
  for (const Command first : {Command::state_pull, Command::import, Command::state_mv,
                              Command::workspace_delete_force, Command::refresh}) {
    for (const std::size_t jobs : {2U, 3U, 4U, 6U}) {
      for (const std::string_view type : {"s3", "azurerm", "pg", "http"})
        run_on_both_engines(
            scenario_of(*backend_type_named(type), Dialect::terraform, {first, Command::apply}, jobs, 1));
    }
  }
}

class NightlyCommandTriples : public testing::TestWithParam<Command> {};

TEST(CommandTriples, ASampleRunsOnBothEngines) {
  constexpr std::size_t kEvery = 997;
  std::size_t number = 0;
  for (const Command first : all_commands()) {
    for_each_triple(*backend_type_named("s3"), first, [&](const Scenario& scenario) {
      if (number++ % kEvery == 0) run_on_both_engines(scenario);
    });
  }
}

TEST_P(NightlyCommandTriples, RunOnBothEngines) {
  for_each_triple(*backend_type_named("s3"), GetParam(), run_on_both_engines);
}

INSTANTIATE_TEST_SUITE_P(NightlyFirst, NightlyCommandTriples, testing::ValuesIn(all_commands()),
                         [](const auto& test) { return "command" + std::to_string(test.index); });

}  // namespace
}  // namespace lockstorm::scenarios
