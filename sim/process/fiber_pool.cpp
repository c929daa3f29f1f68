#include "sim/process/fiber_pool.hpp"

#include <boost/fiber/algo/algorithm.hpp>
#include <boost/fiber/context.hpp>
#include <boost/fiber/fiber.hpp>
#include <boost/fiber/operations.hpp>
#include <boost/fiber/scheduler.hpp>

#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "sim/process/sanitizer.hpp"
#include "sim/process/signal_stack.hpp"
#include "sim/process/stack_arena.hpp"

namespace __cxxabiv1 {
struct __cxa_eh_globals;
extern "C" __cxa_eh_globals* __cxa_get_globals() noexcept;
}  // namespace __cxxabiv1

namespace lockstorm::sim {
namespace {

namespace fibers = boost::fibers;

// 16 KiB holds release clients with JSON-free protocol code; debug frames and sanitizer red zones need more.
#if defined(NDEBUG)
constexpr std::size_t kStackBytes = detail::kSanitized ? 256 * 1024 : 16 * 1024;
#else
constexpr std::size_t kStackBytes = detail::kSanitized ? 256 * 1024 : 64 * 1024;
#endif
constexpr std::size_t kFibersWithCanary = 1024;
constexpr std::size_t kMaxFibers = detail::kSanitized ? 4096 : 131072;

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "lockstorm: internal error: %s\n", what);
  std::abort();
}

// The exception state of a thread (caught exceptions, uncaught count); each fiber needs its own. Saved member
// by member: a copy of the whole is one wide load of what the last switch has just stored as two, which the
// processor cannot forward (five nanoseconds a switch).
struct ExceptionState {
  void* caught = nullptr;
  unsigned uncaught = 0;
};

// Runs whom it is told to run. Order matters: chosen > dispatcher (it frees ended fibers) > main.
class HandOver final : public fibers::algo::algorithm {
 public:
  fibers::context* next = nullptr;

  void awakened(fibers::context* context) noexcept override {
    if (context->is_context(fibers::type::dispatcher_context)) {
      dispatcher_ = context;
    } else if (context->is_context(fibers::type::main_context)) {
      main_ = context;
    } else {
      next = context;  // a worker that starts, or ends and wakes its joiner
    }
  }
  fibers::context* pick_next() noexcept override {
    if (next != nullptr) [[likely]]
      return std::exchange(next, nullptr);
    if (dispatcher_ != nullptr) return std::exchange(dispatcher_, nullptr);
    return std::exchange(main_, nullptr);
  }
  [[nodiscard]] bool has_ready_fibers() const noexcept override {
    return next != nullptr || dispatcher_ != nullptr || main_ != nullptr;
  }
  void suspend_until(const std::chrono::steady_clock::time_point&) noexcept override {
    die("simulated code waits on the real clock (use Process::sleep)");
  }
  void notify() noexcept override {}

 private:
  fibers::context* dispatcher_ = nullptr;
  fibers::context* main_ = nullptr;
};

}  // namespace

namespace detail {

struct WorkerState {
  fibers::context* context = nullptr;
  SanitizerFiber sanitizer;
  const std::uint64_t* canary = &kStackCanary;  ///< at the bottom of the stack, where it has one
  std::function<void()> body;
  std::function<Worker()> successor;
  bool busy = false;
};

struct PoolState {
  PoolState() : arena(kStackBytes, kMaxFibers) {
    main_context = fibers::context::active();  // creates Boost's scheduler before ours is installed
    algorithm = new HandOver;
    main_context->get_scheduler()->set_algo(fibers::algo::algorithm::ptr_t(algorithm));
    exceptions = reinterpret_cast<ExceptionState*>(__cxxabiv1::__cxa_get_globals());
    main_sanitizer.adopt_current_thread();
  }

  void jump(fibers::context* me, SanitizerFiber& my_sanitizer, fibers::context* target,
            SanitizerFiber& target_sanitizer) {
    algorithm->next = target;
    void* const caught = exceptions->caught;
    const unsigned uncaught = exceptions->uncaught;
    announce_switch(my_sanitizer, target_sanitizer);
    me->suspend();
    finish_switch(my_sanitizer);
    exceptions->caught = caught;
    exceptions->uncaught = uncaught;
  }

  void to_main(WorkerState& self) { jump(self.context, self.sanitizer, main_context, main_sanitizer); }

  void loop(WorkerState& self) {
    self.context = fibers::context::active();
    to_main(self);
    while (!stopping) {
      self.body();
      self.body = nullptr;
      self.busy = false;
      const Worker next = self.successor ? self.successor() : Worker();
      if (next.state_ == &self) continue;
      if (next) {
        jump(self.context, self.sanitizer, next.context_, next.state_->sanitizer);
      } else {
        to_main(self);
      }
    }
  }

  struct Allocator {
    PoolState* pool;
    WorkerState* worker;
    boost::context::stack_context allocate() {
      const boost::context::stack_context stack = pool->arena.allocate();
      worker->sanitizer.bottom = StackArena::bottom(stack);
      // A canary touches a page that a shallow client never needs: with many thousand fibers only the first
      // have one.
      if (pool->workers.size() <= kFibersWithCanary) worker->canary = StackArena::guard(stack);
      worker->sanitizer.size = stack.size;
      return stack;
    }
    void deallocate(boost::context::stack_context& stack) noexcept { pool->arena.deallocate(stack); }
  };

  // A new fiber parks by switching to the main context, so that is where it must be created.
  __attribute__((noinline)) WorkerState& add_worker() {
    if (fibers::context::active() != main_context)
      die("a fiber was created inside a fiber; reserve() them before");
    // What can fail for want of memory comes first, so that there is a fiber for every worker.
    if (running.size() == running.capacity()) running.reserve(2 * running.size() + 16);
    auto added = std::make_unique<WorkerState>();
    // dispatch enters the fiber at once; it parks in its loop and comes back here. The stack's bounds are
    // known only once it is allocated, so the announcement is made with what the arena will hand out next.
    const boost::context::stack_context preview = arena.allocate();
    workers.push_back(std::move(added));
    workers.back()->sanitizer.create();
    launch(*workers.back(), preview);
    return *workers.back();
  }

  __attribute__((noinline)) void launch(WorkerState& worker, const boost::context::stack_context& preview) {
    worker.sanitizer.bottom = StackArena::bottom(preview);
    worker.sanitizer.size = preview.size;
    arena.deallocate(preview);
    const ExceptionState mine = *exceptions;
    announce_creation(main_sanitizer, worker.sanitizer);
    running.emplace_back(fibers::launch::dispatch, std::allocator_arg, Allocator{this, &worker},
                         [this, &worker] {
                           begin_fiber(worker.sanitizer, main_sanitizer);
                           loop(worker);
                           announce_switch(worker.sanitizer, main_sanitizer, true);
                         });
    finish_switch(main_sanitizer);
    *exceptions = mine;
  }

  StackArena arena;
  SignalStack signals;
  fibers::context* main_context = nullptr;
  HandOver* algorithm = nullptr;
  ExceptionState* exceptions = nullptr;
  SanitizerFiber main_sanitizer;
  std::vector<std::unique_ptr<WorkerState>> workers;
  std::vector<fibers::fiber> running;
  std::vector<WorkerState*> idle;
  bool stopping = false;
};

}  // namespace detail

FiberPool::FiberPool() : state_(std::make_unique<detail::PoolState>()) {}

FiberPool::~FiberPool() {
  detail::PoolState& pool = *state_;
  pool.stopping = true;
  for (std::size_t i = 0; i < pool.workers.size(); ++i) {
    pool.algorithm->next = pool.workers[i]->context;
    fibers::fiber& ending = pool.running[i];
    detail::announce_switch(pool.main_sanitizer, pool.workers[i]->sanitizer);
    ending.join();
    detail::finish_switch(pool.main_sanitizer);
    pool.workers[i]->sanitizer.destroy();
  }
  boost::this_fiber::yield();  // the dispatcher frees ended fibers' stacks before the arena is unmapped
}

FiberPool& FiberPool::of_this_thread() {
  // Boost's per-thread scheduler must be created first so that it is destroyed last.
  fibers::context::active();
  thread_local FiberPool pool;
  return pool;
}

Worker::Worker(detail::WorkerState& state) : context_(state.context), state_(&state) {}

void FiberPool::reserve(std::size_t count) {
  while (state_->idle.size() < count) state_->idle.push_back(&state_->add_worker());
}

Worker FiberPool::start(std::function<void()> body) {
  detail::WorkerState* worker = nullptr;
  if (state_->idle.empty()) {
    worker = &state_->add_worker();
  } else {
    worker = state_->idle.back();
    state_->idle.pop_back();
  }
  worker->body = std::move(body);
  worker->successor = nullptr;
  worker->busy = true;
  return Worker(*worker);
}

void FiberPool::run(Worker worker) {
  state_->jump(state_->main_context, state_->main_sanitizer, worker.context_, worker.state_->sanitizer);
}

void FiberPool::switch_to(Worker self, Worker next) {
  if (self == next) return;
  state_->jump(self.context_, self.state_->sanitizer, next.context_, next.state_->sanitizer);
  if (*self.state_->canary != detail::kStackCanary) [[unlikely]]
    die("a simulated client overflowed its stack");
}

void FiberPool::yield_to_controller(Worker self) {
  state_->to_main(*self.state_);
  if (*self.state_->canary != detail::kStackCanary) [[unlikely]]
    die("a simulated client overflowed its stack");
}

bool FiberPool::finished(Worker worker) { return !worker.state_->busy; }

void FiberPool::set_successor(Worker worker, std::function<Worker()> successor) {
  worker.state_->successor = std::move(successor);
}

void FiberPool::release(Worker worker) { state_->idle.push_back(worker.state_); }

}  // namespace lockstorm::sim
