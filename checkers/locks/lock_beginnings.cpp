#include "checkers/locks/lock_beginnings.hpp"

#include <algorithm>

namespace lockstorm::checkers {
namespace {

// An id that nobody is told to have acquired, by what names it.
struct Foreign {
  std::uint64_t id = 0;
  /// A release or eviction that took effect or an acquire that was refused.
  bool is_certain = false;
  /// When the first of its releases that took effect was asked for; kNever: there is none.
  std::uint32_t released = kNever;
  /// When the first of its evictions that took effect was over; kNever: there is none.
  std::uint32_t evicted = kNever;
};

std::vector<Foreign> foreign_ids(std::span<const LockEvent> events, std::span<const LockCall> calls,
                                 const AcquiredIds& acquired) {
  std::vector<Foreign> found;
  boost::unordered_flat_map<std::uint64_t, std::size_t> numbers;
  for (const LockCall& call : calls) {
    const LockStep step = events[call.invoked].step;
    const bool is_refusal = step == LockStep::acquire && call.outcome == EventType::fail;
    const bool is_end =
        (step == LockStep::release || step == LockStep::evict) && call.outcome != EventType::fail;
    if (!is_refusal && !is_end) continue;
    const std::uint64_t id = is_refusal ? holder_told(events, call) : id_of(events, call);
    if (!acquired.is_foreign(id)) continue;
    const auto [position, is_new] = numbers.try_emplace(id, found.size());
    if (is_new) found.push_back({.id = id});
    Foreign& one = found[position->second];
    one.is_certain = one.is_certain || call.outcome != EventType::unknown;
    if (call.outcome != EventType::ok) continue;
    if (step == LockStep::release) one.released = std::min(one.released, call.invoked);
    if (step == LockStep::evict) one.evicted = std::min(one.evicted, call.answered);
  }
  return found;
}

// By when a grant or a release took effect: until then the hold at the beginning was over, or that release
// ended it.
std::uint32_t first_effect(std::span<const LockEvent> events, std::span<const LockCall> calls) {
  std::uint32_t first = kNever;
  for (const LockCall& call : calls) {
    const LockStep step = events[call.invoked].step;
    if ((step == LockStep::acquire || step == LockStep::release) && call.outcome == EventType::ok)
      first = std::min(first, call.answered);
  }
  return first;
}

// A hold at the beginning explains more than a free lock only where a release that took effect ends it: what
// else may end it is possible on a free lock, too.

// Nobody can have acquired what is named. What certainly was there is the only beginning; two such contradict
// each other, whichever is tried. Else only calls of unknown result name ids, and the release that ends the
// hold is one without an id, which ends any.
std::vector<std::uint64_t> where_all_say_what_they_acquire(const std::vector<Foreign>& foreign) {
  const auto certain = std::ranges::find(foreign, true, &Foreign::is_certain);
  if (certain != foreign.end()) return {certain->id};
  return {0, foreign.front().id};
}

// What is named may be somebody's who did not say what he acquired. A release that names the id and ends the
// hold at the beginning was asked for before anything else could take effect. One without an id ends any;
// then ids differ in nothing but evictions that must not have met the hold. Of those the last is as good as
// any, for it can come right after the end of the hold wherever another can.
std::vector<std::uint64_t> where_some_do_not(const std::vector<Foreign>& foreign, std::uint32_t effect) {
  std::vector<std::uint64_t> found{0};
  const auto last = std::ranges::max_element(foreign, {}, &Foreign::evicted);
  for (const Foreign& one : foreign)
    if (one.released < effect || one.id == last->id) found.push_back(one.id);
  return found;
}

}  // namespace

std::vector<std::uint64_t> lock_beginnings(std::span<const LockEvent> events, std::span<const LockCall> calls,
                                           const LockBeginning& said) {
  if (said.kind == InitialPart::Kind::given) return {said.id};
  if (said.kind == InitialPart::Kind::absent) return {0};
  const AcquiredIds acquired(events, calls);
  const std::vector<Foreign> foreign = foreign_ids(events, calls, acquired);
  if (foreign.empty()) return {0};
  return acquired.has_anonymous() ? where_some_do_not(foreign, first_effect(events, calls))
                                  : where_all_say_what_they_acquire(foreign);
}

}  // namespace lockstorm::checkers
