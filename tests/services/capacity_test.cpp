// Values are of fixed size: they have room for every process of a world, or say that they have none.
#include <gtest/gtest.h>

#include <stdexcept>

#include "models/services/consul.hpp"
#include "models/services/http_state.hpp"
#include "models/services/jobs.hpp"
#include "models/services/local_files.hpp"
#include "models/services/oracle_objects.hpp"
#include "models/services/postgres.hpp"
#include "models/services/process_memory.hpp"
#include "models/services/process_set.hpp"

namespace lockstorm::models {
namespace {

constexpr auto kEverybody = static_cast<sim::Slot>(sim::kMaxProcesses);

TEST(ProcessSet, HoldsEveryProcessOfAWorldAndNobodyElse) {
  ProcessSet set;
  for (const sim::Who stranger : {sim::Who::nobody(), sim::Who::me(), sim::Who::predecessor()}) {
    set.insert(stranger);
    EXPECT_FALSE(set.contains(stranger));
  }
  EXPECT_TRUE(set.empty());
  for (sim::Slot slot = 0; slot < kEverybody; ++slot) set.insert(sim::Who::process(slot));
  for (sim::Slot slot = 0; slot < kEverybody; ++slot) EXPECT_TRUE(set.contains(sim::Who::process(slot)));
  for (sim::Slot slot = 1; slot < kEverybody; ++slot) set.erase(sim::Who::process(slot));
  ProcessSet first;
  first.insert(sim::Who::process(0));
  EXPECT_EQ(set, first);
}

TEST(ProcessSet, IsRenamedAsASet) {
  ProcessSet set;
  for (const sim::Slot slot : {0, 1, 20}) set.insert(sim::Who::process(slot));
  sim::SlotPermutation swap;
  for (std::uint8_t slot = 0; slot < sim::kMaxPermutedProcesses; ++slot) swap.to[slot] = slot;
  std::swap(swap.to[1], swap.to[2]);
  sim::visit_who(set, [&](sim::Who& who) { who = swap(who); });
  ProcessSet expected;
  for (const sim::Slot slot : {0, 2, 20}) expected.insert(sim::Who::process(slot));
  EXPECT_EQ(set, expected);
}

TEST(Capacity, EveryJobThatEndedIsGone) {
  const Jobs jobs;
  Jobs::Value value = jobs.initial();
  for (sim::Slot slot = 0; slot < kEverybody; ++slot) {
    jobs.process_paused(value, slot, true);
    jobs.process_ended(value, slot);
  }
  for (sim::Slot slot = 0; slot < kEverybody; ++slot) {
    const auto answer = jobs.apply(value, 0, Jobs::QueryJob{sim::Who::process(slot)}).response;
    EXPECT_EQ(answer.status, Jobs::Status::gone) << slot;
  }
  EXPECT_TRUE(value.paused.empty());
}

TEST(Capacity, EveryDeadHolderIsSilentToAStateServer) {
  HttpState server;
  server.policy.expiry = HttpServerPolicy::Expiry::silence;
  HttpState::Value value = server.initial();
  for (sim::Slot slot = 0; slot < kEverybody; ++slot) server.process_ended(value, slot);
  value.lock = {{sim::Who::process(kEverybody - 1), 0}, LockOperation::apply};
  EXPECT_EQ(server.alternatives(value, HttpState::LookAtLock{}), 2U);
}

TEST(Capacity, ADirectoryKnowsEveryOpenerAndEveryDeadProcess) {
  const LocalFiles disk;
  LocalFiles::Value value = disk.initial();
  for (sim::Slot slot = 0; slot < kEverybody; ++slot) (void)disk.apply(value, slot, LocalFiles::Open{});
  for (sim::Slot slot = 0; slot < kEverybody; ++slot)
    EXPECT_TRUE(value.open.contains(sim::Who::process(slot)));
  for (sim::Slot slot = 0; slot < kEverybody; ++slot) disk.process_ended(value, slot);
  EXPECT_TRUE(value.open.empty());
  EXPECT_EQ(disk.apply(value, kEverybody - 1, LocalFiles::Stat{}).response.status,
            LocalFiles::Status::no_process);
}

TEST(Capacity, NothingThatAnEndedClientSentReachesPostgres) {
  const Postgres server;
  Postgres::Value value = server.initial();
  for (sim::Slot slot = 0; slot < kEverybody; ++slot) server.process_ended(value, slot);
  for (sim::Slot slot = 0; slot < kEverybody; ++slot) {
    EXPECT_EQ(server.apply(value, slot, Postgres::SelectData{}, 0).response.status, Postgres::Status::fatal);
  }
}

TEST(Capacity, PostgresSaysThatMoreClientsLoseConnectionsThanItCanFollow) {
  const Postgres server;
  Postgres::Value value = server.initial();
  for (sim::Slot slot = 0; slot < Postgres::kMaxLosers; ++slot) server.connection_lost(value, slot);
  EXPECT_THROW(server.connection_lost(value, Postgres::kMaxLosers), std::length_error);
}

TEST(Capacity, ConsulSaysThatItHasNoRoomForASession) {
  const Consul consul;
  Consul::Value value = consul.initial();
  for (sim::Slot slot = 0; slot < Consul::kMaxSessions; ++slot)
    (void)consul.apply(value, slot, Consul::CreateSession{{sim::Who::process(slot), 0}}, 0);
  EXPECT_TRUE(std::ranges::all_of(value.sessions, &Consul::Session::exists));
  EXPECT_THROW((void)consul.apply(value, 60, Consul::CreateSession{{sim::Who::process(60), 0}}, 0),
               std::length_error);
}

TEST(Capacity, MemorySaysThatItHasNoRoomForAProcess) {
  const ProcessMemory memory;
  ProcessMemory::Value value = memory.initial();
  for (sim::Slot slot = 0; slot < ProcessMemory::kMaxProcesses; ++slot) memory.process_ended(value, slot);
  EXPECT_THROW(memory.process_ended(value, ProcessMemory::kMaxProcesses), std::length_error);
}

TEST(Capacity, OracleSaysThatItHasNoRoomForAnUpload) {
  const OracleObjects oci;
  OracleObjects::Value value = oci.initial();
  for (sim::Slot slot = 0; slot < OracleObjects::kMaxUploads; ++slot)
    (void)oci.apply(value, slot, OracleObjects::CreateUpload{});
  EXPECT_THROW((void)oci.apply(value, 30, OracleObjects::CreateUpload{}), std::length_error);
}

}  // namespace
}  // namespace lockstorm::models
