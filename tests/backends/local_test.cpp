// The local backend: every scenario of its library says what really happens, and its writes leave the window
// they should.
#include "models/backends/local.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "models/cloud/cloud.hpp"
#include "scenarios/backends/local.hpp"
#include "scenarios/files/yaml_scenario.hpp"
#include "scenarios/search/expectation.hpp"
#include "scenarios/search/verify.hpp"
#include "sim/explore/explorer.hpp"
#include "sim/run/simulator.hpp"
#include "tests/scenarios/library_files.hpp"

namespace lockstorm {
namespace {

using models::LocalFiles;
using scenarios::Scenario;

std::string test_name(const testing::TestParamInfo<std::filesystem::path>& info) {
  std::string name = info.param.parent_path().filename().string() + "_" + info.param.stem().string();
  std::ranges::replace(name, '-', '_');
  return name;
}

class LocalLibrary : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(LocalLibrary, VerdictsAreAsExpected) {
  const auto scenario = scenarios::read_scenario(GetParam());
  ASSERT_TRUE(scenario) << scenario.error().render();
  EXPECT_FALSE(scenario->description.empty());
  const scenarios::VerifyResult result = scenarios::verify(*scenario, {.explain = false});
  EXPECT_TRUE(result.explored.complete) << result.why;
  EXPECT_NE(result.verdict, scenarios::Verdict::invalid) << result.why;
  EXPECT_EQ(fmt::format("{}", fmt::join(scenarios::unexpected_verdicts(result), "\n")), "");
  for (const auto& [property, verdict] : result.properties) {
    EXPECT_TRUE(scenario->expect.contains(property))
        << "nothing expected of " << checkers::property_name(property);
  }
}

INSTANTIATE_TEST_SUITE_P(Files, LocalLibrary, testing::ValuesIn(scenarios::library_files("local")),
                         test_name);

Scenario first_apply_of_three(models::Dialect tool) {
  Scenario scenario;
  scenario.backend = scenarios::LocalConfig();
  scenario.client.tool = tool;
  scenario.client.count = 1;
  scenario.client.resources = 3;
  scenario.initial = scenarios::InitialState::empty;
  return scenario;
}

/// Resources that exist and are not in the file, over all end states in which no write was cut short.
int most_resources_unknown_after_a_kill(models::Dialect tool) {
  Scenario scenario = first_apply_of_three(tool);
  scenario.faults[sim::Fault::crash] = 1;
  const auto world = scenarios::build_world(scenario);
  int most = 0;
  const sim::EndCheck count_unknown = [&most](sim::ValuePool& values,
                                              const sim::EndState& end) -> sim::Violations {
    const auto disk = values.get<LocalFiles::Value>(end.services[0]);
    const auto cloud = values.get<models::Cloud::Value>(end.services[1]);
    if (disk.contents.torn != 0 || disk.destroyed.exists()) return 0;
    int unknown = 0;
    for (std::size_t i = 0; i < models::kMaxResources; ++i) {
      if (cloud.live[i] != 0 && disk.contents.instance[i] == 0) ++unknown;
    }
    most = std::max(most, unknown);
    return 0;
  };
  sim::StateTables tables(world->spec, sim::Automaton::Mode::compressed);
  sim::ExploreOptions options;
  options.max_states = 1'000'000;
  sim::Explorer<2> explorer(tables, world->monitors, count_unknown, options);
  EXPECT_TRUE(explorer.run().complete);
  return most;
}

// X23: Terraform writes after every resource step, OpenTofu at the 20 s interval and at the end.
TEST(LocalBackend, KillWindowIsOneResourceInTerraformAndAllInOpenTofu) {
  EXPECT_EQ(most_resources_unknown_after_a_kill(models::Dialect::terraform), 1);
  EXPECT_EQ(most_resources_unknown_after_a_kill(models::Dialect::opentofu), 3);
}

/// The state on disk after one apply that meets no fault: every step takes the first possibility.
models::StateSnapshot state_after_apply(const Scenario& scenario) {
  const auto world = scenarios::build_world(scenario);
  sim::ValuePool values;
  sim::Simulator simulator(world->spec, values, world->monitors);
  while (!simulator.finished()) simulator.take(0);
  return values.get<LocalFiles::Value>(simulator.end_state().services[0]).contents;
}

// 3.10: the serial grows with every write that differs from the state first read, and the reference is not
// advanced.
TEST(LocalBackend, SerialCountsWrites) {
  Scenario scenario = first_apply_of_three(models::Dialect::terraform);
  scenario.initial = scenarios::InitialState::existing;
  EXPECT_EQ(state_after_apply(scenario).serial, 1 + 3 + 1);  // one for each resource, one at the end
  scenario.client.tool = models::Dialect::opentofu;
  EXPECT_EQ(state_after_apply(scenario).serial, 1 + 1);
}

// With nothing to read at first, the second write reads the first one and counts from there: the last write
// of an apply finds nothing new.
TEST(LocalBackend, FirstApplyStartsAtSerialOne) {
  EXPECT_EQ(state_after_apply(first_apply_of_three(models::Dialect::terraform)).serial, 4);
  EXPECT_EQ(state_after_apply(first_apply_of_three(models::Dialect::opentofu)).serial, 1);
}

// Runs bodies to their end one after the other, each in a process of its own on the same disk.
void run_in_turn(const LocalFiles& disk, const std::vector<sim::Process::Body>& bodies) {
  sim::WorldSpec spec;
  spec.services.push_back(sim::make_service(disk));
  for (const sim::Process::Body& body : bodies) spec.classes.push_back({"job", body, 1, 0});
  sim::ValuePool values;
  const sim::MonitorOf<sim::NoMonitor> nothing;
  sim::Simulator simulator(spec, values, nothing);
  while (!simulator.finished()) simulator.take(0);  // the first process that can move
}

constexpr sim::ServiceRef<LocalFiles> kDisk{0};
constexpr models::LockInfo kMyLock{{sim::Who::me(), 0}, models::LockOperation::apply};

// 3.10: Terraform reads the snapshot for the backup at open, before the lock.
TEST(LocalBackend, OnlyTerraformStumblesOverATornFileBeforeItHasTheLock) {
  LocalFiles disk;
  disk.initial_state.torn = 1;
  const models::LocalBackend terraform(models::Dialect::terraform, kDisk);
  const models::LocalBackend opentofu(models::Dialect::opentofu, kDisk);
  models::LockStatus by_terraform{};
  models::LockStatus by_opentofu{};
  models::GetStatus read_by_opentofu{};
  run_in_turn(disk, {[&](sim::Process& self) { by_terraform = terraform.lock(self, kMyLock).status; },
                     [&](sim::Process& self) {
                       by_opentofu = opentofu.lock(self, kMyLock).status;
                       read_by_opentofu = opentofu.get(self).status;
                     }});
  EXPECT_EQ(by_terraform, models::LockStatus::failed);
  EXPECT_EQ(by_opentofu, models::LockStatus::granted);
  EXPECT_EQ(read_by_opentofu, models::GetStatus::failed);
}

// Without a lock the first write reads the file: one that does not parse is left as it is, and nobody is
// told.
TEST(LocalBackend, AnUnlockedWriteIsLeftOutWhereTheFileDoesNotParse) {
  for (const models::Dialect dialect : {models::Dialect::terraform, models::Dialect::opentofu}) {
    for (const std::uint8_t torn : {0, 1}) {
      LocalFiles disk;
      disk.initial_state.writer = sim::Who::predecessor();
      disk.initial_state.serial = 1;
      disk.initial_state.torn = torn;
      const models::LocalBackend backend(dialect, kDisk);
      models::StateSnapshot found;
      run_in_turn(disk, {[&](sim::Process& self) {
                    models::StateSnapshot next;
                    next.writer = sim::Who::me();
                    next.serial = 2;
                    EXPECT_EQ(backend.put(self, next, {}).status, models::Done::ok);
                    found = self.call(kDisk, LocalFiles::ReadState{})->state;
                  }});
      EXPECT_EQ(found.torn, torn);
      EXPECT_EQ(found.serial, torn == 0 ? 2 : 1);
    }
  }
}

TEST(LocalBackend, AStaleInfoFileBlocksNobodyAndIsNotShown) {
  const models::LocalBackend backend(models::Dialect::terraform, kDisk);
  models::LockInfo shown = kMyLock;
  models::LockStatus second{};
  run_in_turn(LocalFiles{},
              {[&](sim::Process& self) { backend.lock(self, kMyLock); },  // ends and leaves its info
               [&](sim::Process& self) {
                 shown = backend.shown_lock(self);
                 second = backend.lock(self, kMyLock).status;
               }});
  EXPECT_TRUE(shown.empty());
  EXPECT_EQ(second, models::LockStatus::granted);
}

// 4.8: each command is a process of its own, whose end closes what it had open; the next one opens the file
// and reads its backup anew.
TEST(LocalBackend, ACommandInheritsNoOpenFileFromTheOneBefore) {
  const models::LocalBackend backend(models::Dialect::terraform, kDisk);
  std::vector<models::LockStatus> seen;
  const auto holder = [&](sim::Process& self) {
    backend.lock(self, kMyLock);
    self.call(kDisk, LocalFiles::WritePrefix{});
    self.wait_for_interrupt();  // which nobody sends
  };
  const auto two_commands = [&](sim::Process& self) {
    for (int command = 0; command < 2; ++command) {
      backend.open(self);
      seen.push_back(backend.lock(self, kMyLock).status);
    }
  };
  run_in_turn(LocalFiles{}, {holder, two_commands});
  EXPECT_EQ(seen, std::vector(2, models::LockStatus::failed));
}

// 2.10.3: the id is compared in memory, and a fresh process has none.
TEST(LocalBackend, ForceUnlockFailsAndLeavesTheLock) {
  const models::LocalBackend backend(models::Dialect::opentofu, kDisk);
  models::LockInfo shown;
  models::Done done{};
  models::LockStatus refused{};
  const auto holder = [&](sim::Process& self) {
    backend.lock(self, kMyLock);
    self.wait_for_interrupt();  // which nobody sends
  };
  const auto person = [&](sim::Process& self) {
    shown = backend.shown_lock(self);
    done = backend.unlock(self, shown.id).status;
    refused = backend.lock(self, kMyLock).status;
  };
  run_in_turn(LocalFiles{}, {holder, person});
  EXPECT_EQ(shown.id.owner, sim::Who::process(0));
  EXPECT_EQ(done, models::Done::failed);
  EXPECT_EQ(refused, models::LockStatus::refused);
}

}  // namespace
}  // namespace lockstorm
