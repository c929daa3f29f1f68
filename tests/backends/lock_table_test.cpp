// The hazards of the lock on the simplified table, each found in the variants that have it and in no other
// (backend-protocols.md 5.2, 5.3, 5.4).
#include <gtest/gtest.h>

#include <ostream>

#include "scenarios/backends/lock_table.hpp"
#include "scenarios/search/verify.hpp"
#include "tests/printers.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using sim::Fault;

enum class Variant { l0, l1a, l1b, l1c, l1c_heartbeat, l1c_token, corrected };
using enum Variant;

constexpr std::array<std::string_view, 7> kVariantNames{"L0",           "L1a",      "L1b",      "L1c",
                                                        "L1cHeartbeat", "L1cToken", "Corrected"};

Scenario scenario_of(Variant variant) {
  Scenario scenario;
  LockTableConfig backend;
  switch (variant) {
    case l0:
      backend.protocol = LockTableProtocol::l0;
      break;
    case l1a:
      backend.protocol = LockTableProtocol::l1a;
      break;
    case l1b:
      backend.protocol = LockTableProtocol::l1b;
      break;
    case l1c:
      backend.protocol = LockTableProtocol::l1c;
      break;
    case l1c_token:
      backend.token_release = true;
      [[fallthrough]];
    case l1c_heartbeat:
      backend.heartbeat = true;
      backend.protocol = LockTableProtocol::l1c;
      break;
    case corrected:
      backend.protocol = LockTableProtocol::corrected;
      break;
  }
  scenario.backend = backend;
  if (variant != l0) scenario.time = {4, true};
  return scenario;
}

LockTableConfig& settings(Scenario& scenario) { return scenario.backend.edit<LockTableConfig>(); }

struct Hazard {
  std::string_view name;
  void (*world)(Scenario&);      ///< what has to happen
  std::vector<Property> damage;  ///< all of these are violated where the hazard is
  std::vector<Variant> found;
  std::vector<Variant> absent;
};

void free_time(Scenario& scenario) {
  scenario.time = {};
  settings(scenario).lease_ticks = 1;
}

// Urgent time and an instant apply: only what the fault does can outlast a lease.
void instant_apply(Scenario& scenario) { settings(scenario).long_apply = false; }

void one(Scenario& scenario, Fault fault) { scenario.faults[fault] = 1; }

void zombie(Scenario& scenario) {
  instant_apply(scenario);
  one(scenario, Fault::pause);
}

void operator_clears(Scenario& scenario) {
  zombie(scenario);
  scenario.force_unlock = {1, models::UnlockTarget::unresponsive};
}

void lone_observer(Scenario& scenario) {
  instant_apply(scenario);
  settings(scenario).held_lock = true;
  scenario.client.count = 1;
  scenario.never = {models::Command::apply};  // it is refused, and should be
}

void first_use(Scenario& scenario) { scenario.initial = InitialState::empty; }

const std::vector<Hazard>& hazards() {
  using enum Property;
  static const std::vector<Hazard> kHazards{
      {"L0_1_OwnLockTrap",
       [](Scenario& s) {
         free_time(s);
         one(s, Fault::lose_response);
       },
       {progress},
       {l0},
       {corrected}},
      {"L0_2_BlindRelease",
       [](Scenario& s) {
         free_time(s);
         one(s, Fault::lose_response);
       },
       {own_lock_only},
       {l0},
       {corrected}},
      {"L0_2_LateRelease",
       [](Scenario& s) {
         free_time(s);
         one(s, Fault::late_request);
       },
       {own_lock_only},
       {l0},
       {corrected}},
      // The same in L1: only the table without an age to go by keeps a client waiting for itself, and only a
      // release that knows its own lock spares the next one.
      {"L0_1_OwnLockIsTakenOver",
       [](Scenario& s) {
         instant_apply(s);
         one(s, Fault::lose_response);
       },
       {progress},
       {},
       {l1a, l1b, l1c, l1c_heartbeat, l1c_token, corrected}},
      {"L0_2_BlindReleaseWithClocks",
       [](Scenario& s) {
         instant_apply(s);
         one(s, Fault::lose_response);
       },
       {own_lock_only},
       {l1a, l1b, l1c, l1c_heartbeat},
       {l1c_token, corrected}},
      {"L0_2_UnconditionalRelease",
       [](Scenario& s) {
         free_time(s);
         settings(s).conditional_release = false;
         one(s, Fault::lose_response);
       },
       {own_lock_only},
       {l0},
       {}},
      {"L0_3_Crash",
       [](Scenario& s) {
         instant_apply(s);
         one(s, Fault::crash);
       },
       {stale_lock_recovery},
       {l0},
       {l1a, l1b, l1c, l1c_heartbeat, l1c_token, corrected}},
      {"L0_3_CrashWaitsForEver",
       [](Scenario& s) {
         instant_apply(s);
         one(s, Fault::crash);
       },
       {progress},
       {l0},
       {l1a, l1b, l1c, l1c_heartbeat, l1c_token, corrected}},
      {"L0_4_Zombie",
       operator_clears,
       {exclusive_effects, no_lost_update},
       {l0, l1a, l1b, l1c, l1c_heartbeat, l1c_token},
       {corrected}},
      // Somebody has the lock and keeps it: only a stale answer can say that it is free.
      {"L0_5_StaleProbeDecides",
       [](Scenario& s) {
         settings(s).held_lock = true;
         settings(s).consistent_probe = false;
         settings(s).conditional_acquire = false;
       },
       {mutual_exclusion, own_lock_only},
       {l0},
       {}},
      {"L0_5_ConsistentProbeDecides",
       [](Scenario& s) {
         settings(s).held_lock = true;
         settings(s).conditional_acquire = false;
       },
       {mutual_exclusion, own_lock_only},
       {},
       {l0}},
      {"L0_5_StaleProbeHarmless",
       [](Scenario& s) {
         settings(s).held_lock = true;
         settings(s).consistent_probe = false;
       },
       {mutual_exclusion, own_lock_only},
       {},
       {l0}},
      {"L0_6_ReadThenWrite",
       [](Scenario& s) { settings(s).conditional_acquire = false; },
       {mutual_exclusion},
       {l0},
       {}},
      {"L0_6_Condition", [](Scenario&) {}, {mutual_exclusion}, {}, {l0, l1c_heartbeat, l1c_token, corrected}},
      {"L0_7_FirstUse",
       [](Scenario& s) {
         first_use(s);
         settings(s).conditional_create = false;
       },
       {mutual_exclusion},
       {l0},
       {}},
      {"L0_7_ConditionalCreate", first_use, {mutual_exclusion}, {}, {l0, l1c_heartbeat, corrected}},
      {"L0_7_ExistingItem",
       [](Scenario& s) { settings(s).conditional_create = false; },
       {mutual_exclusion},
       {},
       {l0}},

      {"L1_1_TwoStealers",
       [](Scenario& s) {
         instant_apply(s);
         settings(s).stale_lock = true;
       },
       {mutual_exclusion},
       {l1a, l1b},
       {l1c, l1c_heartbeat, l1c_token, corrected}},
      // A dead holder's release may still be on its way: in (c) it frees the thief, which is L1-4.
      {"L1_1_DeadHolder",
       [](Scenario& s) {
         instant_apply(s);
         s.client.count = 3;
         one(s, Fault::crash);
       },
       {mutual_exclusion},
       {l1a, l1b, l1c, l1c_heartbeat},
       {l1c_token, corrected}},
      {"L1_2_SlowHolder",
       [](Scenario&) {},
       {mutual_exclusion},
       {l1a, l1b, l1c},
       {l1c_heartbeat, l1c_token, corrected}},
      // Its beats go astray for as long as the lease: it must notice by itself (5.4.4).
      {"L1_2_LostBeats",
       [](Scenario& s) {
         s.time.ticks = 5;
         s.faults[Fault::lose_request] = 2;
       },
       {mutual_exclusion},
       {l1c_heartbeat},
       {corrected}},
      {"L1_2_PausedHolder",
       zombie,
       {mutual_exclusion},
       {l1a, l1b, l1c, l1c_heartbeat, l1c_token, corrected},
       {}},
      {"L1_3_ZombieWrite",
       zombie,
       {no_lost_update, exclusive_effects},
       {l1a, l1b, l1c, l1c_heartbeat, l1c_token},
       {corrected}},
      {"L1_4_ZombieRelease", zombie, {own_lock_only}, {l1a, l1b, l1c, l1c_heartbeat}, {l1c_token, corrected}},
      {"L1_5_ZombieHeartbeat",
       [](Scenario& s) {
         zombie(s);
         settings(s).heartbeat_unconditional = true;
       },
       {own_lock_only},
       {l1c_token},
       {corrected}},
      {"L1_6_ClockSkew",
       [](Scenario& s) { one(s, Fault::clock_skew); },
       {stale_lock_recovery},
       {l1a, l1b, l1c, l1c_heartbeat, l1c_token},
       {corrected}},
      // A holder renews its lease in time, and there is one observer: only a stale answer can say that the
      // lease has run out.
      {"L1_7_StaleAge",
       [](Scenario& s) {
         lone_observer(s);
         settings(s).consistent_probe = false;
       },
       {stale_lock_recovery},
       {l1a, l1b},
       {l1c, l1c_heartbeat, l1c_token, corrected}},
      {"L1_7_ConsistentAge", lone_observer, {stale_lock_recovery}, {}, {l1a, l1b, l1c, corrected}},
      {"L1_8_SameTimestamp",
       [](Scenario& s) {
         settings(s).observer_ageing = true;
         settings(s).lease_ticks = 1;
         s.client.count = 3;
         s.time.ticks = 3;
         one(s, Fault::clock_skew);
       },
       {stale_lock_recovery},
       {l1c},
       {corrected}},
      // One thief and one holder, who releases the lock and takes it again between the other's look and his
      // write.
      {"L1_10_SlowThief",
       [](Scenario& s) { s.client.runs = 2; },
       {stale_lock_recovery},
       {l1a, l1b},
       {l1c, l1c_heartbeat, corrected}},
  };
  return kHazards;
}

struct Cell {
  const Hazard* hazard;
  Variant variant;
  bool found;
};

std::vector<Cell> cells() {
  std::vector<Cell> result;
  for (const Hazard& hazard : hazards()) {
    for (const Variant variant : hazard.found) result.push_back({&hazard, variant, true});
    for (const Variant variant : hazard.absent) result.push_back({&hazard, variant, false});
  }
  return result;
}

std::string cell_name(const Cell& cell) {
  return std::string(cell.hazard->name) + "_" +
         std::string(kVariantNames[static_cast<std::size_t>(cell.variant)]);
}

void PrintTo(const Cell& cell, std::ostream* out) { *out << cell_name(cell); }

class LockTableHazard : public testing::TestWithParam<Cell> {};

// What stands at a property that no run violates: of endings nothing is known where bounded time cuts some
// off.
Verdict unviolated(const VerifyResult& result, Property property) {
  const bool at_endings = property == Property::progress || property == Property::stale_lock_recovery ||
                          property == Property::state_integrity || property == Property::no_drift ||
                          property == Property::lock_released;
  return at_endings && result.explored.cut_off > 0 ? Verdict::unknown : Verdict::held;
}

TEST_P(LockTableHazard, IsFoundExactlyWhereItIs) {
  const auto& [hazard, variant, found] = GetParam();
  Scenario scenario = scenario_of(variant);
  hazard->world(scenario);
  const VerifyResult result = verify(scenario, {.explain = false});
  ASSERT_TRUE(result.explored.complete) << result.why;
  ASSERT_NE(result.verdict, Verdict::invalid) << result.why;
  for (const Property property : hazard->damage) {
    EXPECT_EQ(result.properties.at(property), found ? Verdict::violated : unviolated(result, property))
        << checkers::property_name(property);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, LockTableHazard, testing::ValuesIn(cells()),
                         [](const auto& info) { return cell_name(info.param); });

// 5.4 under every single kind of fault: with clocks, and with no bound on time at all.
class CorrectedProtocol : public testing::TestWithParam<Fault> {};

void expect_held(const Scenario& scenario, bool mutual_exclusion) {
  const VerifyResult result = verify(scenario, {.explain = false});
  ASSERT_TRUE(result.explored.complete) << result.why;
  ASSERT_NE(result.verdict, Verdict::invalid) << result.why;
  for (const auto& [property, verdict] : result.properties) {
    const bool believed = property == Property::mutual_exclusion && !mutual_exclusion;
    EXPECT_EQ(verdict, believed ? Verdict::violated : unviolated(result, property))
        << checkers::property_name(property);
  }
}

// Two may believe that they hold the lock only while one of them is paused and does not know how late it is:
// a lease can do no more. Whoever runs stops in time, whatever becomes of his messages.
TEST_P(CorrectedProtocol, HoldsWithClocks) {
  Scenario scenario = scenario_of(corrected);
  scenario.faults[GetParam()] = 1;
  // A pause or a crash may come at any point of the wait; the apply need not be long for that.
  const bool stops = GetParam() == Fault::pause || GetParam() == Fault::crash;
  settings(scenario).long_apply = !stops;
  expect_held(scenario, GetParam() != Fault::pause);
}

// Without clocks a lock may be taken over at any moment: beliefs are worth nothing, and yet nothing is lost.
TEST_P(CorrectedProtocol, IsFencedWithoutClocks) {
  if (GetParam() == Fault::clock_skew) GTEST_SKIP() << "no clock to skew";
  Scenario scenario = scenario_of(corrected);
  free_time(scenario);
  scenario.faults[GetParam()] = 1;
  expect_held(scenario, false);
}

INSTANTIATE_TEST_SUITE_P(Faults, CorrectedProtocol,
                         testing::Values(Fault::crash, Fault::pause, Fault::lose_request,
                                         Fault::lose_response, Fault::late_request, Fault::duplicate,
                                         Fault::server_error, Fault::throttle, Fault::clock_skew),
                         [](const auto& info) { return std::string(sim::fault_name(info.param)); });

TEST(CorrectedProtocolPairs, CrashAndLostResponse) {
  Scenario scenario = scenario_of(corrected);
  instant_apply(scenario);
  scenario.faults[Fault::crash] = 1;
  scenario.faults[Fault::lose_response] = 1;
  expect_held(scenario, true);
  free_time(scenario);
  expect_held(scenario, false);
}

TEST(CorrectedProtocolFirstUse, HoldsOnAnEmptyTable) {
  Scenario scenario = scenario_of(corrected);
  scenario.client.count = 3;
  first_use(scenario);
  expect_held(scenario, true);
}

TEST(LockTableClocks, ProtocolsThatReadClocksNeedSome) {
  Scenario scenario = scenario_of(l1c);
  scenario.time = {};
  EXPECT_THROW(build_world(scenario), std::invalid_argument);
}

TEST(LockTableClocks, AHeartbeatBeatsForSeveralRuns) {
  Scenario scenario = scenario_of(l1c_heartbeat);
  instant_apply(scenario);
  scenario.client.runs = 2;
  expect_held(scenario, true);
}

}  // namespace
}  // namespace lockstorm::scenarios
