// Persistent fibers: bodies run, switch directly, end, and fibers are used again.
#include "sim/process/fiber_pool.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace lockstorm::sim {
namespace {

TEST(FiberPool, RunsBodiesAndUsesFibersAgain) {
  FiberPool& pool = FiberPool::of_this_thread();
  std::string order;
  for (int round = 0; round < 3; ++round) {
    Worker worker;
    worker = pool.start([&] {
      order += 'a';
      pool.yield_to_controller(worker);
      order += 'b';
    });
    pool.run(worker);
    order += '-';
    EXPECT_FALSE(FiberPool::finished(worker));
    pool.run(worker);
    EXPECT_TRUE(FiberPool::finished(worker));
    pool.release(worker);
  }
  EXPECT_EQ(order, "a-ba-ba-b");
}

TEST(FiberPool, SwitchesDirectlyBetweenWorkers) {
  FiberPool& pool = FiberPool::of_this_thread();
  std::string order;
  Worker first;
  Worker second;
  first = pool.start([&] {
    order += '1';
    pool.switch_to(first, second);
    order += '3';
  });
  second = pool.start([&] {
    order += '2';
    pool.switch_to(second, first);
    order += '4';
  });
  pool.run(first);
  EXPECT_EQ(order, "123");
  pool.run(second);
  EXPECT_EQ(order, "1234");
  pool.release(first);
  pool.release(second);
}

volatile sig_atomic_t handled_on_its_own_stack = 0;

void note_the_stack(int) {
  stack_t present{};
  ::sigaltstack(nullptr, &present);
  handled_on_its_own_stack = (present.ss_flags & SS_ONSTACK) != 0 ? 1 : 0;
}

// A signal that comes while a client is deep in its calls: what the kernel saves has no room on its stack.
TEST(FiberPool, HandlesSignalsOnAStackOfTheirOwn) {
  FiberPool& pool = FiberPool::of_this_thread();
  struct sigaction ours{};
  struct sigaction before{};
  ours.sa_handler = note_the_stack;
  ours.sa_flags = SA_ONSTACK;
  ASSERT_EQ(::sigaction(SIGUSR1, &ours, &before), 0);
  handled_on_its_own_stack = 0;
  const Worker worker = pool.start([] { ::raise(SIGUSR1); });
  pool.run(worker);
  EXPECT_TRUE(FiberPool::finished(worker));
  pool.release(worker);
  ::sigaction(SIGUSR1, &before, nullptr);
  EXPECT_EQ(handled_on_its_own_stack, 1);
}

TEST(FiberPool, KeepsEachFibersExceptionsApart) {
  FiberPool& pool = FiberPool::of_this_thread();
  std::vector<std::string> seen;
  std::vector<Worker> workers(2);
  for (int i = 0; i < 2; ++i) {
    workers[i] = pool.start([&, i] {
      try {
        throw std::runtime_error(i == 0 ? "first" : "second");
      } catch (...) {
        pool.yield_to_controller(workers[i]);  // suspended inside the handler
        try {
          throw;
        } catch (const std::exception& error) {
          seen.emplace_back(error.what());
        }
      }
    });
  }
  for (const Worker worker : workers) pool.run(worker);
  for (const Worker worker : workers) pool.run(worker);
  EXPECT_EQ(seen, (std::vector<std::string>{"first", "second"}));
  for (const Worker worker : workers) pool.release(worker);
}

TEST(FiberPool, EachThreadHasItsOwn) {
  int sum = 0;
  std::thread([&] {
    FiberPool& pool = FiberPool::of_this_thread();
    const Worker worker = pool.start([&] { sum += 1; });
    pool.run(worker);
    pool.release(worker);
  }).join();
  EXPECT_EQ(sum, 1);
}

}  // namespace
}  // namespace lockstorm::sim
