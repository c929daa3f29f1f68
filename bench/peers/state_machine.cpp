// The lock workload by hand, one switch and a random pick: what the other tools are held against; prints
// executions and scheduling points.
//
// usage: state_machine CLIENTS EXECUTIONS (two rounds a client; CLIENTS is 1 to 16)

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "bench/lock_workload.hpp"

namespace {

constexpr int kRounds = 2;
constexpr std::uint32_t kClientsMax = 16;

/// xorshift64*: any generator of this price would do, only its cost matters here.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_((seed + 1) * 0x9E3779B97F4A7C15ULL) {}
  std::uint32_t below(std::uint32_t bound) {
    state_ ^= state_ >> 12U;
    state_ ^= state_ << 25U;
    state_ ^= state_ >> 27U;
    const std::uint64_t high = (state_ * 0x2545F4914F6CDD1DULL) >> 32U;
    return static_cast<std::uint32_t>((high * bound) >> 32U);
  }

 private:
  std::uint64_t state_;
};

struct Client {
  std::uint32_t mine = 0;
  std::uint32_t read = 0;
  std::uint8_t point = 1;
  std::uint8_t round = 0;
  bool taken = false;
  bool written = false;
};

/// Does the action of `self`'s point and moves it to its next one; false when the client has ended.
bool step(std::uint32_t me, Client& self, lockstorm::bench::LockServer& server) {
  switch (self.point) {
    case 1:
      self.taken = server.acquire(me, self.mine);
      break;
    case 2:
      if (!self.taken) {
        self.point = 1;
        return true;
      }
      server.enter();
      break;
    case 3:
      self.read = server.version;
      break;
    case 8:
      self.written = server.write(me, self.mine, self.read);
      break;
    case 9:
      server.leave(self.written);
      break;
    case 10:
      server.release(me, self.mine);
      break;
    case 11:
      self.point = 1;
      return ++self.round < kRounds;
    default:
      break;  // 4: response, 5-7: apply steps
  }
  ++self.point;
  return true;
}

/// One execution; returns its scheduling points, 0 if the property does not hold.
std::uint64_t execute(std::uint32_t clients, std::uint64_t seed) {
  Random random(seed);
  lockstorm::bench::LockServer server;
  Client client[kClientsMax];
  std::uint32_t live[kClientsMax];
  for (std::uint32_t i = 0; i < clients; ++i) live[i] = i;
  std::uint64_t points = 0;
  for (std::uint32_t count = clients; count > 0; ++points) {
    const std::uint32_t pick = random.below(count);
    if (!step(live[pick], client[live[pick]], server)) live[pick] = live[--count];
  }
  return server.violated || server.version != server.acknowledged ? 0 : points;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t clients = argc == 3 ? std::strtoull(argv[1], nullptr, 10) : 0;
  const std::uint64_t executions = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 0;
  if (clients < 1 || clients > kClientsMax || executions < 1) {
    std::fputs("usage: state_machine CLIENTS EXECUTIONS\n", stderr);
    return 64;
  }
  std::uint64_t points = 0;
  for (std::uint64_t seed = 0; seed < executions; ++seed) {
    const std::uint64_t count = execute(static_cast<std::uint32_t>(clients), seed);
    if (count == 0) {
      std::fprintf(stderr, "property violated, seed %llu\n", static_cast<unsigned long long>(seed));
      return 1;
    }
    points += count;
  }
  std::printf("%llu executions, %llu points\n", static_cast<unsigned long long>(executions),
              static_cast<unsigned long long>(points));
}
