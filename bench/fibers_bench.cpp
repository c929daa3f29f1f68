// What fibers cost: a switch against raw fcontext, the lock workload against state machines, threads, memory.
#include <sys/resource.h>
#include <unistd.h>
#include <boost/context/detail/fcontext.hpp>

#include <array>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "bench/fiber_run.hpp"
#include "bench/lock_workload.hpp"
#include "bench/paired.hpp"
#include "bench/state_machine_run.hpp"
#include "sim/process/fiber_pool.hpp"

namespace lockstorm::bench {
namespace {

constexpr std::uint32_t kLatency = 64;
constexpr int kSwitches = 1'000'000;

// A scheduling step: choose one of the other three at random, hand over. Both sides choose in the same way.
constexpr std::uint32_t kRing = 4;
std::uint32_t choose_other(sim::Random& random, std::uint32_t me) {
  const std::uint32_t other = random.below(kRing - 1);
  return other + (other >= me ? 1 : 0);
}

// Raw fcontexts that hand over directly: the least a stackful step can cost.
class RawRing {
 public:
  void run(int steps) {
    namespace ctx = boost::context::detail;
    left_ = steps;
    for (std::uint32_t i = 0; i < kRing; ++i) {
      contexts_[i] =
          ctx::make_fcontext(stacks_[i].data() + stacks_[i].size(), stacks_[i].size(), &RawRing::entry);
    }
    current_ = 0;
    ctx::jump_fcontext(contexts_[0], this);
  }

 private:
  using Context = boost::context::detail::fcontext_t;
  static void entry(boost::context::detail::transfer_t from) {
    auto& ring = *static_cast<RawRing*>(from.data);
    const std::uint32_t me = ring.current_;
    ring.arrived(from.fctx);
    while (ring.left_-- > 0) {
      const std::uint32_t next = choose_other(ring.random_, me);
      ring.left_from_ = me;
      ring.current_ = next;
      ring.arrived(boost::context::detail::jump_fcontext(ring.contexts_[next], &ring).fctx);
    }
    boost::context::detail::jump_fcontext(ring.main_, nullptr);
  }
  void arrived(Context from) {
    if (main_ == nullptr)
      main_ = from;
    else
      contexts_[left_from_] = from;
  }
  std::array<Context, kRing> contexts_{};
  std::array<std::vector<char>, kRing> stacks_{std::vector<char>(32768), std::vector<char>(32768 + 256),
                                               std::vector<char>(32768 + 512),
                                               std::vector<char>(32768 + 768)};
  Context main_ = nullptr;
  std::uint32_t current_ = 0;
  std::uint32_t left_from_ = 0;
  int left_ = 0;
  sim::Random random_{1};
};

void raw_switches(int count) { RawRing().run(count); }

// The same ring on pooled fibers.
class PoolRing {
 public:
  void run(int count) {
    left_ = count;
    for (std::uint32_t me = 0; me < kRing; ++me) ring_[me] = pool_.start([this, me] { turn(me); });
    pool_.run(ring_[0]);
    for (const sim::Worker worker : ring_) {
      if (!sim::FiberPool::finished(worker)) pool_.run(worker);
    }
    for (const sim::Worker worker : ring_) pool_.release(worker);
  }

 private:
  void turn(std::uint32_t me) {
    while (left_-- > 0) pool_.switch_to(ring_[me], ring_[choose_other(random_, me)]);
  }
  sim::FiberPool& pool_ = sim::FiberPool::of_this_thread();
  std::array<sim::Worker, kRing> ring_{};
  int left_ = 0;
  sim::Random random_{1};
};

void pool_switches(int count) { PoolRing().run(count); }

void BM_SwitchAgainstFcontext(benchmark::State& state) {
  run_paired(state, [] { pool_switches(kSwitches); }, [] { raw_switches(kSwitches); });
  state.counters["ns_a_switch"] = state.counters["subject_s"] / kSwitches * 1e9;
}
BENCHMARK(BM_SwitchAgainstFcontext)->Iterations(15)->UseManualTime()->Unit(benchmark::kMillisecond);

template <class Queue>
std::uint64_t fiber_workload(std::uint32_t clients, int rounds, bool backoff, std::uint64_t first_seed,
                             int runs) {
  thread_local FiberRun<Queue> world(kLatency);
  std::uint64_t events = 0;
  for (int i = 0; i < runs; ++i) {
    LockServer server;
    auto body = [&](auto& self) { lock_client(self, server, rounds, backoff); };
    world.run(clients, first_seed + static_cast<std::uint64_t>(i), body);
    events += world.events();
    if (server.violated) std::abort();
  }
  return events;
}

template <class Queue>
std::uint64_t machine_workload(std::uint32_t clients, int rounds, bool backoff, std::uint64_t first_seed,
                               int runs) {
  thread_local StateMachineRun<Queue> world(kLatency);
  std::uint64_t events = 0;
  for (int i = 0; i < runs; ++i) {
    LockServer server;
    world.run(clients, first_seed + static_cast<std::uint64_t>(i), server, rounds, backoff);
    events += world.events();
  }
  return events;
}

void BM_TimedRunAgainstStateMachines(benchmark::State& state) {
  const auto clients = static_cast<std::uint32_t>(state.range(0));
  const int runs = 200'000 / static_cast<int>(clients * clients);
  std::uint64_t events = 0;
  run_paired(
      state, [&] { events = fiber_workload<EarliestFirst>(clients, 1, true, 1, runs); },
      [&] { machine_workload<EarliestFirst>(clients, 1, true, 1, runs); });
  state.counters["ns_an_event"] = state.counters["subject_s"] / static_cast<double>(events) * 1e9;
}
BENCHMARK(BM_TimedRunAgainstStateMachines)
    ->Arg(2)
    ->Arg(4)
    ->Arg(16)
    ->Iterations(15)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

// Points as docs/benchmarks.md counts them, for comparison with Relacy and Shuttle.
void BM_RandomSchedulesOnFibers(benchmark::State& state) {
  const auto clients = static_cast<std::uint32_t>(state.range(0));
  const int runs = 100'000 / static_cast<int>(clients * clients);
  std::uint64_t events = 0;
  run_paired(
      state, [&] { events = fiber_workload<AnyOrder>(clients, 2, false, 1, runs); },
      [&] { machine_workload<AnyOrder>(clients, 2, false, 1, runs); });
  state.counters["M_points_per_s"] = static_cast<double>(events) / state.counters["subject_s"] / 1e6;
  state.counters["executions_per_s"] = runs / state.counters["subject_s"];
}
BENCHMARK(BM_RandomSchedulesOnFibers)
    ->Arg(2)
    ->Arg(3)
    ->Arg(4)
    ->Arg(8)
    ->Iterations(15)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

// Time of the same work on one thread over its time on two: 2 would be perfect.
void BM_TwoThreads(benchmark::State& state) {
  constexpr int kRuns = 20'000;
  const auto half = [](std::uint64_t seed) { fiber_workload<EarliestFirst>(4, 1, true, seed, kRuns); };
  const auto both = [&] {
    std::jthread other([&] { half(kRuns); });
    half(0);
  };
  run_paired(
      state,
      [&] {
        half(0);
        half(kRuns);
      },
      both);
  state.counters["speed_up"] = static_cast<double>(state.counters["ratio"]);
}
BENCHMARK(BM_TwoThreads)->Iterations(9)->UseManualTime()->Unit(benchmark::kMillisecond);

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

void BM_TenThousandClientsInOneWorld(benchmark::State& state) {
  constexpr std::uint32_t kClients = 10'000;
  double bytes_a_client = 0;
  std::uint64_t events = 0;
  for (auto _ : state) {
    const std::size_t before = resident_bytes();
    FiberRun<EarliestFirst> world(kLatency);
    std::vector<LockServer> servers(kClients / 4);  // four clients a lock
    auto body = [&](auto& self) { lock_client(self, servers[self.index() / 4], 1, true); };
    world.run(kClients, 1, body);
    events = world.events();
    if (resident_bytes() > before)
      bytes_a_client = std::max(bytes_a_client, static_cast<double>(resident_bytes() - before) / kClients);
  }
  state.counters["KiB_a_client"] = bytes_a_client / 1024;
  state.counters["events"] = static_cast<double>(events);
}
BENCHMARK(BM_TenThousandClientsInOneWorld)->Iterations(3)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lockstorm::bench

BENCHMARK_MAIN();
