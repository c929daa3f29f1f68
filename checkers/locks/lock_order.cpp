#include "checkers/locks/lock_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <limits>
#include <tuple>

#include "checkers/linearizability/shared_budget.hpp"
#include "checkers/locks/lock_beginnings.hpp"
#include "checkers/locks/lock_calls.hpp"
#include "checkers/models/held_lock.hpp"

namespace lockstorm::checkers {
namespace {

using models::HeldLock;
using models::HeldLockOperation;
using Kind = HeldLockOperation::Kind;
using std::chrono::nanoseconds;

// Where within an event something lies: a lease has ended before the event that is late enough, and what can
// matter no more is closed after the event that shows it.
enum class At : std::uint8_t { before, event, after };
struct Place {
  std::uint32_t event = 0;
  At at = At::event;
};

struct Placed {
  HeldLockOperation operation;
  Place from;
  std::optional<Place> until;  ///< nothing: it may happen at any later time, or never
  std::uint32_t event = 0;     ///< that tells of it
};

// Of the grants that were asked for after a moment, those that were answered first, of two processes.
struct NextGrants {
  struct Grant {
    std::uint32_t answered = kNever, process = 0;
  };
  std::array<Grant, 2> first{};

  void note(Grant grant) {
    if (first[0].process == grant.process && first[0].answered != kNever) {
      first[0].answered = std::min(first[0].answered, grant.answered);
    } else if (grant.answered < first[0].answered) {
      first[1] = std::exchange(first[0], grant);
    } else if (grant.answered < first[1].answered) {
      first[1] = grant;
    }
  }
  /// kNever: there is none.
  [[nodiscard]] std::uint32_t of_another_than(std::uint32_t process) const {
    if (first[0].answered == kNever) return kNever;
    return first[0].process != process ? first[0].answered : first[1].answered;
  }
};

// No lock has it.
constexpr std::uint64_t kAnyId = std::numeric_limits<std::uint64_t>::max();

class Reader {
 public:
  Reader(std::span<const LockEvent> events, std::span<const LockCall> calls)
      : events_(events), calls_(calls), acquired_(events, calls) {
    look_ahead();
  }

  /// `beginning`: the id that was held; 0 for none.
  std::vector<Placed> read(std::uint64_t beginning) {
    begins_held_ = beginning != 0;
    placed_.clear(), holders_.clear(), granted_.clear();
    if (has_lease_ && begins_held_)
      placed_.push_back(
          {.operation = {.kind = Kind::lapse}, .from = {0, At::before}, .until = {}, .event = 0});
    std::size_t next_call = 0;
    for (std::uint32_t index = 0; index < events_.size(); ++index) {
      if (events_[index].step == LockStep::crash) add_crash(index);
      if (next_call < calls_.size() && calls_[next_call].invoked == index) add(calls_[next_call++]);
    }
    return std::move(placed_);
  }

 private:
  [[nodiscard]] const LockEvent* answer_of(const LockCall& call) const {
    return call.answered == kNever ? nullptr : &events_[call.answered];
  }
  [[nodiscard]] std::uint64_t id_of(const LockCall& call) const { return checkers::id_of(events_, call); }

  void look_ahead() {
    for (const LockCall& call : calls_) {
      const LockEvent& invoked = events_[call.invoked];
      if (invoked.step == LockStep::release && call.outcome == EventType::ok)
        last_release_[invoked.process] = call.invoked;
      if (invoked.step != LockStep::acquire || call.outcome == EventType::fail) continue;
      const LockEvent* answer = answer_of(call);
      has_lease_ = has_lease_ || invoked.lease || (answer != nullptr && answer->lease);
    }
    note_last_grants();
    next_grants_.resize(events_.size() + 1);
    auto call = calls_.rbegin();
    for (std::size_t index = events_.size(); index-- > 0;) {
      next_grants_[index] = next_grants_[index + 1];
      if (call == calls_.rend() || call->invoked != index) continue;
      if (events_[index].step == LockStep::acquire && call->outcome == EventType::ok)
        next_grants_[index].note({call->answered, events_[index].process});
      ++call;
    }
    has_crash_ =
        std::ranges::any_of(events_, [](const LockEvent& event) { return event.step == LockStep::crash; });
    for (std::uint32_t index = 0; index < events_.size(); ++index)
      if (events_[index].time) times_.push_back({*events_[index].time, index});
  }

  void note_last_grants() {
    for (const LockCall& call : calls_) {
      const LockEvent& invoked = events_[call.invoked];
      if (invoked.step != LockStep::acquire || call.outcome == EventType::fail) continue;
      if (call.outcome == EventType::unknown && !explains_a_release(call)) continue;
      for (const std::uint64_t id : {id_of(call), kAnyId}) {
        // One that comes late comes last.
        auto& last = last_grants_.try_emplace({invoked.process, id}, call.answered).first->second;
        if (last != kNever) last = call.outcome == EventType::unknown ? kNever : call.answered;
      }
    }
  }

  // What an acquire of unknown result is needed for.
  [[nodiscard]] bool explains_a_release(const LockCall& acquire) const {
    const auto last = last_release_.find(events_[acquire.invoked].process);
    return last != last_release_.end() && last->second > acquire.invoked;
  }

  HeldLockOperation operation(Kind kind, std::uint32_t process, std::uint64_t id) const {
    return {.kind = kind,
            .process = kind == Kind::evict || kind == Kind::refusal ? 0 : process,
            .id = id,
            .was_before = acquired_.is_foreign(id) && !acquired_.has_anonymous(),
            .number = 0};
  }

  [[nodiscard]] HeldLockOperation numbered(Kind kind, std::uint32_t process, std::uint64_t id,
                                           std::uint32_t event) const {
    HeldLockOperation made = operation(kind, process, id);
    if (has_lease_ || has_crash_) made.number = event + 1;
    return made;
  }

  void add(const LockCall& call) {
    const LockEvent& invoked = events_[call.invoked];
    switch (invoked.step) {
      case LockStep::acquire:
        return add_acquire(call, invoked);
      case LockStep::release:
        return add_release(call, invoked);
      case LockStep::evict:
        return add_evict(call, invoked);
      case LockStep::write:
        return place(call, operation(Kind::write, invoked.process, 0), answer(call));
      case LockStep::crash:
        return;
    }
  }

  void place(const LockCall& call, const HeldLockOperation& operation, std::optional<Place> until) {
    placed_.push_back({operation, {call.invoked, At::event}, until, call.invoked});
  }
  static Place answer(const LockCall& call) { return {call.answered, At::event}; }

  void add_acquire(const LockCall& call, const LockEvent& invoked) {
    const std::uint64_t id = id_of(call);
    if (call.outcome == EventType::fail) {
      const HeldLockOperation refusal = operation(Kind::refusal, 0, holder_told(events_, call));
      if (refusal.was_before) place(call, refusal, answer(call));
      return;
    }
    Holder& holder = holders_[invoked.process];
    ++holder.most;
    if (call.outcome == EventType::unknown) {
      if (explains_a_release(call))
        place(call, numbered(Kind::acquire, invoked.process, id, call.invoked), std::nullopt);
      return;
    }
    place(call, numbered(Kind::acquire, invoked.process, id, call.invoked), answer(call));
    holder.granted = call.answered;
    granted_[id] = {call.answered, invoked.process};
    const LockEvent& told = events_[call.answered];
    const auto lease = told.lease ? told.lease : invoked.lease;
    if (lease && invoked.time) add_expiry(call, later(*invoked.time, *lease), id);
  }

  static nanoseconds later(nanoseconds time, nanoseconds pause) {
    return time > nanoseconds::max() - pause ? nanoseconds::max() : time + pause;
  }

  void add_expiry(const LockCall& call, nanoseconds expires, std::uint64_t id) {
    const auto late = std::ranges::lower_bound(times_, expires, {}, &Timed::time);
    if (late == times_.end()) return;
    const std::uint32_t from = std::max(late->event, call.invoked);
    close(numbered(Kind::expiry, events_[call.invoked].process, id, call.invoked),
          {from, from == call.invoked ? At::event : At::before}, call.invoked,
          over_after(call.answered, events_[call.invoked].process));
  }

  // By when a hold that was granted then is over in every order: another asked later and has been granted the
  // lock.
  [[nodiscard]] std::uint32_t over_after(std::uint32_t granted, std::uint32_t process) const {
    return next_grants_[granted].of_another_than(process);
  }

  // What can do something from one event on, and nothing any more from another one on.
  void close(const HeldLockOperation& operation, Place from, std::uint32_t event, std::uint32_t over) {
    if (over != kNever && over < from.event) return;
    std::optional<Place> until;
    if (over != kNever) until = Place{over, At::after};
    placed_.push_back({operation, from, until, event});
  }

  void add_release(const LockCall& call, const LockEvent& invoked) {
    if (call.outcome == EventType::fail) return;
    Holder& holder = holders_[invoked.process];
    const std::uint64_t id = id_of(call);
    if (call.outcome == EventType::ok) {
      if (holder.most > 0) --holder.most;
      place(call, operation(Kind::release, invoked.process, id), answer(call));
      return;
    }
    HeldLockOperation release = operation(Kind::may_release, invoked.process, id);
    release.was_before = false;
    close(release, {call.invoked, At::event}, call.invoked, last_use(call, id));
  }

  // By when nothing is left that a release of unknown result can end: it may come late, and meet what its
  // process holds by then.
  [[nodiscard]] std::uint32_t last_use(const LockCall& release, std::uint64_t id) const {
    const std::uint32_t process = events_[release.invoked].process;
    std::uint32_t granted = kNever;
    for (const std::uint64_t of : {id == 0 ? kAnyId : id, std::uint64_t{0}}) {
      const auto last = last_grants_.find({process, of});
      if (last == last_grants_.end()) continue;
      if (last->second == kNever) return kNever;
      granted = granted == kNever ? last->second : std::max(granted, last->second);
    }
    if (granted == kNever) granted = release.invoked;
    return over_after(begins_held_ ? std::max(granted, release.invoked) : granted, process);
  }

  void add_evict(const LockCall& call, const LockEvent& invoked) {
    if (call.outcome == EventType::fail) return;
    const std::uint64_t id = id_of(call);
    HeldLockOperation evict = operation(Kind::evict, invoked.process, id);
    if (call.outcome == EventType::ok) return place(call, evict, answer(call));
    evict.was_before = false;
    const auto grant = granted_.find(id);
    const bool is_of_one =
        id != 0 && !acquired_.has_anonymous() && grant != granted_.end() && acquired_.times(id) == 1;
    close(evict, {call.invoked, At::event}, call.invoked,
          is_of_one ? over_after(grant->second.answered, grant->second.process) : kNever);
  }

  void add_crash(std::uint32_t index) {
    const std::uint32_t process = events_[index].process;
    Holder& holder = holders_[process];
    if (holder.most == 0 && !begins_held_) return;
    const bool is_known = holder.granted != kNever && !begins_held_;
    close(numbered(Kind::death, process, 0, index), {index, At::event}, index,
          over_after(is_known ? holder.granted : index, process));
    holder.most = 0;
  }

  struct Holder {
    std::uint32_t most = 0;          ///< how often it can have entered
    std::uint32_t granted = kNever;  ///< when last
  };
  struct Granted {
    std::uint32_t answered = 0, process = 0;
  };
  struct Timed {
    nanoseconds time{};
    std::uint32_t event = 0;
  };

  std::span<const LockEvent> events_;
  std::span<const LockCall> calls_;
  AcquiredIds acquired_;
  std::vector<Placed> placed_;
  std::vector<NextGrants> next_grants_;  ///< [event]
  std::vector<Timed> times_;
  boost::unordered_flat_map<std::uint64_t, Granted> granted_;  ///< [id]
  /// [process, id]: when the last one was answered; kNever: it may come at any time.
  boost::unordered_flat_map<std::pair<std::uint32_t, std::uint64_t>, std::uint32_t> last_grants_;
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> last_release_;  ///< [process]
  boost::unordered_flat_map<std::uint32_t, Holder> holders_;              ///< [process]
  bool has_lease_ = false, has_crash_ = false, begins_held_ = false;
};

// Numbers for the places, no two alike.
std::vector<Interval<HeldLock>> intervals_of(const std::vector<Placed>& placed) {
  struct Moment {
    Place place;
    std::uint32_t interval;
    bool is_completion;
  };
  std::vector<Moment> moments;
  moments.reserve(2 * placed.size());
  for (std::uint32_t i = 0; i < placed.size(); ++i) {
    moments.push_back({placed[i].from, i, false});
    if (placed[i].until) moments.push_back({*placed[i].until, i, true});
  }
  std::ranges::sort(moments, {}, [](const Moment& moment) {
    return std::tuple(moment.place.event, moment.place.at, moment.is_completion, moment.interval);
  });
  std::vector<Interval<HeldLock>> intervals;
  intervals.reserve(placed.size());
  for (const Placed& one : placed) intervals.push_back({0, kNever, one.operation});
  for (std::uint32_t number = 0; number < moments.size(); ++number) {
    auto& interval = intervals[moments[number].interval];
    (moments[number].is_completion ? interval.completed : interval.invoked) = number;
  }
  return intervals;
}

std::string describe(const Placed& placed, std::span<const LockEvent> events) {
  const LockEvent& event = events[placed.event];
  const auto what = [&]() -> std::string_view {
    switch (placed.operation.kind) {
      case Kind::acquire:
        return "acquire";
      case Kind::release:
      case Kind::may_release:
        return "release";
      case Kind::evict:
        return "eviction";
      case Kind::death:
        return "death";
      case Kind::expiry:
        return "lease's end";
      case Kind::lapse:
        return "lease's end (of the hold at the beginning)";
      case Kind::refusal:
        return "refusal, which names a holder";
      case Kind::write:
        return "write";
    }
    return {};
  };
  return fmt::format("process {}'s {} (line {})", event.process, what(), event.line);
}

Finding prove(const std::vector<Placed>& placed, std::span<const LockEvent> events,
              const LinearizabilityResult& result) {
  Finding finding{Anomaly::not_linearizable, {}, {}, 1};
  const auto& prefix = result.longest_prefix;
  if (prefix.empty()) {
    finding.proof = "None of what happened to the lock can have come first.";
  } else {
    finding.proof =
        fmt::format("At most {} of {} steps of the lock can be put in an order, the last of them {}.",
                    prefix.size(), placed.size(), describe(placed[prefix.back()], events));
    finding.lines.push_back(events[placed[prefix.back()].event].line);
  }
  for (const NextOperation& next : result.next) {
    const Placed& one = placed[next.operation];
    finding.lines.push_back(events[one.event].line);
    fmt::format_to(std::back_inserter(finding.proof), " Next cannot be {}: {}.", describe(one, events),
                   next.why_not);
  }
  return finding;
}

LinearizabilityResult search(const std::vector<Interval<HeldLock>>& intervals, const HeldLock& model,
                             const linearizability::Spending& spending) {
  const std::span<const Interval<HeldLock>> span(intervals);
  // A lock has few states and few who ask at once: all orders at a time, before one after the other.
  const std::size_t half = spending.max_states / 2;
  LinearizabilityResult result = linearizability::search_just_in_time(span, model, {spending.budget, half});
  if (result.verdict != Linearizable::unknown) return result;
  const std::size_t states = result.states;
  result =
      linearizability::DepthFirstSearch<HeldLock>(span, model, {spending.budget, spending.max_states - half})
          .run();
  result.states += states;
  return result;
}

}  // namespace

LockOrder find_lock_order(std::span<const LockEvent> events, const LockBeginning& beginning,
                          const SearchBudget& budget) {
  const std::vector<LockCall> calls = lock_calls(events);
  Reader reader(events, calls);
  const std::vector<std::uint64_t> beginnings = lock_beginnings(events, calls, beginning);
  LockOrder order{.verdict = Linearizable::no, .why_unknown = {}, .states = 0, .finding = std::nullopt};
  linearizability::SharedBudget shared(budget, beginnings.size());
  for (const std::uint64_t id : beginnings) {
    const std::vector<Placed> placed = reader.read(id);
    const LinearizabilityResult result = search(intervals_of(placed), HeldLock(id), shared.next());
    shared.spent(result.states);
    order.states += result.states;
    if (result.verdict == Linearizable::yes) {
      order.verdict = Linearizable::yes;
      return order;
    }
    if (result.verdict == Linearizable::unknown) {
      order.verdict = Linearizable::unknown;
      order.why_unknown = shared.told(result.why_unknown);
    } else if (!order.finding) {
      order.finding = prove(placed, events, result);
    }
  }
  return order;
}

}  // namespace lockstorm::checkers
