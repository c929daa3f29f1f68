#include "checkers/locks/guarded_writes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace lockstorm::checkers {
namespace {

// Until after the write was answered, as far as times go too.
bool lasts(const CertainHold& hold, const Call& write, const Event& answer) {
  const bool may_have_expired = hold.expires && (!answer.time || *answer.time >= *hold.expires);
  return hold.until >= write.completed && !may_have_expired;
}

std::optional<Finding> find_unguarded_write(const History& history, std::span<const Call> writes,
                                            std::span<const CertainHold> holds) {
  std::vector<CertainHold> by_start(holds.begin(), holds.end());
  std::ranges::sort(by_start, {}, &CertainHold::from);
  std::vector<Finding> found;
  for (const Call& write : writes) {
    if (write.outcome != EventType::ok) continue;
    const auto after = std::ranges::upper_bound(by_start, write.invoked, {}, &CertainHold::from);
    if (after == by_start.begin()) continue;
    const CertainHold& hold = *std::prev(after);
    const Event &invoked = history[write.invoked], &answer = history[write.completed];
    if (hold.process == invoked.process || !lasts(hold, write, answer)) continue;
    add_finding(found, Anomaly::write_under_anothers_lock, [&] {
      return Finding{
          .proof = fmt::format("Process {} was granted the lock in line {} and held it until after line {}. "
                               "Process {} began a {} in line {} and was told in line {} that it is done.",
                               hold.process, hold.line, answer.line, invoked.process, invoked.function,
                               invoked.line, answer.line),
          .lines = {hold.line, invoked.line, answer.line}};
    });
  }
  if (found.empty()) return std::nullopt;
  return found.front();
}

// The lock's events with those of the acknowledged writes, as they stand in the history.
std::vector<LockEvent> with_writes(const History& history, std::span<const Call> writes,
                                   const LockHistory& lock) {
  std::vector<LockEvent> events = lock.events;
  for (const Call& write : writes) {
    if (write.outcome != EventType::ok) continue;
    for (const std::uint32_t position : {write.invoked, write.completed}) {
      const Event& event = history[position];
      LockEvent made;
      made.type = event.type, made.step = LockStep::write;
      made.process = event.process, made.line = event.line;
      made.time = event.time;
      made.position = position;
      events.push_back(made);
    }
  }
  std::ranges::sort(events, {}, &LockEvent::position);
  return events;
}

}  // namespace

bool is_write(const History& history, const Call& call) {
  const Event& invoked = history[call.invoked];
  const std::string_view f = invoked.function;
  if (f != "txn") return f == "write" || f == "put" || f == "append" || f == "cas";
  const Event& source = call.completed == kNever ? invoked : history[call.completed];
  const auto* steps = source.value.list();
  return steps != nullptr && std::ranges::any_of(*steps, [](const Value& step) {
           const auto* parts = step.list();
           return parts != nullptr && !parts->empty() &&
                  (parts->front() == Value("w") || parts->front() == Value("write") ||
                   parts->front() == Value("append"));
         });
}

LockOrder find_guarded_order(const History& history, std::span<const Call> writes, const LockHistory& lock,
                             std::span<const CertainHold> holds, const SearchBudget& budget) {
  LockOrder order = find_lock_order(with_writes(history, writes, lock), lock.beginning, budget);
  if (order.verdict != Linearizable::no) return order;
  if (auto told = find_unguarded_write(history, writes, holds)) {
    order.finding = *std::move(told);
  } else {
    order.finding->anomaly = Anomaly::write_under_anothers_lock;
    order.finding->proof =
        "The lock's steps can be put in an order, but in none can each write that was acknowledged happen "
        "while "
        "no other process holds the lock. " +
        order.finding->proof;
  }
  return order;
}

}  // namespace lockstorm::checkers
