// The lock workload (docs/benchmarks.md): one definition, as straight-line clients and as a state machine.
#pragma once

#include <cstdint>

namespace lockstorm::bench {

/// Server state: the lock record and the state version, with ghosts for the property.
struct LockServer {
  std::uint32_t holder = 0;  ///< 0: free, else client + 1
  std::uint32_t generation = 0;
  std::uint32_t version = 0;
  std::uint32_t inside = 0;        ///< ghost: clients in the critical section
  std::uint32_t acknowledged = 0;  ///< ghost: acknowledged writes
  bool violated = false;

  bool acquire(std::uint32_t client, std::uint32_t& mine) {
    if (holder != 0) return false;
    holder = client + 1;
    mine = ++generation;
    return true;
  }
  bool write(std::uint32_t client, std::uint32_t mine, std::uint32_t read) {
    if (holder != client + 1 || generation != mine) return false;
    violated |= version != read;
    version = read + 1;
    return true;
  }
  void release(std::uint32_t client, std::uint32_t mine) {
    if (holder == client + 1 && generation == mine) holder = 0;
  }
  void enter() { violated |= ++inside > 1; }
  void leave(bool written) {
    --inside;
    acknowledged += written ? 1 : 0;
  }
};

/// `rounds` rounds of one client; `Client` offers call(effect) and sleep(duration). `backoff`: wait after a
/// refusal (timed runs), else retry at once.
template <class Client>
void lock_client(Client& self, LockServer& server, int rounds, bool backoff) {
  const std::uint32_t me = self.index();
  for (int round = 0; round < rounds; ++round) {
    std::uint32_t mine = 0;
    bool taken = false;
    for (std::uint32_t attempt = 6;; attempt += attempt < 11 ? 1 : 0) {
      self.call([&] { taken = server.acquire(me, mine); });
      if (taken) break;
      if (backoff) self.sleep(1 + self.random().below(1U << attempt));
    }
    server.enter();
    std::uint32_t read = 0;
    self.call([&] { read = server.version; });
    for (int step = 0; step < 3; ++step) self.sleep(backoff ? 1 + self.random().below(64) : 0);
    bool written = false;
    self.call([&] { written = server.write(me, mine, read); });
    server.leave(written);
    self.call([&] { server.release(me, mine); });
  }
}

}  // namespace lockstorm::bench
