#include "reports/judge/lock_bands.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <limits>
#include <string>

#include "checkers/locks/lock_reader.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Call;
using checkers::Event;
using checkers::EventType;
using checkers::History;
using checkers::kNever;
using checkers::LockStep;
using checkers::Value;
using std::chrono::nanoseconds;

// A hold that goes on, by its place among the bands.
struct OpenBand {
  std::size_t band = 0;
  std::string id;  ///< empty: it has none
  std::uint32_t depth = 1;
  std::optional<nanoseconds> expires;
};

std::string id_in(const Event& event) {
  const Value* id = event.value.field("id");
  return id == nullptr || id->is_nil() ? std::string() : to_text(*id);
}

std::optional<nanoseconds> lease_in(const Event& event) {
  const Value* lease = event.value.field("lease_ns");
  if (lease == nullptr || lease->number() == nullptr || *lease->number() < 0) return std::nullopt;
  return nanoseconds(*lease->number());
}

bool may_be(const std::string& a, const std::string& b) { return a.empty() || b.empty() || a == b; }

class BandReader {
 public:
  BandReader(const History& history, std::span<const Call> calls) : history_(history) {
    outcomes_.resize(history.size(), EventType::unknown);
    for (const Call& call : calls) outcomes_[call.invoked] = call.outcome;
  }

  LockBands run() {
    for (event_ = 0; event_ < history_.size(); ++event_) {
      const Event& event = history_[event_];
      const auto step = checkers::lock_step_named(event.function);
      if (!step) continue;
      if (*step == LockStep::crash) {
        crash(event);
        continue;
      }
      const std::uint32_t lock = number_of(event.key);
      drop_expired(lock, event);
      if (event.type == EventType::invoke) {
        invoked_[event.process] = event_;
        if (*step == LockStep::release && outcomes_[event_] != EventType::fail) release(lock, event);
      } else if (event.type == EventType::ok) {
        answer(*step, lock, event);
      }
    }
    if (history_.empty()) return std::move(made_);
    event_ = static_cast<std::uint32_t>(history_.size()) - 1;
    for (std::uint32_t lock = 0; lock < open_.size(); ++lock) drop_expired(lock, history_.back());
    return std::move(made_);
  }

 private:
  std::uint32_t number_of(const Value& key) {
    const auto [found, is_new] =
        numbers_.try_emplace(to_text(key), static_cast<std::uint32_t>(made_.keys.size()));
    if (is_new) {
      made_.keys.push_back(key);
      open_.emplace_back();
    }
    return found->second;
  }

  // It ends what went on when the call began: what was granted meanwhile may have come after it.
  void answer(LockStep step, std::uint32_t lock, const Event& event) {
    const auto asked = invoked_.find(event.process);
    if (asked == invoked_.end()) return;
    const Event& invoked = history_[asked->second];
    std::string id = id_in(event);
    if (id.empty()) id = id_in(invoked);
    if (step == LockStep::acquire) {
      grant(lock, event, invoked, std::move(id));
    } else if (step == LockStep::evict) {
      end_where(lock, LockBand::End::evicted, [&](const OpenBand& one) {
        return may_be(one.id, id) && made_.bands[one.band].granted < asked->second;
      });
    } else if (!id.empty() && !released_own_[event.process]) {
      end_where(lock, LockBand::End::released_by_another, [&](const OpenBand& one) {
        const LockBand& band = made_.bands[one.band];
        return one.id == id && band.process != event.process && band.granted < asked->second;
      });
    }
  }

  void grant(std::uint32_t lock, const Event& event, const Event& invoked, std::string id) {
    for (OpenBand& open : open_[lock]) {
      if (made_.bands[open.band].process != event.process || !may_be(open.id, id)) continue;
      ++open.depth;
      if (open.id.empty()) open.id = std::move(id);
      return;
    }
    std::optional<nanoseconds> expires;
    const auto lease = lease_in(event) ? lease_in(event) : lease_in(invoked);
    if (lease && invoked.time) {
      const bool is_too_large = *invoked.time > nanoseconds::max() - *lease;
      expires = is_too_large ? nanoseconds::max() : *invoked.time + *lease;
    }
    open_[lock].push_back({made_.bands.size(), std::move(id), 1, expires});
    made_.bands.push_back({.lock = lock, .process = event.process, .granted = event_});
  }

  void release(std::uint32_t lock, const Event& event) {
    const std::string id = id_in(event);
    auto& open = open_[lock];
    const auto own = std::ranges::find_if(open, [&](const OpenBand& one) {
      return made_.bands[one.band].process == event.process && may_be(one.id, id);
    });
    released_own_[event.process] = own != open.end();
    if (own == open.end() || --own->depth > 0) return;
    end(*own, LockBand::End::released);
    open.erase(own);
  }

  void crash(const Event& event) {
    for (std::uint32_t lock = 0; lock < open_.size(); ++lock) {
      end_where(lock, LockBand::End::crashed,
                [&](const OpenBand& one) { return made_.bands[one.band].process == event.process; });
    }
  }

  void drop_expired(std::uint32_t lock, const Event& now) {
    if (!now.time) return;
    end_where(lock, LockBand::End::lease, [&](const OpenBand& one) {
      if (!one.expires || *now.time < *one.expires) return false;
      made_.bands[one.band].lease_end = one.expires;
      return true;
    });
  }

  template <class Ends>
  void end_where(std::uint32_t lock, LockBand::End how, Ends ends) {
    std::erase_if(open_[lock], [&](const OpenBand& one) {
      if (!ends(one)) return false;
      end(one, how);
      return true;
    });
  }

  void end(const OpenBand& one, LockBand::End how) {
    made_.bands[one.band].until = event_;
    made_.bands[one.band].end = how;
  }

  const History& history_;
  std::vector<EventType> outcomes_;  ///< [event], of invocations
  LockBands made_;
  boost::unordered_flat_map<std::string, std::uint32_t> numbers_;
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> invoked_;
  /// [process]: its last release was of a hold of its own.
  boost::unordered_flat_map<std::uint32_t, bool> released_own_;
  std::vector<std::vector<OpenBand>> open_;  ///< [lock]
  std::uint32_t event_ = 0;
};

}  // namespace

LockBands lock_bands(const History& history, std::span<const Call> calls) {
  return BandReader(history, calls).run();
}

}  // namespace lockstorm::reports
