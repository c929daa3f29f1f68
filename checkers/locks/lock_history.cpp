#include "checkers/locks/lock_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>

#include "checkers/locks/overtakes.hpp"

namespace lockstorm::checkers {
namespace {

using std::chrono::nanoseconds;

struct Hold {
  std::uint32_t process = 0;
  std::uint64_t id = 0;
  std::uint32_t line = 0;
  std::uint32_t depth = 1;
  std::optional<nanoseconds> expires;
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
  /// What the release in flight ended; back where it fails.
  std::optional<Hold> released;
  /// Another's hold at the invocation of the release in flight.
  std::optional<Hold> others;
  /// An acquire of unknown result: the process may hold the lock.
  bool may_hold = false;
};

class Sweep {
 public:
  explicit Sweep(std::span<const LockEvent> events) : events_(events), overtakes_(count_acquires(events)) {}

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
    switch (event.step) {
      case LockStep::acquire:
        client.acquire_number = acquires_++;
        client.before = highest_;
        if (orphaned_) asked_since_orphaned_ = true;
        break;
      case LockStep::release:
        begin_release(client, event);
        break;
      case LockStep::evict:
        end_hold(event.id, std::nullopt);
        break;
      case LockStep::crash:
        break;
    }
  }

  void begin_release(Client& client, const LockEvent& event) {
    const auto own = find(event.id, event.process);
    if (own != holds_.end()) {
      client.released = *own;
      if (--own->depth == 0) holds_.erase(own);
      return;
    }
    const auto other = event.id != 0 ? find(event.id, std::nullopt) : holds_.begin();
    if (other != holds_.end() && !has_expired(*other, event)) client.others = *other;
  }

  void respond(const LockEvent& event) {
    Client& client = clients_[event.process];
    if (client.invoked == nullptr) return;
    if (event.step == LockStep::acquire) {
      if (event.type == EventType::ok) granted(client, event);
      if (event.type == EventType::unknown) client.may_hold = true;
    } else if (event.step == LockStep::release) {
      end_release(client, event);
    }
    client.invoked = nullptr;
  }

  void end_release(Client& client, const LockEvent& event) {
    if (event.type == EventType::fail && client.released) {
      restore(*client.released, event);
    } else if (event.type == EventType::ok && !client.released && !client.may_hold) {
      released_unheld(client, event);
    }
    if (event.type == EventType::ok) client.may_hold = false;
  }

  // It did not happen: the process held the lock all the time.
  void restore(const Hold& hold, const LockEvent& event) {
    const auto same = find(hold.id, hold.process);
    if (same != holds_.end()) {
      same->depth = hold.depth;
      return;
    }
    drop_expired(event);
    if (!holds_.empty()) overlap(hold, holds_.front());
    holds_.push_back(hold);
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
      end_hold(other.id, other.process);
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
    Hold hold{.process = event.process, .id = id, .line = event.line, .expires = std::nullopt};
    const auto lease = event.lease ? event.lease : client.invoked->lease;
    if (lease && client.invoked->time) hold.expires = *client.invoked->time + *lease;
    if (!holds_.empty()) overlap(holds_.front(), hold);
    holds_.push_back(hold);
  }

  void overlap(const Hold& first, const Hold& second) {
    add_finding(report_.findings, Anomaly::overlapping_holders, [&] {
      return Finding{.proof = fmt::format("Process {} was granted the lock in line {} and had neither asked "
                                          "to release it nor lost it when process {} "
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
    if (end_hold(0, event.process)) {
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
    if (from.time && to.time) made.duration = *to.time - *from.time;
    return made;
  }

  static bool is_longer(const LockInterval& a, const std::optional<LockInterval>& b) {
    if (!b) return true;
    return a.duration && b->duration ? *a.duration > *b->duration : a.events > b->events;
  }

  // By id where there is one, by process where one is given.
  std::vector<Hold>::iterator find(std::uint64_t id, std::optional<std::uint32_t> process) {
    return std::ranges::find_if(holds_, [&](const Hold& hold) {
      return (id == 0 || hold.id == 0 || hold.id == id) && (!process || hold.process == *process);
    });
  }

  bool end_hold(std::uint64_t id, std::optional<std::uint32_t> process) {
    const auto hold = find(id, process);
    if (hold == holds_.end()) return false;
    holds_.erase(hold);
    return true;
  }

  static bool has_expired(const Hold& hold, const LockEvent& now) {
    return hold.expires && now.time && *now.time >= *hold.expires;
  }

  void drop_expired(const LockEvent& now) {
    std::erase_if(holds_, [&](const Hold& hold) { return has_expired(hold, now); });
  }

  std::span<const LockEvent> events_;
  LockReport report_;
  boost::unordered_flat_map<std::uint32_t, Client> clients_;
  /// More than one only after an overlap was found.
  std::vector<Hold> holds_;
  std::optional<Grant> highest_;
  Overtakes overtakes_;
  std::uint64_t acquires_ = 0;
  std::uint64_t event_number_ = 0;
  const LockEvent* orphaned_ = nullptr;
  std::uint64_t orphaned_number_ = 0;
  bool asked_since_orphaned_ = false;
};

}  // namespace

LockReport check_lock_history(std::span<const LockEvent> events) { return Sweep(events).run(); }

}  // namespace lockstorm::checkers
