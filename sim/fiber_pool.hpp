// Persistent Boost.Fiber workers under a scheduling algorithm of our own: bodies are handed in, fibers are
// kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace lockstorm::sim {

namespace detail {
struct PoolState;
struct WorkerState;
}  // namespace detail

/// A fiber that runs one body after another. Owned by its pool.
using Worker = detail::WorkerState;

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
  Worker& start(std::function<void()> body);
  /// From outside any worker: runs `worker` until somebody calls `yield_to_controller` or all bodies end.
  void run(Worker& worker);
  /// From inside `self`: continues `next`; returns when `self` is switched to again.
  void switch_to(Worker& self, Worker& next);
  /// From inside `self`: back to the caller of `run`.
  void yield_to_controller(Worker& self);
  /// The body of `worker` has returned (or was unwound) and the fiber may be used again.
  [[nodiscard]] static bool finished(const Worker& worker);
  /// Whom to continue when `worker`'s body ends: another worker, or the caller of `run` (the default).
  void set_successor(Worker& worker, std::function<Worker*()> successor);
  /// Makes a finished worker available again.
  void release(Worker& worker);

 private:
  FiberPool();
  std::unique_ptr<detail::PoolState> state_;
};

}  // namespace lockstorm::sim
