// The barest run of many straight-line clients on fibers - no values, services or chance to ask - which the
// engine of virtual time (sim/run/timed_run.hpp) and hand-written state machines are measured against.
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

#include "bench/event_queue.hpp"
#include "sim/process/fiber_pool.hpp"
#include "sim/random.hpp"

namespace lockstorm::bench {

/// A client's call is two events: the request takes effect at the server, the
/// response arrives. Effects run inline, without a switch; whom to run next is chosen before the running
/// fiber is suspended.
template <class Queue>
class FiberRun {
 public:
  /// One client's window on the run.
  class Client {
   public:
    /// Sends a request that takes effect as `effect()` some time later; returns when its response has
    /// arrived.
    template <class Effect>
    void call(Effect&& effect) {
      struct Thunk {
        static void run(void* self) { (*static_cast<std::remove_reference_t<Effect>*>(self))(); }
      };
      effect_ = &Thunk::run;
      effect_self_ = &effect;
      run_.queue_.push(run_.now_ + run_.latency(), index_ << 1U);
      run_.wait(*this);
    }
    /// Waits for `duration` of virtual time (in random order: for any time at all).
    void sleep(std::uint64_t duration) {
      run_.queue_.push(run_.now_ + duration, index_ << 1U | 1U);
      run_.wait(*this);
    }
    [[nodiscard]] std::uint32_t index() const { return index_; }
    [[nodiscard]] std::uint64_t now() const { return run_.now_; }
    sim::Random& random() { return run_.random_; }

   private:
    friend class FiberRun;
    Client(FiberRun& run, std::uint32_t index) : run_(run), index_(index) {}
    FiberRun& run_;
    std::uint32_t index_;
    sim::Worker worker_;
    void (*effect_)(void*) = nullptr;
    void* effect_self_ = nullptr;
  };

  /// Latencies are uniform in 1..`latency_max` units of virtual time.
  explicit FiberRun(std::uint32_t latency_max) : latency_max_(latency_max) {}

  /// Runs `count` clients to the end. Deterministic in `seed`.
  template <class Body>
  void run(std::uint32_t count, std::uint64_t seed, Body& body) {
    while (clients_.size() < count)
      clients_.push_back(
          std::unique_ptr<Client>(new Client(*this, static_cast<std::uint32_t>(clients_.size()))));
    queue_.clear();
    random_ = sim::Random(seed);
    hash_ = seed;
    now_ = 0;
    events_ = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      Client& client = *clients_[i];
      client.worker_ = pool_.start([&client, &body] { body(client); });
      pool_.set_successor(client.worker_, [this] { return advance(); });
      queue_.push(Queue::kTimed ? latency() : 0, i << 1U | 1U);
    }
    if (const sim::Worker first = advance()) pool_.run(first);
    for (std::uint32_t i = 0; i < count; ++i) pool_.release(clients_[i]->worker_);
  }

  [[nodiscard]] std::uint64_t trace_hash() const { return hash_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::uint64_t now() const { return now_; }

 private:
  std::uint64_t latency() { return Queue::kTimed ? 1 + random_.below(latency_max_) : 0; }

  // Takes events until one belongs to a fiber; nobody when none is left.
  sim::Worker advance() {
    while (!queue_.empty()) {
      const Event event = queue_.pop(random_);
      now_ = event.time();
      hash_ = sim::mix(hash_, now_ << 24U ^ event.code);
      ++events_;
      Client& client = *clients_[event.code >> 1U];
      if ((event.code & 1U) != 0) return client.worker_;
      client.effect_(client.effect_self_);
      queue_.push(now_ + latency(), event.code | 1U);
    }
    return {};
  }

  void wait(Client& client) {
    const sim::Worker next = advance();
    if (next != client.worker_) pool_.switch_to(client.worker_, next);
  }

  sim::FiberPool& pool_ = sim::FiberPool::of_this_thread();
  std::uint32_t latency_max_;
  std::vector<std::unique_ptr<Client>> clients_;
  Queue queue_;
  sim::Random random_{0};
  std::uint64_t hash_ = 0;
  std::uint64_t now_ = 0;
  std::uint64_t events_ = 0;
};

}  // namespace lockstorm::bench
