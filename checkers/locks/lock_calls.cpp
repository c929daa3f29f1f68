#include "checkers/locks/lock_calls.hpp"

namespace lockstorm::checkers {

std::vector<LockCall> lock_calls(std::span<const LockEvent> events) {
  std::vector<LockCall> calls;
  boost::unordered_flat_map<std::uint32_t, std::size_t> waiting;
  for (std::uint32_t index = 0; index < events.size(); ++index) {
    const LockEvent& event = events[index];
    if (event.step == LockStep::crash) {
      waiting.erase(event.process);
    } else if (event.type == EventType::invoke) {
      waiting[event.process] = calls.size();
      calls.push_back({.invoked = index});
    } else if (const auto call = waiting.find(event.process); call != waiting.end()) {
      calls[call->second].outcome = event.type;
      calls[call->second].answered = index;
      waiting.erase(call);
    }
  }
  return calls;
}

std::uint64_t id_of(std::span<const LockEvent> events, const LockCall& call) {
  const std::uint64_t told = call.answered == kNever ? 0 : events[call.answered].id;
  return told != 0 ? told : events[call.invoked].id;
}

std::uint64_t holder_told(std::span<const LockEvent> events, const LockCall& call) {
  const std::uint64_t told = call.answered == kNever ? 0 : events[call.answered].id;
  return told != events[call.invoked].id ? told : 0;
}

AcquiredIds::AcquiredIds(std::span<const LockEvent> events, std::span<const LockCall> calls) {
  for (const LockCall& call : calls)
    if (events[call.invoked].step == LockStep::acquire && call.outcome != EventType::fail)
      ++times_[id_of(events, call)];
}

}  // namespace lockstorm::checkers
