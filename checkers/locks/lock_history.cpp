#include "checkers/locks/lock_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "checkers/locks/lock_calls.hpp"
#include "checkers/locks/lock_interval.hpp"
#include "checkers/locks/lock_order.hpp"
#include "checkers/locks/overtakes.hpp"
#include "checkers/locks/plain_lock.hpp"

namespace lockstorm::checkers {
namespace {

using std::chrono::nanoseconds;

struct Hold {
  std::uint32_t process = 0;
  std::uint64_t id = 0;
  std::uint32_t line = 0;
  std::uint32_t depth = 1;
  std::optional<nanoseconds> expires;
  std::uint32_t position = 0;
  std::uint64_t granted = 0;  ///< number of the event
  /// No eviction can have ended it.
  bool is_certain = true;
};

struct Grant {
  std::int64_t token = 0;
  std::uint32_t line = 0;
  std::uint32_t process = 0;
};

// A process's call in flight, and what is remembered of its earlier ones.
struct Client {
  const LockEvent* invoked = nullptr;
  std::uint64_t acquire_number = 0;
  std::uint64_t event_number = 0;
  /// The highest token granted before the call in flight began.
  std::optional<Grant> before;
  /// Of the call in flight.
  EventType outcome = EventType::unknown;
  /// What the release in flight ended.
  std::optional<Hold> released;
  /// Another's hold at the invocation of the release in flight.
  std::optional<Hold> others;
  /// An acquire of unknown result: the process may hold the lock.
  bool may_hold = false;
  /// Ids of releases of unknown result: they may come late.
  boost::unordered_flat_set<std::uint64_t> late_releases;
};

class Sweep {
 public:
  explicit Sweep(std::span<const LockEvent> events) : events_(events), overtakes_(count_acquires(events)) {
    outcomes_.resize(events.size(), EventType::unknown);
    for (const LockCall& call : lock_calls(events)) outcomes_[call.invoked] = call.outcome;
  }

  LockReport run() {
    for (const LockEvent& event : events_) {
      ++event_number_;
      if (event.step == LockStep::crash) {
        crash(event);
      } else if (event.type == EventType::invoke) {
        invoke(event);
      } else {
        respond(event);
      }
    }
    if (orphaned_ && asked_since_orphaned_) {
      report_.never_recovered = interval(*orphaned_, orphaned_number_, events_.back());
    }
    for (const Hold& hold : holds_) note_certain(hold, kNever);
    return std::move(report_);
  }

 private:
  static std::size_t count_acquires(std::span<const LockEvent> events) {
    return static_cast<std::size_t>(std::ranges::count_if(events, [](const LockEvent& event) {
      return event.step == LockStep::acquire && event.type == EventType::invoke;
    }));
  }

  void invoke(const LockEvent& event) {
    Client& client = clients_[event.process];
    client.invoked = &event;
    client.event_number = event_number_;
    client.released.reset();
    client.others.reset();
    client.outcome = outcomes_[event_number_ - 1];
    switch (event.step) {
      case LockStep::acquire:
        client.acquire_number = acquires_++;
        client.before = highest_;
        if (orphaned_) asked_since_orphaned_ = true;
        break;
      case LockStep::release:
        if (client.outcome == EventType::unknown) client.late_releases.insert(event.id);
        if (client.outcome != EventType::fail) begin_release(client, event);
        break;
      case LockStep::evict:
        if (client.outcome != EventType::fail) begin_eviction(event);
        break;
      case LockStep::crash:
      case LockStep::write:
        break;
    }
  }

  void begin_release(Client& client, const LockEvent& event) {
    const auto own = find(event.id, event.process);
    if (own != holds_.end()) {
      client.released = *own;
      if (--own->depth == 0) end_hold(own, event);
      return;
    }
    const auto other = event.id != 0 ? find(event.id, std::nullopt) : holds_.begin();
    if (other != holds_.end() && other->is_certain && !has_expired(*other, event)) client.others = *other;
  }

  // From now on it may have taken effect.
  void begin_eviction(const LockEvent& event) {
    ++evictions_;
    for (Hold& hold : holds_) {
      if (!fits(hold.id, event.id)) continue;
      note_certain(hold, event.position);
      hold.is_certain = false;
    }
  }

  // What was held before it began is gone by now.
  void end_eviction(const Client& client, const LockEvent& event) {
    if (event.type == EventType::unknown || client.outcome == EventType::fail) return;
    --evictions_;
    last_eviction_ = event_number_;
    const std::uint64_t id = event.id != 0 ? event.id : client.invoked->id;
    std::erase_if(holds_,
                  [&](const Hold& hold) { return fits(hold.id, id) && hold.granted < client.event_number; });
  }

  void respond(const LockEvent& event) {
    Client& client = clients_[event.process];
    if (client.invoked == nullptr) return;
    if (event.step == LockStep::acquire) {
      if (event.type == EventType::ok) granted(client, event);
      if (event.type == EventType::unknown) client.may_hold = true;
    } else if (event.step == LockStep::release) {
      end_release(client, event);
    } else if (event.step == LockStep::evict) {
      end_eviction(client, event);
    }
    client.invoked = nullptr;
  }

  void end_release(Client& client, const LockEvent& event) {
    if (event.type == EventType::ok && !client.released && !client.may_hold) released_unheld(client, event);
    if (event.type == EventType::ok) client.may_hold = false;
  }

  void released_unheld(const Client& client, const LockEvent& event) {
    if (client.others && find(client.others->id, client.others->process) != holds_.end()) {
      const Hold& other = *client.others;
      add_finding(report_.findings, Anomaly::release_of_anothers_lock, [&] {
        return Finding{
            .proof = fmt::format("Process {} held the lock from its grant in line {} on. Process {} asked "
                                 "for a release in line {} and was "
                                 "told in line {} that it is done, although the lock was not its own.",
                                 other.process, other.line, event.process, client.invoked->line, event.line),
            .lines = {other.line, client.invoked->line, event.line}};
      });
      // The lock is free now, whatever its holder believes: what follows is this anomaly's consequence.
      end_hold(find(other.id, other.process), event);
    } else if (holds_.empty() && !others_may_hold()) {
      add_finding(report_.findings, Anomaly::release_of_free_lock, [&] {
        return Finding{.proof = fmt::format("Process {} asked for a release in line {} and was told in line "
                                            "{} that it is done, but it held no lock.",
                                            event.process, client.invoked->line, event.line),
                       .lines = {client.invoked->line, event.line}};
      });
    }
  }

  [[nodiscard]] bool others_may_hold() const {
    return std::ranges::any_of(clients_, [](const auto& entry) {
      const Client& client = entry.second;
      return client.may_hold || (client.invoked != nullptr && client.invoked->step == LockStep::acquire);
    });
  }

  void granted(Client& client, const LockEvent& event) {
    ++report_.grants;
    note_wait(client, event);
    note_recovery(event);
    if (event.token) check_token(client, event);
    const std::uint64_t id = event.id != 0 ? event.id : client.invoked->id;
    const auto own = find(id, event.process);
    if (own != holds_.end()) {
      ++own->depth;
      return;
    }
    drop_expired(event);
    Hold hold{.process = event.process,
              .id = id,
              .line = event.line,
              .expires = std::nullopt,
              .position = event.position,
              .granted = event_number_};
    const auto lease = event.lease ? event.lease : client.invoked->lease;
    if (lease && client.invoked->time) hold.expires = sum(*client.invoked->time, *lease);
    // It may have been granted and taken away before the answer came, or by a release that comes late.
    hold.is_certain = evictions_ == 0 && last_eviction_ <= client.event_number && !has_expired(hold, event) &&
                      !may_be_released(client, id);
    const auto first = std::ranges::find_if(holds_, [](const Hold& other) { return other.is_certain; });
    if (first != holds_.end() && hold.is_certain) overlap(*first, hold);
    holds_.push_back(hold);
  }

  static bool may_be_released(const Client& client, std::uint64_t id) {
    const auto& late = client.late_releases;
    return id == 0 ? !late.empty() : late.contains(id) || late.contains(0);
  }

  void overlap(const Hold& first, const Hold& second) {
    add_finding(report_.findings, Anomaly::overlapping_holders, [&] {
      return Finding{
          .proof = fmt::format("Process {} was granted the lock in line {} and had neither released "
                               "nor lost it when process {} "
                               "was granted it in line {}: both held it.",
                               first.process, first.line, second.process, second.line),
          .lines = {first.line, second.line}};
    });
  }

  void check_token(const Client& client, const LockEvent& event) {
    if (client.before && *event.token <= client.before->token) {
      add_finding(report_.findings, Anomaly::token_order, [&] {
        return Finding{.proof = fmt::format("Process {} was granted the lock with token {} in line {}. "
                                            "Process {} asked for it afterwards, in line {}, and "
                                            "was granted token {} in line {}, which is not higher.",
                                            client.before->process, client.before->token, client.before->line,
                                            event.process, client.invoked->line, *event.token, event.line),
                       .lines = {client.before->line, client.invoked->line, event.line}};
      });
    }
    if (!highest_ || *event.token > highest_->token)
      highest_ = Grant{*event.token, event.line, event.process};
  }

  void crash(const LockEvent& event) {
    if (end_hold(find(0, event.process), event)) {
      orphaned_ = &event;
      orphaned_number_ = event_number_;
      asked_since_orphaned_ = false;
    }
    clients_[event.process].invoked = nullptr;
  }

  void note_wait(const Client& client, const LockEvent& event) {
    const LockInterval wait = interval(*client.invoked, client.event_number, event);
    if (is_longer(wait, report_.longest_wait)) report_.longest_wait = wait;
    const std::uint64_t overtaken = overtakes_.granted(client.acquire_number);
    if (overtaken > report_.most_overtakes) {
      report_.most_overtakes = overtaken;
      report_.most_overtaken = wait;
    }
  }

  void note_recovery(const LockEvent& event) {
    if (orphaned_ == nullptr) return;
    const LockInterval recovery = interval(*orphaned_, orphaned_number_, event);
    if (is_longer(recovery, report_.slowest_recovery)) report_.slowest_recovery = recovery;
    orphaned_ = nullptr;
  }

  [[nodiscard]] LockInterval interval(const LockEvent& from, std::uint64_t from_number,
                                      const LockEvent& to) const {
    LockInterval made{from.process, from.line, to.line, event_number_ - from_number, std::nullopt};
    if (from.time && to.time) made.duration = difference(*to.time, *from.time);
    return made;
  }

  static bool fits(std::uint64_t a, std::uint64_t b) { return a == 0 || b == 0 || a == b; }

  // By id where there is one, by process where one is given.
  std::vector<Hold>::iterator find(std::uint64_t id, std::optional<std::uint32_t> process) {
    return std::ranges::find_if(holds_, [&](const Hold& hold) {
      return fits(id, hold.id) && (!process || hold.process == *process);
    });
  }

  bool end_hold(std::vector<Hold>::iterator hold, const LockEvent& event) {
    if (hold == holds_.end()) return false;
    note_certain(*hold, event.position);
    holds_.erase(hold);
    return true;
  }

  void note_certain(const Hold& hold, std::uint32_t until) {
    if (!hold.is_certain) return;
    report_.certain_holds.push_back({hold.process, hold.line, hold.position, until, hold.expires});
  }

  static bool has_expired(const Hold& hold, const LockEvent& now) {
    return hold.expires && now.time && *now.time >= *hold.expires;
  }

  void drop_expired(const LockEvent& now) {
    std::erase_if(holds_, [&](const Hold& hold) {
      if (!has_expired(hold, now)) return false;
      note_certain(hold, now.position);
      return true;
    });
  }

  // Times may be any numbers: what would be too large is the largest.
  static nanoseconds sum(nanoseconds time, nanoseconds pause) {
    return time > nanoseconds::max() - pause ? nanoseconds::max() : time + pause;
  }

  std::span<const LockEvent> events_;
  std::vector<EventType> outcomes_;  ///< [event], of invocations
  LockReport report_;
  boost::unordered_flat_map<std::uint32_t, Client> clients_;
  /// More than one only after an overlap was found.
  std::vector<Hold> holds_;
  std::optional<Grant> highest_;
  Overtakes overtakes_;
  std::uint64_t acquires_ = 0;
  std::uint64_t event_number_ = 0;
  /// That are going on, or have an unknown result.
  std::uint64_t evictions_ = 0;
  std::uint64_t last_eviction_ = 0;  ///< event at which one was over
  const LockEvent* orphaned_ = nullptr;
  std::uint64_t orphaned_number_ = 0;
  bool asked_since_orphaned_ = false;
};

std::optional<LockReport> plain_report(std::span<const LockEvent> events, const LockBeginning& beginning) {
  if (beginning.kind == InitialPart::Kind::given) return std::nullopt;
  using Lock = PlainLock<std::uint64_t, true>;
  Lock lock;
  boost::unordered_flat_map<std::uint32_t, Lock::Call> calls;  ///< [process]
  for (const LockEvent& event : events)
    if (!lock.add(event, calls[event.process], event.id)) return std::nullopt;
  return std::move(lock).report();
}

}  // namespace

LockReport check_lock_history(std::span<const LockEvent> events, const LockBeginning& beginning,
                              const SearchBudget& budget) {
  if (auto plain = plain_report(events, beginning)) return *std::move(plain);
  LockReport report = Sweep(events).run();
  LockOrder order = find_lock_order(events, beginning, budget);
  report.states = order.states;
  const auto is_of_order = [](const Finding& finding) { return finding.anomaly != Anomaly::token_order; };
  if (order.verdict == Linearizable::yes) {
    std::erase_if(report.findings, is_of_order);
  } else if (order.verdict == Linearizable::no) {
    if (std::ranges::none_of(report.findings, is_of_order))
      report.findings.push_back(*std::move(order.finding));
  } else {
    // Certain holds exclude each other whatever else there is; the rest nobody knows.
    std::erase_if(report.findings, [&](const Finding& finding) {
      return is_of_order(finding) && finding.anomaly != Anomaly::overlapping_holders;
    });
    report.why_unknown = order.why_unknown;
  }
  return report;
}

}  // namespace lockstorm::checkers
