// The same clients as `lock_client`, written by hand as state machines on the same event queues: the bound
// that the fiber runs are measured against.
#pragma once

#include <vector>

#include "bench/event_queue.hpp"
#include "bench/lock_workload.hpp"

namespace lockstorm::bench {

template <class Queue>
class StateMachineRun {
 public:
  explicit StateMachineRun(std::uint32_t latency_max) : latency_max_(latency_max) {}

  void run(std::uint32_t count, std::uint64_t seed, LockServer& server, int rounds, bool backoff) {
    clients_.assign(count, {});
    queue_.clear();
    random_ = sim::Random(seed);
    hash_ = seed;
    now_ = events_ = 0;
    for (std::uint32_t i = 0; i < count; ++i) queue_.push(Queue::kTimed ? latency() : 0, i << 1U | 1U);
    while (!queue_.empty()) {
      const Event event = queue_.pop(random_);
      now_ = event.time();
      hash_ = sim::mix(hash_, now_ << 24U ^ event.code);
      ++events_;
      const std::uint32_t me = event.code >> 1U;
      if ((event.code & 1U) != 0) {
        step(me, server, rounds, backoff);
      } else {
        serve(me, server);
        queue_.push(now_ + latency(), event.code | 1U);
      }
    }
  }
  [[nodiscard]] std::uint64_t trace_hash() const { return hash_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  enum class At : std::uint8_t { start, acquiring, backing_off, reading, working, writing, releasing };
  struct Client {
    At at = At::start;
    bool taken = false;
    bool written = false;
    int round = 0;
    int worked = 0;
    std::uint32_t attempt = 6;
    std::uint32_t mine = 0;
    std::uint32_t read = 0;
  };

  std::uint64_t latency() { return Queue::kTimed ? 1 + random_.below(latency_max_) : 0; }
  void send(std::uint32_t me) { queue_.push(now_ + latency(), me << 1U); }
  void sleep(std::uint32_t me, std::uint64_t duration) { queue_.push(now_ + duration, me << 1U | 1U); }

  void serve(std::uint32_t me, LockServer& server) {
    Client& client = clients_[me];
    switch (client.at) {
      case At::acquiring:
        client.taken = server.acquire(me, client.mine);
        break;
      case At::reading:
        client.read = server.version;
        break;
      case At::writing:
        client.written = server.write(me, client.mine, client.read);
        break;
      case At::releasing:
        server.release(me, client.mine);
        break;
      default:
        break;
    }
  }

  void step(std::uint32_t me, LockServer& server, int rounds, bool backoff) {
    Client& client = clients_[me];
    switch (client.at) {
      case At::start:
      case At::backing_off:
        client.at = At::acquiring;
        send(me);
        break;
      case At::acquiring:
        if (!client.taken) {
          if (!backoff) return send(me);
          client.at = At::backing_off;
          const std::uint32_t attempt = client.attempt;
          client.attempt += client.attempt < 11 ? 1 : 0;
          return sleep(me, 1 + random_.below(1U << attempt));
        }
        server.enter();
        client.at = At::reading;
        send(me);
        break;
      case At::reading:
        client.at = At::working;
        client.worked = 0;
        sleep(me, backoff ? 1 + random_.below(64) : 0);
        break;
      case At::working:
        if (++client.worked < 3) return sleep(me, backoff ? 1 + random_.below(64) : 0);
        client.at = At::writing;
        send(me);
        break;
      case At::writing:
        server.leave(client.written);
        client.at = At::releasing;
        send(me);
        break;
      case At::releasing:
        if (++client.round == rounds) return;
        client.attempt = 6;
        client.at = At::acquiring;
        send(me);
        break;
    }
  }

  std::uint32_t latency_max_;
  std::vector<Client> clients_;
  Queue queue_;
  sim::Random random_{0};
  std::uint64_t hash_ = 0;
  std::uint64_t now_ = 0;
  std::uint64_t events_ = 0;
};

}  // namespace lockstorm::bench
