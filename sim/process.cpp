#include "sim/process.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>

namespace lockstorm::sim {
namespace {

FiberPool& pool() { return FiberPool::of_this_thread(); }

}  // namespace

void Process::start_fiber(std::function<void()> body) {
  if (fibers_.size() >= kMaxFibersPerProcess) throw std::logic_error("a process has too many fibers");
  const auto index = static_cast<FiberIndex>(fibers_.size());
  fibers_.push_back(std::make_unique<Fiber>());
  Fiber& fiber = *fibers_.back();
  fiber.body = std::move(body);
  fiber.worker = &pool().start([this, index] {
    Fiber& self = *fibers_[index];
    try {
      if (!killed_) self.body();
    } catch (const ProcessEnded&) {
    } catch (...) {
      failure_ = std::current_exception();
      ended_ = true;
    }
    self.ended = true;
    self.action = {};
    if (index == 0) ended_ = true;
  });
}

void Process::spawn(std::function<void()> body) {
  start_fiber(std::move(body));
  fibers_.back()->condition = [] { return true; };  // runs as soon as the spawning fiber waits
}

void Process::run_fiber(FiberIndex fiber) {
  const FiberIndex previous = current_;
  current_ = fiber;
  pool().run(*fibers_[fiber]->worker);
  current_ = previous;
  if (failure_) {
    const std::exception_ptr failure = std::exchange(failure_, nullptr);
    kill();
    std::rethrow_exception(failure);
  }
}

bool Process::others_ready() const {
  return std::ranges::any_of(
      fibers_, [](const auto& fiber) { return !fiber->ended && fiber->condition && fiber->condition(); });
}

void Process::run_ready_fibers() {
  for (bool progress = true; progress && !ended_;) {
    progress = false;
    for (std::size_t i = 0; i < fibers_.size() && !ended_; ++i) {
      Fiber& fiber = *fibers_[i];
      if (fiber.ended || !fiber.condition || !fiber.condition()) continue;
      fiber.condition = nullptr;
      run_fiber(static_cast<FiberIndex>(i));
      progress = true;
    }
  }
}

void Process::replay(std::span<const Memory> memory, bool compress) {
  assert(!started_);
  started_ = true;
  pool().reserve(kMaxFibersPerProcess);  // for spawn(), which runs inside a fiber
  compress_ = compress;
  script_.assign(memory.begin(), memory.end());
  start_fiber([this] { body_(*this); });
  run_fiber(0);
  run_ready_fibers();
  while (replaying() && !ended_) {
    const Memory next = script_[cursor_];
    Fiber& fiber = *fibers_.at(next.fiber);
    assert(!fiber.ended && "memory names a fiber that has ended");
    ++cursor_;
    memory_.push_back(next);
    fiber.observation = next.value;
    if (next.kind != Memory::Kind::observation) flags_ = next.flags;
    run_fiber(next.fiber);
    run_ready_fibers();
  }
  if (ended_) kill();
}

void Process::feed(FiberIndex fiber, Observation observation) {
  fibers_[fiber]->observation = observation;
  run_fiber(fiber);
  run_ready_fibers();
  if (ended_) kill();
}

Observation Process::park(const Action& action) {
  Fiber& self = *fibers_[current_];
  self.action = action;
  pool().yield_to_controller(*self.worker);
  if (killed_) throw ProcessEnded{};
  self.action = {};
  return self.observation;
}

Observation Process::act(const Action& action) {
  if (killed_ || ended_) throw ProcessEnded{};
  // The common case of replay needs no switch: the next memory is this fiber's own.
  if (replaying() && script_[cursor_].fiber == current_ && !others_ready()) {
    const Memory next = script_[cursor_++];
    assert(next.kind == Memory::Kind::observation &&
           "the process took another path than when it was recorded");
    memory_.push_back(next);
    return next.value;
  }
  return park(action);
}

std::optional<std::uint32_t> Process::recall(Memory::Kind kind, std::uint16_t tag) {
  if (killed_ || ended_) throw ProcessEnded{};
  const auto mine = std::find_if(script_.begin() + static_cast<std::ptrdiff_t>(cursor_), script_.end(),
                                 [&](const Memory& memory) { return memory.fiber == current_; });
  if (mine == script_.end() || mine->kind != kind || mine->tag != tag) return std::nullopt;
  if (script_[cursor_].fiber == current_ && !others_ready()) {
    const Memory next = script_[cursor_++];
    memory_.push_back(next);
    flags_ = next.flags;
    return next.value;
  }
  return park({ActionKind::recall, 0, 0, 0});
}

void Process::enter_scope() { fibers_[current_]->scopes.push_back(own_memories()); }

std::size_t Process::own_memories() const {
  return static_cast<std::size_t>(std::ranges::count(memory_, current_, &Memory::fiber));
}

// Other fibers' memories keep their order; only this fiber's later ones go.
void Process::forget_beyond(std::size_t own_count) {
  std::size_t own = 0;
  std::erase_if(memory_,
                [&](const Memory& memory) { return memory.fiber == current_ && own++ >= own_count; });
}

void Process::leave_scope(std::uint16_t tag, ValueId result) {
  const std::size_t start = fibers_[current_]->scopes.back();
  fibers_[current_]->scopes.pop_back();
  if (!compress_) return;
  assert(!replaying() && "a scope was left while its inside was still being replayed");
  forget_beyond(start);
  memory_.push_back({current_, Memory::Kind::scope_result, tag, flags_, result});
}

void Process::store_loop_head(std::uint16_t tag, ValueId live) {
  if (!compress_ || replaying()) return;
  const std::vector<std::size_t>& scopes = fibers_[current_]->scopes;
  forget_beyond(scopes.empty() ? 0 : scopes.back());
  memory_.push_back({current_, Memory::Kind::loop_head, tag, flags_, live});
}

void Process::wait_until(const std::function<bool()>& condition) {
  if (killed_ || ended_) throw ProcessEnded{};
  if (condition()) return;
  fibers_[current_]->condition = condition;
  park({});
}

void Process::exit() {
  ended_ = true;
  throw ProcessEnded{};
}

void Process::kill() {
  killed_ = true;
  ended_ = true;
  for (std::size_t i = 0; i < fibers_.size(); ++i) {
    Fiber& fiber = *fibers_[i];
    if (!FiberPool::finished(*fiber.worker)) {
      current_ = static_cast<FiberIndex>(i);
      pool().run(*fiber.worker);
    }
    assert(FiberPool::finished(*fiber.worker));
    pool().release(*fiber.worker);
  }
  fibers_.clear();
}

}  // namespace lockstorm::sim
