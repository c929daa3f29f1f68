// Persistent Boost.Fiber workers under a scheduling algorithm of our own: bodies are handed in, fibers are
// kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace boost::fibers {
class context;
}

namespace lockstorm::sim {

namespace detail {
struct PoolState;
struct WorkerState;
}  // namespace detail

/// A fiber that runs one body after another: a name for what its pool owns. It is a value, and names the
/// context itself, because whom to continue is known last: what a switch still has to look up, it waits for.
class Worker {
 public:
  /// Nobody.
  Worker() = default;
  [[nodiscard]] explicit operator bool() const { return context_ != nullptr; }
  friend bool operator==(const Worker& a, const Worker& b) { return a.context_ == b.context_; }

 private:
  friend class FiberPool;
  friend struct detail::PoolState;
  explicit Worker(detail::WorkerState& state);

  boost::fibers::context* context_ = nullptr;
  detail::WorkerState* state_ = nullptr;
};

/// The fibers of one thread. A switch is one jump: the next context is chosen *before* suspending and
/// `pick_next()` only hands it over. Simulated code that touches Boost.Fiber's own waiting functions would
/// wait on the real clock; that aborts with a message.
class FiberPool {
 public:
  /// One pool per thread, as Boost.Fiber has one scheduler per thread; it lives until the thread ends.
  static FiberPool& of_this_thread();

  ~FiberPool();
  FiberPool(const FiberPool&) = delete;
  FiberPool& operator=(const FiberPool&) = delete;

  /// Makes sure that `count` fibers are idle. From outside any worker.
  void reserve(std::size_t count);
  /// Takes an idle fiber for `body` (creating one is only possible from outside any worker: `reserve` first);
  /// it first runs when switched to. The body must outlive its run.
  Worker start(std::function<void()> body);
  /// From outside any worker: runs `worker` until somebody calls `yield_to_controller` or all bodies end.
  void run(Worker worker);
  /// From inside `self`: continues `next`; returns when `self` is switched to again.
  void switch_to(Worker self, Worker next);
  /// From inside `self`: back to the caller of `run`.
  void yield_to_controller(Worker self);
  /// The body of `worker` has returned (or was unwound) and the fiber may be used again.
  [[nodiscard]] static bool finished(Worker worker);
  /// Whom to continue when `worker`'s body ends: another worker, or the caller of `run` (nobody, the
  /// default).
  void set_successor(Worker worker, std::function<Worker()> successor);
  /// Makes a finished worker available again.
  void release(Worker worker);

 private:
  FiberPool();
  std::unique_ptr<detail::PoolState> state_;
};

}  // namespace lockstorm::sim
