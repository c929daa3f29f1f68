// The lock workload under Relacy's random scheduler: prints executions and scheduling points.
//
// usage: relacy_lock CLIENTS EXECUTIONS (two rounds a client; CLIENTS is 2, 3, 4 or 8)
//
// Clients and server use plain variables: an effect is atomic by definition here, so instrumented ones would
// add scheduling points that the workload does not have. A client hands over *between* two actions, never
// before the first or after the last: Relacy itself picks who starts and who goes on when a client ends, so
// there is exactly one pick for each action.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <sstream>

#include "bench/lock_workload.hpp"
#include "relacy/relacy.hpp"

namespace {

constexpr int kRounds = 2;
std::uint64_t points = 0;

template <unsigned clients>
struct LockTest : rl::test_suite<LockTest<clients>, clients> {
  lockstorm::bench::LockServer server;

  void thread(unsigned me) {
    for (int round = 0; round < kRounds; ++round) {
      if (round > 0) next();  // 11 of the round before
      std::uint32_t mine = 0;
      for (;;) {
        const bool taken = server.acquire(me, mine);  // 1
        next();
        if (taken) break;
        next();  // 2: the refusal arrived, retry at once
      }
      server.enter();  // 2
      next();
      const std::uint32_t read = server.version;        // 3
      for (int quiet = 4; quiet <= 7; ++quiet) next();  // 4: response, 5-7: apply steps
      next();
      const bool written = server.write(me, mine, read);  // 8
      next();
      server.leave(written);  // 9
      next();
      server.release(me, mine);  // 10
      next();
    }
    ++points;  // 11 of the last round
  }

  void after() { RL_ASSERT(!server.violated && server.version == server.acknowledged); }

 private:
  static void next() {
    ++points;
    rl::yield(1, $);
  }
};

template <unsigned clients>
int measure(std::uint64_t executions) {
  std::ostringstream log;
  rl::test_params params;
  params.iteration_count = executions;
  params.search_type = rl::random_scheduler_type;
  params.execution_depth_limit = std::numeric_limits<unsigned>::max();
  params.output_stream = &log;
  params.progress_stream = &log;
  if (!rl::simulate<LockTest<clients>>(params)) {
    std::fputs(log.str().c_str(), stderr);
    return 1;
  }
  std::printf("%llu executions, %llu points\n", static_cast<unsigned long long>(executions),
              static_cast<unsigned long long>(points));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const int clients = argc == 3 ? std::atoi(argv[1]) : 0;
  const std::uint64_t executions = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 0;
  switch (executions > 0 ? clients : 0) {
    case 2:
      return measure<2>(executions);
    case 3:
      return measure<3>(executions);
    case 4:
      return measure<4>(executions);
    case 8:
      return measure<8>(executions);
    default:
      std::fputs("usage: relacy_lock 2|3|4|8 EXECUTIONS\n", stderr);
      return 64;
  }
}
