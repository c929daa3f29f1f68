// The monitors' small automata, event by event: what each must find, and the nearest thing that it must not.
#include "checkers/monitors.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "sim/monitor.hpp"

namespace lockstorm::checkers {
namespace {

static_assert(sim::Monitor<Monitors>);

constexpr PropertySet kNothing;
constexpr PropertySet kLostUpdate{Property::no_lost_update};
constexpr PropertySet kIntegrity{Property::state_integrity};

// Three clients that all hold the lock, by the record and by their own belief.
class Watched {
 public:
  explicit Watched(unsigned state_files = 1) : monitors_(state_files) {}

  PropertySet effect(sim::Slot slot, unsigned tags) {
    return PropertySet::from_bits(monitors_.on_effect(
        bits_, sim::EffectEvent{
                   .slot = slot, .tags = static_cast<sim::Tags>(tags), .holders = holders, .flags = flags}));
  }
  PropertySet reads(sim::Slot slot, unsigned more = 0) { return effect(slot, kReadsState | more); }
  PropertySet writes(sim::Slot slot, unsigned more = 0) { return effect(slot, kWritesState | more); }
  PropertySet is_told(sim::Slot slot, unsigned more = 0) {
    return PropertySet::from_bits(
        monitors_.on_delivered(bits_, slot, static_cast<std::uint16_t>(kWritesState | more)));
  }
  PropertySet saves(sim::Slot slot, unsigned more = 0) {
    const PropertySet by_write = writes(slot, more);
    return by_write | is_told(slot, more);
  }

  std::array<std::uint16_t, 3> flags{kInCriticalSection, kInCriticalSection, kInCriticalSection};
  sim::SlotSet holders = 7;

 private:
  Monitors monitors_;
  std::vector<std::uint8_t> bits_ = std::vector<std::uint8_t>(3, 0);
};

TEST(Monitors, WhoReadWhatIsThereMayReplaceIt) {
  Watched run;
  EXPECT_EQ(run.saves(0), kNothing);
  run.reads(1);
  EXPECT_EQ(run.saves(1), kNothing);
  EXPECT_EQ(run.saves(1), kNothing) << "one's own content needs no reading";
}

TEST(Monitors, WhoReadBeforeTheLastWriteLosesIt) {
  Watched run;
  run.reads(1);
  EXPECT_EQ(run.saves(0), kNothing);
  EXPECT_EQ(run.writes(1), kLostUpdate);
}

TEST(Monitors, ReadingToCompareIsNotReading) {
  Watched run;
  EXPECT_EQ(run.saves(0), kNothing);
  run.flags[1] |= kReadsToCompare;
  run.reads(1);
  EXPECT_EQ(run.writes(1), kLostUpdate);
}

TEST(Monitors, AnOldStateIsNotWhatIsThere) {
  Watched run;
  EXPECT_EQ(run.saves(0), kNothing);
  run.effect(1, kReadsStaleState);
  EXPECT_EQ(run.writes(1), kLostUpdate);
}

TEST(Monitors, AnUnacknowledgedWriteIsLostWhenItsAnswerComes) {
  Watched run;
  EXPECT_EQ(run.writes(0), kNothing);
  EXPECT_EQ(run.writes(1), kNothing) << "client 0 has not been told that it is safe";
  EXPECT_EQ(run.is_told(0), kLostUpdate);
  EXPECT_EQ(run.is_told(0), kNothing) << "once";
  EXPECT_EQ(run.is_told(1), kNothing);
}

TEST(Monitors, AnUnacknowledgedWriteThatWasReadIsNotLost) {
  Watched run;
  run.writes(0);
  run.reads(1);
  EXPECT_EQ(run.writes(1), kNothing);
  EXPECT_EQ(run.is_told(0), kNothing);
}

TEST(Monitors, GoingBackLosesOnesOwnLaterContent) {
  Watched run;
  EXPECT_EQ(run.saves(0), kNothing);
  EXPECT_EQ(run.writes(0, kSerialWentBack), kLostUpdate | kIntegrity);
}

TEST(Monitors, GoingBackOverWhatOneReadLosesNothingUnseen) {
  Watched run;
  EXPECT_EQ(run.saves(0), kNothing);
  run.reads(1);
  EXPECT_EQ(run.writes(1, kSerialWentBack), kIntegrity);
}

TEST(Monitors, TheSameSerialWithOtherTextIsOnlyOnesOwnToWrite) {
  Watched run;
  EXPECT_EQ(run.saves(0), kNothing);
  EXPECT_EQ(run.saves(0, kSameSerialOtherText), kNothing);
  run.reads(1);
  EXPECT_EQ(run.writes(1, kSameSerialOtherText), kIntegrity);
}

TEST(Monitors, EffectsBelongToWhomTheRecordNames) {
  Watched run;
  run.holders = 0b001;
  EXPECT_EQ(run.writes(0), kNothing);
  EXPECT_EQ(run.effect(1, kChangesCloud), PropertySet{Property::exclusive_effects});
  EXPECT_EQ(run.effect(1, kReadsState), kNothing) << "reading needs no lock";
}

TEST(Monitors, TagsSpeakForThemselves) {
  Watched run;
  EXPECT_EQ(run.effect(0, kTouchesForeignLock), PropertySet{Property::own_lock_only});
  EXPECT_EQ(run.effect(0, kRobsLiveLease), PropertySet{Property::stale_lock_recovery});
  EXPECT_EQ(run.effect(0, kCreatesTwin), PropertySet{Property::no_drift});
  EXPECT_EQ(run.effect(0, kDestroysUnasked), PropertySet{Property::no_drift});
}

TEST(Monitors, TwoInTheirCriticalSectionsAreOneTooMany) {
  const Monitors monitors;
  const std::array<std::uint16_t, 3> alone{0, 0, 0};
  const std::array<std::uint16_t, 3> beside{kInCriticalSection, 0, 0};
  const auto changed = [&](sim::Slot slot, std::uint16_t before, std::uint16_t after, const auto& others) {
    return PropertySet::from_bits(monitors.on_flags(slot, before, after, others));
  };
  EXPECT_EQ(changed(1, 0, kInCriticalSection, alone), kNothing);
  EXPECT_EQ(changed(1, 0, kInCriticalSection, beside), PropertySet{Property::mutual_exclusion});
  EXPECT_EQ(changed(0, kInCriticalSection, kInCriticalSection, beside), kNothing);
  EXPECT_EQ(changed(1, kInCriticalSection, 0, beside), kNothing);
}

TEST(Monitors, FollowEachOfTwoStateFilesForItself) {
  EXPECT_EQ(Monitors(1).bits(), 4U);
  EXPECT_EQ(Monitors(2).bits(), 8U);
  Watched run(2);
  EXPECT_EQ(run.saves(0), kNothing);
  EXPECT_EQ(run.saves(1, kOfOtherState), kNothing) << "another file has nothing to lose by it";
  run.reads(2);
  EXPECT_EQ(run.writes(2, kOfOtherState), kLostUpdate) << "what it read is the other file";
  EXPECT_EQ(run.writes(2), kNothing) << "here it has read what is there";
}

TEST(Monitors, ALossInOneFileIsNotToldByTheOthersAnswer) {
  Watched run(2);
  run.writes(0, kOfOtherState);
  run.writes(1, kOfOtherState);
  EXPECT_EQ(run.is_told(0), kNothing);
  EXPECT_EQ(run.is_told(0, kOfOtherState), kLostUpdate);
}

}  // namespace
}  // namespace lockstorm::checkers
