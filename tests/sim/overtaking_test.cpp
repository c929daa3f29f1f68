// How often somebody who waits for a lock is passed: a lock that is polled against one with a queue.
#include "sim/explore/overtaking.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <variant>

#include "sim/process/process.hpp"

namespace lockstorm::sim {
namespace {

struct TakeLock {};
struct LeaveLock {};

/// A lock; a fair one remembers who asked in vain, and keeps itself for him.
struct TakenInTurn {
  static constexpr std::string_view kName = "lock";
  struct Value {
    Who holder;
    Who next;
  };
  using Request = std::variant<TakeLock, LeaveLock>;
  struct Response {
    std::uint8_t ok = 0;
  };

  Value initial() const { return {}; }
  Effect<Response> apply(Value& value, Slot caller, const Request& request) const {
    const Who me = Who::process(caller);
    if (std::holds_alternative<LeaveLock>(request)) {
      value.holder = Who::nobody();
      return {{1}, 0};
    }
    if (value.holder.is_nobody() && (value.next.is_nobody() || value.next == me)) {
      value = {me, Who::nobody()};
      return {{1}, 0};
    }
    if (is_fair && value.next.is_nobody()) value.next = me;
    return {{0}, 0};
  }
  static std::string operation(const Request& request) { return request.index() == 0 ? "Take" : "Leave"; }
  static RequestFacts about(const Request& request) {
    return {"lock", request.index() == 0 ? LockUse::asks : LockUse::releases};
  }
  SlotSet holders(const Value& value) const { return only(value.holder); }

  bool is_fair = false;
};

constexpr ServiceRef<TakenInTurn> kLockInTurn{0};
struct NothingLeft {};

/// Takes the lock as often as it likes, or for ever.
Process::Body taking(unsigned times, bool for_ever) {
  return [=](Process& self) {
    NothingLeft nothing;
    for (unsigned i = 0; for_ever || i < times; ++i) {
      if (for_ever) self.forget(1, nothing);
      self.scope<NothingLeft>(2, [&] {
        for (;;) {
          self.forget(3, nothing);
          if (self.call(kLockInTurn, TakeLock{})->ok == 1) return nothing;
          self.sleep(std::chrono::seconds(1));
        }
      });
      self.call(kLockInTurn, LeaveLock{});
    }
  };
}

/// Asks so often at the most, or until it has the lock.
Process::Body waiting(unsigned attempts) {
  return [=](Process& self) {
    NothingLeft nothing;
    for (unsigned i = 0; attempts == 0 || i < attempts; ++i) {
      if (attempts == 0) self.forget(1, nothing);
      if (self.call(kLockInTurn, TakeLock{})->ok == 1) return;
      self.sleep(std::chrono::seconds(1));
    }
  };
}

Overtaking overtaking_of(bool is_fair, Process::Body waiter, Process::Body other,
                         std::size_t max_states = 100'000) {
  WorldSpec spec;
  spec.services.push_back(make_service(TakenInTurn{is_fair}));
  spec.classes.push_back({"waiter", std::move(waiter), 1, 0});
  spec.classes.push_back({"other", std::move(other), 1, 0});
  StateTables tables(spec, Automaton::Mode::compressed);
  return find_overtaking(tables, 0, max_states);
}

// Of so many jobs of somebody else's the first one has the lock when the waiter asks; all others may pass it.
TEST(Overtaking, IsAsOftenAsOthersComeWhereALockIsPolled) {
  for (const unsigned jobs : {1U, 2U, 3U, 4U}) {
    const Overtaking found = overtaking_of(false, waiting(0), taking(jobs, false));
    EXPECT_EQ(found.answer, Overtaking::Answer::bounded);
    EXPECT_EQ(found.most, jobs - 1);
  }
}

TEST(Overtaking, HasNoBoundWhereOthersComeForEver) {
  const Overtaking found = overtaking_of(false, waiting(0), taking(0, true));
  ASSERT_EQ(found.answer, Overtaking::Answer::unbounded);
  EXPECT_GT(found.steps_before, 0U);
  EXPECT_GE(std::ranges::count(found.circle, true, &Overtaking::Step::is_granted), 1);
  EXPECT_GE(std::ranges::count(found.circle, true, &Overtaking::Step::is_in_vain), 1);
  for (const Overtaking::Step& step : found.circle) {
    if (step.is_granted) {
      EXPECT_EQ(step.slot, 1);
    }
    if (step.is_in_vain) {
      EXPECT_EQ(step.slot, 0);
    }
  }
}

TEST(Overtaking, DoesNotHappenWhereThereIsAQueue) {
  const Overtaking found = overtaking_of(true, waiting(0), taking(0, true));
  EXPECT_EQ(found.answer, Overtaking::Answer::bounded);
  EXPECT_EQ(found.most, 0U);
}

// Whoever asks three times and stops is passed without bound only while he sleeps.
TEST(Overtaking, OfSomebodyWhoSleepsIsToldApart) {
  EXPECT_EQ(overtaking_of(false, waiting(3), taking(0, true)).answer, Overtaking::Answer::asleep);
}

TEST(Overtaking, IsUnknownWhereThereAreTooManyStates) {
  EXPECT_EQ(overtaking_of(false, waiting(0), taking(0, true), 5).answer, Overtaking::Answer::unknown);
}

}  // namespace
}  // namespace lockstorm::sim
