// Properties of the small parts: replay strings, the state set, values under renaming.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "models/state/state_snapshot.hpp"
#include "sim/explore/state_set.hpp"
#include "sim/run/timed_queue.hpp"
#include "sim/schedule.hpp"
#include "sim/value.hpp"

namespace lockstorm::sim {
namespace {

RC_GTEST_PROP(ReplayString, RoundTrips, (const std::string& subject, std::uint32_t fingerprint)) {
  ReplayString replay{subject, fingerprint, {}};
  for (const auto& [index, bound] : *rc::gen::container<std::vector<std::pair<std::uint16_t, std::uint16_t>>>(
           rc::gen::arbitrary<std::pair<std::uint16_t, std::uint16_t>>())) {
    replay.schedule.push_back({index, bound});
  }
  const auto decoded = decode_replay(encode_replay(replay));
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(decoded->subject == subject);
  RC_ASSERT(decoded->fingerprint == fingerprint);
  RC_ASSERT(decoded->schedule == replay.schedule);
}

RC_GTEST_PROP(ReplayString, NoticesAChangedLetter, (std::uint32_t fingerprint)) {
  std::string text = encode_replay({"s3/unlocked", fingerprint, {{0, 2}, {1, 3}, {20, 40}}});
  const auto position = *rc::gen::resize(100, rc::gen::inRange<std::size_t>(4, text.size()));
  text[position] = text[position] == 'A' ? 'B' : 'A';
  const auto decoded = decode_replay(text);
  // The last letter carries spare bits; any other change must be noticed.
  RC_ASSERT(!decoded.has_value() || position + 1 == text.size());
}

TEST(ReplayString, SaysWhatIsWrong) {
  EXPECT_NE(decode_replay("hello").error().find("starts with"), std::string::npos);
  EXPECT_NE(decode_replay("LS2-abcd").error().find("another version"), std::string::npos);
  EXPECT_NE(decode_replay("LS1-ab!d").error().find("characters"), std::string::npos);
  const std::string good = encode_replay({"x", 1, {{0, 1}}});
  EXPECT_FALSE(decode_replay(good.substr(0, good.size() - 3)).has_value());
}

RC_GTEST_PROP(StateSet, IsASet, (const std::vector<std::uint16_t>& numbers)) {
  StateSet<2> set(1U << 17U);
  std::map<Key<2>, std::uint32_t> reference;
  for (const std::uint16_t number : numbers) {
    const Key<2> key{{number % 97U, number % 89U}};
    const auto [position, is_new] = set.insert(key, hash_key(key));
    const auto [known, was_new] = reference.try_emplace(key, position);
    RC_ASSERT(is_new == was_new);
    RC_ASSERT(known->second == position);
    RC_ASSERT(set.find(key) == position);
  }
  RC_ASSERT(set.size() == reference.size());
}

TEST(StateSet, KeepsEverythingWhileGrowing) {
  StateSet<1> set(200'000);
  for (std::uint64_t i = 0; i < 100'000; ++i)
    ASSERT_TRUE(set.insert(Key<1>{{i * 7}}, hash_key(Key<1>{{i * 7}})).second);
  for (std::uint64_t i = 0; i < 100'000; ++i) ASSERT_EQ(set.find(Key<1>{{i * 7}}), i);
  EXPECT_EQ(set.find(Key<1>{{3}}), StateSet<1>::kAbsent);
}

RC_GTEST_PROP(ValuePool, RenamingThereAndBackIsTheIdentity, ()) {
  ValuePool values;
  models::StateSnapshot snapshot;
  snapshot.lineage = Who::process(*rc::gen::resize(100, rc::gen::inRange<Slot>(0, 4)));
  snapshot.writer = *rc::gen::element(Who::nobody(), Who::me(), Who::predecessor(), Who::process(2));
  snapshot.serial = *rc::gen::arbitrary<std::uint8_t>();
  std::vector<std::uint8_t> order{0, 1, 2, 3};
  for (std::size_t i = order.size(); i-- > 1;)
    std::swap(order[i], order[*rc::gen::resize(100, rc::gen::inRange<std::size_t>(0, i + 1))]);
  SlotPermutation there;
  SlotPermutation back;
  for (std::uint8_t slot = 0; slot < kMaxPermutedProcesses; ++slot) there.to[slot] = back.to[slot] = slot;
  for (std::uint8_t slot = 0; slot < 4; ++slot) {
    there.to[slot] = order[slot];
    back.to[order[slot]] = slot;
  }
  const ValueId id = values.intern(snapshot);
  RC_ASSERT(values.renamed(values.renamed(id, there), back) == id);
  RC_ASSERT(values.get<models::StateSnapshot>(id) == snapshot);
}

RC_GTEST_PROP(TimedQueue, PopsInOrderOfTimeThenInsertion, (const std::vector<std::uint8_t>& times)) {
  TimedQueue queue;
  std::multimap<std::uint64_t, std::uint32_t> expected;
  for (std::uint32_t i = 0; i < times.size(); ++i) {
    queue.push(times[i], i);
    expected.emplace(times[i], i);
  }
  for (const auto& [time, code] : expected) {
    const TimedEvent event = queue.pop();
    RC_ASSERT(event.time_us == time);
    RC_ASSERT(event.code == code);
  }
  RC_ASSERT(queue.empty());
}

}  // namespace
}  // namespace lockstorm::sim
