#include "sim/process/process.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>

namespace lockstorm::sim {
namespace {

FiberPool& pool() { return FiberPool::of_this_thread(); }

}  // namespace

// Indexes of ended fibers are used again, the lowest first.
FiberIndex Process::start_fiber(std::function<void()> body) {
  std::size_t slot = 0;
  while (slot < fibers_.size() && !(slot > 0 && fibers_[slot]->ended)) ++slot;
  if (slot == kMaxFibersPerProcess) throw std::logic_error("a process has too many fibers");
  if (slot == fibers_.size()) {
    fibers_.emplace_back();
  } else {
    pool().release(fibers_[slot]->worker);
  }
  const auto index = static_cast<FiberIndex>(slot);
  fibers_[slot] = std::make_unique<Fiber>();
  Fiber& fiber = *fibers_[slot];
  fiber.body = std::move(body);
  fiber.life = static_cast<LifeId>(lives_.size());
  lives_.push_back({lives_.empty() ? 0 : fibers_[current_]->life, ++events_, false});
  fiber.worker = pool().start([this, index] {
    Fiber& self = *fibers_[index];
    self.begun = true;
    try {
      if (!killed_) self.body();
    } catch (const ProcessEnded&) {
    } catch (...) {
      failure_ = std::current_exception();
      ended_ = true;
    }
    self.ended = true;
    self.action = {};
    lives_[self.life].ended = true;
    if (index == 0) ended_ = true;
  });
  return index;
}

void Process::spawn(std::function<void()> body) {
  if (killed_ || ended_) throw ProcessEnded{};
  Fiber& fiber = *fibers_[start_fiber(std::move(body))];
  fiber.condition = [] { return true; };  // runs as soon as the spawning fiber waits
  fiber.scopes.front().start = 1;         // no loop head makes it forget that it started
}

void Process::run_fiber(FiberIndex fiber) {
  const FiberIndex previous = current_;
  current_ = fiber;
  // spawn() needs a fiber and cannot make one, as it runs inside of one. Until this one waits or ends it
  // takes at most as many as the process may have, because it gives back the ended one whose index it uses
  // again. Other processes may have taken what was idle the last time, so it is seen to every time.
  pool().reserve(kMaxFibersPerProcess);
  pool().run(fibers_[fiber]->worker);
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
      if (compress_) {
        remember(static_cast<FiberIndex>(i),
                 {.kind = fiber.begun ? Memory::Kind::resumed : Memory::Kind::started});
      }
      run_fiber(static_cast<FiberIndex>(i));
      progress = true;
    }
  }
}

void Process::replay(std::span<const Memory> memory, bool compress) {
  assert(!started_);
  started_ = true;
  compress_ = compress;
  script_.assign(memory.begin(), memory.end());
  start_fiber([this] { body_(*this); });
  run_fiber(0);
  if (!compress_ || !replaying()) run_ready_fibers();
  while (replaying() && !ended_) replay_next();
  if (ended_) kill();
}

void Process::start() {
  forgetful_ = true;
  replay({}, false);
}

// A compressed memory says when fibers that wait for each other went on; from a full history it follows.
void Process::replay_next() {
  const Memory next = script_[cursor_];
  if (next.fiber >= fibers_.size() || fibers_[next.fiber]->ended)
    throw ReplayMismatch("it remembers what a fiber saw that does not run any more");
  Fiber& fiber = *fibers_[next.fiber];
  const bool waits = static_cast<bool>(fiber.condition);
  const auto waits_for = fiber.begun ? Memory::Kind::resumed : Memory::Kind::started;
  const bool goes_on = next.kind == Memory::Kind::resumed || next.kind == Memory::Kind::started;
  if (waits != goes_on || (waits && next.kind != waits_for))
    throw ReplayMismatch(waits ? "a fiber waits for another where it remembers to have gone on"
                               : "a fiber goes on where it remembers to have waited for another");
  const bool recalls = fiber.action.kind == ActionKind::recall;
  if (!waits && recalls != (next.kind != Memory::Kind::observation))
    throw ReplayMismatch("it remembers something that does not happen where it is");
  take_up(next);
  if (waits && !fiber.condition())
    throw ReplayMismatch("a fiber remembers to have gone on, but what it waits for is not so");
  fiber.condition = nullptr;
  fiber.observation = next.value;
  run_fiber(next.fiber);
  if (!compress_ || !replaying()) run_ready_fibers();
}

void Process::remember(FiberIndex fiber, Memory memory) {
  memory.fiber = fiber;
  if (compress_ && save_shared_ && memory.shared == 0) memory.shared = save_shared_();
  if (compress_ && memory.flags == Memory::kAsTheyAre) memory.flags = flags_;
  if (compress_ && memory.kept == Memory::kAsItIs) memory.kept = kept_;
  memory_.push_back({memory, fibers_[fiber]->life});
}

// The next memory to replay, whose fiber goes on from it.
void Process::take_up(const Memory& memory) {
  ++cursor_;
  if (memory.shared != 0 && load_shared_) load_shared_(memory.shared);
  if (memory.flags != Memory::kAsTheyAre) flags_ = memory.flags;
  if (memory.kept != Memory::kAsItIs) kept_ = memory.kept;
  remember(memory.fiber, memory);
}

// What this fiber will remember next; nothing when it has remembered all.
const Memory* Process::own_next() const {
  const auto mine = std::find_if(script_.begin() + static_cast<std::ptrdiff_t>(cursor_), script_.end(),
                                 [&](const Memory& memory) { return memory.fiber == current_; });
  return mine == script_.end() ? nullptr : &*mine;
}

std::vector<Memory> Process::memory() const {
  std::vector<Memory> memories;
  memories.reserve(memory_.size());
  for (const Remembered& remembered : memory_) memories.push_back(remembered.memory);
  return memories;
}

void Process::feed(FiberIndex fiber, Observation observation) {
  assert(!compress_ && "only a process that forgets nothing can be fed");
  fibers_[fiber]->observation = observation;
  marks_.clear();
  run_fiber(fiber);
  run_ready_fibers();
  if (ended_) kill();
}

Observation Process::park(const Action& action) {
  Fiber& self = *fibers_[current_];
  self.action = action;
  pool().yield_to_controller(self.worker);
  if (killed_) throw ProcessEnded{};
  self.action = {};
  return self.observation;
}

Observation Process::act(const Action& action) {
  if (killed_ || ended_) throw ProcessEnded{};
  // The common case of replay needs no switch: the next memory is this fiber's own.
  if (is_next()) {
    const Memory next = script_[cursor_];
    if (next.kind != Memory::Kind::observation)
      throw ReplayMismatch("it waits where it remembers to have gone on");
    take_up(next);
    return next.value;
  }
  return park(action);
}

std::optional<std::uint32_t> Process::recall(Memory::Kind kind, std::uint16_t tag) {
  if (killed_ || ended_) throw ProcessEnded{};
  const Memory* mine = own_next();
  if (mine == nullptr || mine->kind != kind || mine->tag != tag ||
      mine->depth != fibers_[current_]->scopes.size()) {
    return std::nullopt;
  }
  if (is_next()) {
    const Memory next = script_[cursor_];
    take_up(next);
    return next.value;
  }
  return park({ActionKind::recall, 0, 0, 0});
}

void Process::enter_scope() {
  fibers_[current_]->scopes.push_back({.start = own_memories(), .entered = ++events_});
}

void Process::leave_scope(std::uint16_t tag, ValueId result) {
  std::vector<Scope>& scopes = fibers_[current_]->scopes;
  const Scope scope = scopes.back();
  scopes.pop_back();
  if (!may_forget(Memory::Kind::scope_result, tag)) return;
  if (replaying()) throw ReplayMismatch("it leaves a scope in which it remembers to have gone on");
  note_promise(Memory::Kind::scope_result, tag);
  forget_since(scope.start, scope.entered);
  remember(current_, {.kind = Memory::Kind::scope_result,
                      .tag = tag,
                      .flags = flags_,
                      .depth = static_cast<std::uint16_t>(scopes.size()),
                      .value = result,
                      .kept = kept_});
}

void Process::begin_loop() {
  Scope& scope = fibers_[current_]->scopes.back();
  if (scope.loop_begun == 0) scope.loop_begun = ++events_;
}

void Process::store_loop_head(std::uint16_t tag, ValueId live) {
  if (!may_forget(Memory::Kind::loop_head, tag)) return;
  if (replaying()) throw ReplayMismatch("it comes to a loop head which it remembers to have passed");
  const std::vector<Scope>& scopes = fibers_[current_]->scopes;
  note_promise(Memory::Kind::loop_head, tag);
  forget_since(scopes.back().start, scopes.back().loop_begun);
  remember(current_, {.kind = Memory::Kind::loop_head,
                      .tag = tag,
                      .flags = flags_,
                      .depth = static_cast<std::uint16_t>(scopes.size()),
                      .value = live,
                      .kept = kept_});
}

void Process::note_promise(Memory::Kind kind, std::uint16_t tag) {
  const std::pair promise(kind, tag);
  if (std::ranges::find(promises_, promise) == promises_.end()) promises_.push_back(promise);
}

std::size_t Process::own_memories() const {
  const LifeId life = fibers_[current_]->life;
  return static_cast<std::size_t>(std::ranges::count(memory_, life, &Remembered::life));
}

// This fiber forgets all but the first `start` of its memories, and fibers it started since `time`, which
// must have ended, altogether. What other fibers remember keeps its order.
void Process::forget_since(std::size_t start, std::uint32_t time) {
  const LifeId own = fibers_[current_]->life;
  std::vector<bool> gone(lives_.size());
  for (LifeId life = 1; life < lives_.size(); ++life) {
    const Life& one = lives_[life];
    gone[life] = gone[one.spawner] || (one.spawner == own && one.born > time);
    if (gone[life] && !one.ended)
      throw ReplayMismatch("a fiber that was started in what is to be forgotten still runs");
  }
  std::size_t mine = 0;
  std::erase_if(memory_, [&](const Remembered& remembered) {
    return gone[remembered.life] || (remembered.life == own && mine++ >= start);
  });
}

void Process::wait_until(const std::function<bool()>& condition) {
  if (killed_ || ended_) throw ProcessEnded{};
  const Memory* mine = compress_ ? own_next() : nullptr;
  const bool waited = mine != nullptr && mine->kind == Memory::Kind::resumed;
  if (!waited && condition()) return;
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
    if (fibers_[i] == nullptr || !fibers_[i]->worker) continue;  // there was no memory to start it with
    Fiber& fiber = *fibers_[i];
    if (!FiberPool::finished(fiber.worker)) {
      current_ = static_cast<FiberIndex>(i);
      pool().run(fiber.worker);
    }
    assert(FiberPool::finished(fiber.worker));
    pool().release(fiber.worker);
  }
  fibers_.clear();
}

}  // namespace lockstorm::sim
