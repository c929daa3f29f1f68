// Follows one lock event by event for as long as the simplest account explains what happens to it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "checkers/locks/lock_history.hpp"
#include "checkers/locks/lock_interval.hpp"

namespace lockstorm::checkers {

/// The account: the lock is free at first, each grant took effect at its answer and each release when it was
/// asked for, and acquires of unknown result never happened. That is an order in which everything may have
/// happened, so while it holds nothing has to be searched for and nothing of the past has to be kept. Most
/// histories of locks are like this to their ends; of the others `find_lock_order` knows.
///
/// `Id`: what grants are called, compared for equality; a default one is none. With `kKeepsHolds` the report
/// has the holds, one for each grant; leases are not spoken of then.
template <class Id, bool kKeepsHolds>
class PlainLock {
 public:
  /// What is remembered of a process while its call waits.
  struct Call {
    bool waits = false;
    LockStep step{};
    std::uint32_t line = 0;
    std::uint64_t asked = 0;   ///< of an acquire: how many asked before
    std::uint64_t number = 0;  ///< of its event
    std::optional<std::chrono::nanoseconds> time;
    std::optional<std::int64_t> highest_before;  ///< token
    Id id{};
  };

  /// Events of the lock in their order; `call` is that of the event's process, `id` what the event names.
  /// False: the account does not hold any more, or does not speak of such events; then nothing here counts.
  bool add(const LockEvent& event, Call& call, const Id& id) {
    ++events_;
    if (event.step != LockStep::acquire && event.step != LockStep::release) return false;
    if (kKeepsHolds && event.lease) return false;
    const bool is_invoked = event.type == EventType::invoke;
    if (std::exchange(call.waits, is_invoked) == is_invoked) return false;
    if (is_invoked) return invoke(event, call, id);
    if (event.step != call.step) return false;
    if (event.step == LockStep::acquire) return answer(event, call, id);
    return event.type == EventType::ok && (id == Id() || id == call.id);
  }

  [[nodiscard]] const LockReport& report() const& { return report_; }
  [[nodiscard]] LockReport report() && { return std::move(report_); }
  [[nodiscard]] std::uint64_t calls() const { return calls_; }

 private:
  struct Waiting {
    std::uint64_t asked = 0, overtaken = 0;
  };
  /// Each grant looks at all that wait.
  static constexpr std::size_t kMostWait = 1024;

  bool invoke(const LockEvent& event, Call& call, const Id& id) {
    ++calls_;
    call.step = event.step;
    call.line = event.line;
    call.number = events_;
    call.time = event.time;
    call.id = id;
    if (event.step == LockStep::release) return release(event, id);
    call.highest_before = highest_token_;
    call.asked = acquires_++;
    waiting_.push_back({call.asked, 0});
    return waiting_.size() <= kMostWait;
  }

  bool release(const LockEvent& event, const Id& id) {
    if (!is_held_ || holder_ != event.process || !(id == Id() || id == held_)) return false;
    is_held_ = false;
    std::swap(released_, held_);
    if (kKeepsHolds) report_.certain_holds.back().until = event.position;
    return true;
  }

  bool answer(const LockEvent& event, const Call& call, const Id& id) {
    const auto waiting = std::ranges::lower_bound(waiting_, call.asked, {}, &Waiting::asked);
    const Waiting asked = *waiting;
    waiting_.erase(waiting);
    if (event.type == EventType::ok) return grant(event, call, id, asked);
    // Whom a refusal names has held the lock; else he may have held it at the beginning.
    const bool names_another = event.type == EventType::fail && !(id == Id()) && !(id == call.id);
    return !names_another || (is_held_ && id == held_) || id == released_;
  }

  bool grant(const LockEvent& event, const Call& call, const Id& id, const Waiting& asked) {
    const bool is_lower = event.token && call.highest_before && *event.token <= *call.highest_before;
    if (is_held_ || is_lower) return false;
    if (event.token) highest_token_ = std::max(event.token, highest_token_);
    is_held_ = true;
    holder_ = event.process;
    held_ = id == Id() ? call.id : id;
    ++report_.grants;
    note_wait(event, call, asked);
    for (Waiting& one : waiting_) {
      if (one.asked > asked.asked) break;
      ++one.overtaken;
    }
    if (kKeepsHolds)
      report_.certain_holds.push_back({.process = event.process,
                                       .line = event.line,
                                       .from = event.position,
                                       .until = kNever,
                                       .expires = std::nullopt});
    return true;
  }

  void note_wait(const LockEvent& event, const Call& call, const Waiting& asked) {
    LockInterval wait{event.process, call.line, event.line, events_ - call.number, std::nullopt};
    if (call.time && event.time) wait.duration = difference(*event.time, *call.time);
    if (is_longer(wait, report_.longest_wait)) report_.longest_wait = wait;
    if (asked.overtaken > report_.most_overtakes) {
      report_.most_overtakes = asked.overtaken;
      report_.most_overtaken = wait;
    }
  }

  LockReport report_;
  /// Acquires, by when they asked.
  std::vector<Waiting> waiting_;
  std::uint64_t events_ = 0, calls_ = 0, acquires_ = 0;
  bool is_held_ = false;
  std::uint32_t holder_ = 0;
  /// By the grant now, and by the one before.
  Id held_{}, released_{};
  std::optional<std::int64_t> highest_token_;
};

}  // namespace lockstorm::checkers
