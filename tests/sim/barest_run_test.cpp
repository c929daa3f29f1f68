// Runs of many clients on fibers: deterministic, and step for step the same as hand-written state machines.
#include "bench/fiber_run.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "bench/state_machine_run.hpp"

namespace lockstorm::bench {
namespace {

template <class Queue>
std::uint64_t fiber_hash(std::uint32_t clients, std::uint64_t seed, bool backoff, LockServer& server) {
  FiberRun<Queue> run(64);
  auto body = [&](auto& self) { lock_client(self, server, 2, backoff); };
  run.run(clients, seed, body);
  return run.trace_hash();
}

TEST(BarestRun, TakesTheSameStepsAsStateMachines) {
  for (std::uint32_t clients : {1U, 2U, 4U, 16U, 50U}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      LockServer server;
      LockServer reference;
      StateMachineRun<EarliestFirst> timed(64);
      timed.run(clients, seed, reference, 2, true);
      EXPECT_EQ(fiber_hash<EarliestFirst>(clients, seed, true, server), timed.trace_hash());
      EXPECT_FALSE(server.violated);
      EXPECT_EQ(server.version, server.acknowledged);
      EXPECT_EQ(server.version, clients * 2);
      LockServer again;
      StateMachineRun<AnyOrder> any(64);
      any.run(clients, seed, reference, 2, false);
      EXPECT_EQ(fiber_hash<AnyOrder>(clients, seed, false, again), any.trace_hash());
    }
  }
}

TEST(BarestRun, IsTheSameOnEveryThreadAndEveryTime) {
  LockServer first;
  const std::uint64_t here = fiber_hash<EarliestFirst>(8, 7, true, first);
  std::uint64_t there = 0;
  std::thread([&] {
    LockServer warm_up;
    fiber_hash<EarliestFirst>(5, 1, true, warm_up);
    LockServer second;
    there = fiber_hash<EarliestFirst>(8, 7, true, second);
  }).join();
  EXPECT_EQ(here, there);
  LockServer third;
  EXPECT_NE(here, fiber_hash<EarliestFirst>(8, 8, true, third));
}

}  // namespace
}  // namespace lockstorm::bench
