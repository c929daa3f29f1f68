#include "checkers/logs/lock_weave.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <string>

namespace lockstorm::checkers::logs {
namespace {

using std::chrono::nanoseconds;

enum class Step : std::uint8_t { acquire, release, evict, write };

struct WovenCall {
  Step step{};
  std::uint32_t process = 0, number = 0;
  LogOutcome outcome{};
  nanoseconds from{}, until{};
  Value id{};
};

struct OpenLock {
  std::string run;
  std::uint32_t number = 0;
  bool is_named = false;
  Value id{};
};

class LockWeave {
 public:
  explicit LockWeave(LoggedState& state) : state_(state) {}

  void run(const std::vector<Numbered>& entries) {
    for (const Numbered& one : entries) add(one);
    if (calls_.empty() || state_.grants == 0) return;
    state_.locks = events_of(calls_);
    if (!state_.is_ordered_by_guess) return;
    if (auto loose = loosened()) state_.loose_locks = events_of(*loose);
  }

 private:
  void add(const Numbered& one) {
    const bool is_refused = one->outcome == LogOutcome::refused;
    switch (one->act) {
      case LogAct::take_lock:
        if (is_refused) {
          ++state_.refused_locks;
        } else {
          take(one);
        }
        break;
      case LogAct::free_lock:
      case LogAct::break_lock:
        if (!is_refused) free(one);
        break;
      case LogAct::write_state:
        if (!is_refused) call(one, Step::write, {});
        break;
      case LogAct::read_state:
      case LogAct::delete_state:
        break;
    }
  }

  void take(const Numbered& one) {
    if (one->outcome == LogOutcome::done) ++state_.grants;
    // Each is a lock of its own, also of one client.
    Value id = one->lock_id.empty() ? Value(std::int64_t{one.number}) : Value(one->lock_id);
    open_.push_back({one->run, one.number, !one->lock_id.empty(), id});
    call(one, Step::acquire, std::move(id));
  }

  void free(const Numbered& one) {
    const bool is_named = !one->lock_id.empty();
    const auto of_id = [&](const OpenLock& lock) { return lock.id == Value(one->lock_id); };
    const auto of_run = [&](const OpenLock& lock) { return lock.run == one->run; };
    const bool breaks = one->act == LogAct::break_lock;
    auto found = is_named ? std::ranges::find_if(open_, of_id) : std::ranges::find_if(open_, of_run);
    if (found == open_.end() && is_named)
      found =
          std::ranges::find_if(open_, [&](const OpenLock& lock) { return !lock.is_named && of_run(lock); });
    // What nobody was seen to take was there before, or never.
    if (found == open_.end() && !is_named && !open_.empty()) found = open_.end() - 1;
    if (found == open_.end()) return;
    const bool is_own = found->run == one->run && !breaks;
    if (!is_own && one->outcome == LogOutcome::done)
      state_.removals.push_back({found->number, one.number, breaks ? LogPurpose::that_lock : one->purpose});
    // Who removes another's lock, and means its own, releases what is not its own.
    const bool is_release = is_own || one->purpose == LogPurpose::own_lock;
    call(one, is_release ? Step::release : Step::evict, found->id);
    // It may not have happened: who held it may let it go again.
    if (one->outcome == LogOutcome::done) open_.erase(found);
  }

  void call(const Numbered& one, Step step, Value id) {
    const auto [process, is_new] = processes_.try_emplace(one->run, next_process_);
    if (is_new) ++next_process_;
    calls_.push_back({.step = step,
                      .process = process->second,
                      .number = one.number,
                      .outcome = one->outcome,
                      .from = one->earliest,
                      .until = one->latest,
                      .id = std::move(id)});
  }

  static bool meets(const WovenCall& call, nanoseconds from, nanoseconds until) {
    return call.from <= until && (call.outcome == LogOutcome::unknown || call.until >= from);
  }

  // Another's call may lie where the answer of this one was moved forward.
  static bool matters(const std::vector<WovenCall>& calls, const WovenCall& first, const WovenCall& next) {
    return std::ranges::any_of(calls, [&](const WovenCall& other) {
      return other.process != first.process && meets(other, next.from, first.until);
    });
  }

  // [call]: the next one of its process, or none.
  static std::vector<std::size_t> next_of(const std::vector<WovenCall>& calls) {
    std::vector<std::size_t> next(calls.size(), calls.size());
    boost::unordered_flat_map<std::uint32_t, std::size_t> last;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const auto [before, is_new] = last.try_emplace(calls[i].process, i);
      if (is_new) continue;
      next[before->second] = i;
      before->second = i;
    }
    return next;
  }

  // A client's call is answered before it makes the next one.
  History events_of(const std::vector<WovenCall>& calls) {
    const std::vector<std::size_t> next = next_of(calls);
    std::vector<std::uint32_t> phase(calls.size());
    std::vector<TimedEvent> events;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const WovenCall& call = calls[i];
      nanoseconds until = call.until;
      std::uint32_t answers = kAnswers;
      if (next[i] < calls.size() && until >= calls[next[i]].from) {
        if (matters(calls, call, calls[next[i]])) state_.is_ordered_by_guess = true;
        until = calls[next[i]].from;
        answers = until == call.from ? phase[i] + 1 : 1;
        phase[next[i]] = answers + 1;
      }
      Event event{.type = EventType::invoke, .process = call.process, .line = call.number};
      event.function = call.step == Step::acquire   ? "acquire"
                       : call.step == Step::release ? "release"
                       : call.step == Step::evict   ? "evict"
                                                    : "write";
      event.value = call.step == Step::write
                        ? Value(Value::Fields{{"writer", Value(std::int64_t{call.number})},
                                              {"serial", Value(static_cast<std::int64_t>(i))}})
                        : Value(Value::Fields{{"id", call.id}});
      Event answer = event;
      answer.type = call.outcome == LogOutcome::done ? EventType::ok : EventType::unknown;
      events.push_back({call.from, phase[i], std::move(event)});
      events.push_back({until, answers, std::move(answer)});
    }
    return in_order(std::move(events));
  }

  // Where some order of a client's requests was chosen: writes are left out, and locks are let go by nobody
  // in particular, under their ids. Nothing where a client took two locks in such an order.
  std::optional<std::vector<WovenCall>> loosened() const {
    std::vector<WovenCall> calls = calls_;
    std::vector<bool> is_left_out(calls.size());
    // [process]: its calls so far that are still its own.
    boost::unordered_flat_map<std::uint32_t, std::vector<std::size_t>> own;
    std::uint32_t nobody = next_process_;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      std::vector<std::size_t>& before = own[calls_[i].process];
      bool is_own = true;
      while (is_own && !before.empty() && calls_[before.back()].until >= calls_[i].from &&
             matters(calls_, calls_[before.back()], calls_[i])) {
        const bool is_first = calls[before.back()].step == Step::write ||
                              (calls[i].step == Step::acquire && calls[before.back()].step != Step::acquire);
        const std::size_t one = is_first ? before.back() : i;
        if (calls[one].step == Step::acquire) return std::nullopt;
        is_left_out[one] = calls[one].step == Step::write;
        if (!is_left_out[one]) calls[one].step = Step::evict, calls[one].process = nobody++;
        is_first ? before.pop_back() : void(is_own = false);
      }
      if (is_own) before.push_back(i);
    }
    std::vector<WovenCall> kept;
    for (std::size_t i = 0; i < calls.size(); ++i)
      if (!is_left_out[i]) kept.push_back(std::move(calls[i]));
    return kept;
  }

  LoggedState& state_;
  std::vector<WovenCall> calls_;
  std::vector<OpenLock> open_;
  boost::unordered_flat_map<std::string, std::uint32_t> processes_;
  std::uint32_t next_process_ = 0;
};

}  // namespace

void weave_locks(const std::vector<Numbered>& entries, LoggedState& state) { LockWeave(state).run(entries); }

}  // namespace lockstorm::checkers::logs
