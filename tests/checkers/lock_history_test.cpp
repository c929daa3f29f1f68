// The checker of lock histories: each anomaly, what is none, and agreement with a naive search.
#include "checkers/locks/lock_history.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <functional>
#include <numeric>

namespace lockstorm::checkers {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

// Writes a lock history as it would be said.
class Story {
 public:
  Story& say(std::uint32_t process, LockStep step, EventType type) {
    LockEvent event;
    event.type = type, event.step = step, event.process = process;
    event.line = static_cast<std::uint32_t>(events.size() + 1);
    event.time = now;
    events.push_back(event);
    return *this;
  }
  Story& asks(std::uint32_t process) { return say(process, LockStep::acquire, EventType::invoke); }
  Story& gets(std::uint32_t process) { return say(process, LockStep::acquire, EventType::ok); }
  Story& locks(std::uint32_t process) { return asks(process).gets(process); }
  Story& releases(std::uint32_t process) { return say(process, LockStep::release, EventType::invoke); }
  Story& released(std::uint32_t process) { return say(process, LockStep::release, EventType::ok); }
  Story& unlocks(std::uint32_t process) { return releases(process).released(process); }
  Story& token(std::int64_t token) { return events.back().token = token, *this; }
  Story& id(std::uint64_t id) { return events.back().id = id, *this; }
  Story& lease(nanoseconds lease) { return events.back().lease = lease, *this; }
  Story& after(nanoseconds pause) { return now += pause, *this; }

  std::vector<std::string_view> anomalies() const {
    std::vector<std::string_view> names;
    for (const Finding& finding : check_lock_history(events).findings)
      names.push_back(info_of(finding.anomaly).name);
    return names;
  }

  std::vector<LockEvent> events;
  nanoseconds now{0};
};

using Names = std::vector<std::string_view>;

TEST(LockHistory, OneAfterTheOtherIsFine) {
  EXPECT_EQ(Story().locks(1).unlocks(1).locks(2).unlocks(2).anomalies(), Names{});
  // The release may have happened before it was acknowledged.
  EXPECT_EQ(Story().locks(1).releases(1).locks(2).released(1).unlocks(2).anomalies(), Names{});
  EXPECT_EQ(Story().locks(1).locks(1).unlocks(1).unlocks(1).locks(2).anomalies(), Names{});
}

TEST(LockHistory, Overlap) {
  const Story story = Story().locks(1).locks(2).unlocks(1).unlocks(2);
  const LockReport report = check_lock_history(story.events);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].proof,
            "Process 1 was granted the lock in line 2 and had neither released nor lost it when "
            "process 2 was granted it in line 4: both held it.");
  EXPECT_EQ(report.findings[0].lines, (std::vector<std::uint32_t>{2, 4}));
  // The inner of two re-entries is released only.
  EXPECT_EQ(Story().locks(1).locks(1).unlocks(1).locks(2).anomalies(), Names{"overlapping-holders"});
  // A release that failed did not happen.
  EXPECT_EQ(Story().locks(1).releases(1).locks(2).say(1, LockStep::release, EventType::fail).anomalies(),
            Names{"overlapping-holders"});
  EXPECT_EQ(Story().locks(1).releases(1).locks(2).say(1, LockStep::release, EventType::unknown).anomalies(),
            Names{});
}

TEST(LockHistory, EvictionsCrashesAndLeasesEndAHold) {
  EXPECT_EQ(Story()
                .locks(1)
                .say(2, LockStep::evict, EventType::invoke)
                .say(2, LockStep::evict, EventType::ok)
                .locks(3)
                .anomalies(),
            Names{});
  EXPECT_EQ(Story().locks(1).say(1, LockStep::crash, EventType::unknown).locks(3).anomalies(), Names{});
  EXPECT_EQ(Story().asks(1).gets(1).lease(seconds(5)).after(seconds(6)).locks(2).anomalies(), Names{});
  EXPECT_EQ(Story().asks(1).gets(1).lease(seconds(5)).after(seconds(4)).locks(2).anomalies(),
            Names{"overlapping-holders"});
}

TEST(LockHistory, ReleaseOfWhatIsNotOnesOwn) {
  EXPECT_EQ(Story().locks(1).unlocks(2).locks(2).anomalies(), Names{"release-of-anothers-lock"});
  EXPECT_EQ(Story().asks(1).gets(1).id(7).releases(2).id(7).released(2).id(7).anomalies(),
            Names{"release-of-anothers-lock"});
  EXPECT_EQ(Story().locks(1).unlocks(1).unlocks(1).anomalies(), Names{"release-of-free-lock"});
  // Its own acquire may have succeeded.
  EXPECT_EQ(Story().asks(1).say(1, LockStep::acquire, EventType::unknown).unlocks(1).anomalies(), Names{});
  EXPECT_EQ(Story().locks(1).releases(2).say(2, LockStep::release, EventType::fail).anomalies(), Names{});
}

TEST(LockHistory, TokensMustRise) {
  EXPECT_EQ(Story().locks(1).token(1).unlocks(1).locks(2).token(2).anomalies(), Names{});
  EXPECT_EQ(Story().locks(1).token(2).unlocks(1).locks(2).token(2).anomalies(), Names{"token-order"});
  // Asked for before the other was granted: any order may be.
  EXPECT_EQ(Story().asks(2).locks(1).token(2).unlocks(1).gets(2).token(1).anomalies(), Names{});
}

TEST(LockHistory, WaitsOvertakesAndRecovery) {
  Story story;
  story.asks(1)
      .after(seconds(1))
      .locks(2)
      .unlocks(2)
      .after(seconds(1))
      .locks(3)
      .say(3, LockStep::crash, EventType::unknown);
  story.after(seconds(8)).gets(1);
  const LockReport report = check_lock_history(story.events);
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.grants, 3U);
  EXPECT_EQ(report.longest_wait->process, 1U);
  EXPECT_EQ(report.longest_wait->duration, seconds(10));
  EXPECT_EQ(report.most_overtakes, 2U);
  EXPECT_EQ(report.slowest_recovery->duration, seconds(8));
  EXPECT_FALSE(report.never_recovered);
  EXPECT_TRUE(check_lock_history(Story().locks(3).say(3, LockStep::crash, EventType::ok).asks(1).events)
                  .never_recovered);
}

// A mutex's grants and releases are explained by some order of moments within the calls: tried in all orders.
bool is_explained(const std::vector<LockEvent>& events) {
  struct Point {
    std::size_t from, to;
    std::uint32_t process;
    bool is_acquire;
  };
  std::vector<Point> points;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].type != EventType::invoke) continue;
    const auto response =
        std::find_if(events.begin() + static_cast<std::ptrdiff_t>(i) + 1, events.end(),
                     [&](const LockEvent& event) { return event.process == events[i].process; });
    points.push_back({i, static_cast<std::size_t>(response - events.begin()), events[i].process,
                      events[i].step == LockStep::acquire});
  }
  std::vector<bool> done(points.size());
  const std::function<bool(std::size_t, std::optional<std::uint32_t>)> search =
      [&](std::size_t count, std::optional<std::uint32_t> holder) {
        if (count == points.size()) return true;
        for (std::size_t i = 0; i < points.size(); ++i) {
          if (done[i]) continue;
          bool is_next = true;
          for (std::size_t j = 0; j < points.size(); ++j)
            is_next = is_next && (done[j] || points[j].to >= points[i].from || i == j);
          const bool fits = points[i].is_acquire ? !holder : holder == points[i].process;
          if (!is_next || !fits) continue;
          done[i] = true;
          if (search(count + 1, points[i].is_acquire ? std::optional(points[i].process) : std::nullopt))
            return true;
          done[i] = false;
        }
        return false;
      };
  return search(0, std::nullopt);
}

RC_GTEST_PROP(LockHistory, FindsOverlapWhenAndOnlyWhenNoOrderExplainsIt, ()) {
  // Each process locks and unlocks in turn; only when the steps happen is drawn, so that grants overlap or
  // not.
  const auto turns = *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 3));
  std::vector<unsigned> at(3);
  Story story;
  for (const std::uint32_t process : turns) {
    if (story.events.size() > 14) break;
    switch (at[process]++ % 4) {
      case 0:
        story.asks(process);
        break;
      case 1:
        story.gets(process);
        break;
      case 2:
        story.releases(process);
        break;
      default:
        story.released(process);
    }
  }
  // All calls complete, so that the naive search has nothing to guess.
  for (std::uint32_t process = 0; process < 3; ++process) {
    if (at[process] % 4 == 1) story.gets(process);
    if (at[process] % 4 == 3) story.released(process);
  }
  RC_CLASSIFY(!story.anomalies().empty(), "overlap");
  RC_ASSERT(story.anomalies().empty() == is_explained(story.events));
}

}  // namespace
}  // namespace lockstorm::checkers
