// The safety properties as small automata that both engines carry in every state.
#pragma once

#include <cassert>
#include <cstdint>
#include <span>

#include "checkers/property_set.hpp"
#include "checkers/tags.hpp"

namespace lockstorm::checkers {

/// Process flag: between "lock granted" and "unlock sent" (or lock lost and noticed), as the process
/// believes.
inline constexpr std::uint16_t kInCriticalSection = 1U << 0U;

/// Process flag: what it reads now it only compares with what it already has; what it will write is not made
/// from it (`state push`, `apply PLANFILE`).
inline constexpr std::uint16_t kReadsToCompare = 1U << 1U;

/// Process flag: it has intervened, or is about to: an operator's force-unlock, a health check that fails.
inline constexpr std::uint16_t kHasActed = 1U << 2U;

/// Process flag: `kInCriticalSection` of the other state, in a world that has two.
inline constexpr std::uint16_t kInOtherCriticalSection = 1U << 3U;

/// Process flags: of either state.
inline constexpr std::uint16_t kInAnyCriticalSection = kInCriticalSection | kInOtherCriticalSection;

/// Process flags that say which command of its script is running, from 0.
inline constexpr unsigned kCommandBits = 2;
inline constexpr unsigned kFirstCommandBit = 8;

template <class Process>
void set_command(Process& process, std::size_t number) {
  for (unsigned bit = 0; bit < kCommandBits; ++bit)
    process.set_flag(static_cast<std::uint16_t>(1U << (kFirstCommandBit + bit)), (number >> bit & 1U) != 0);
}

constexpr std::size_t command_of(std::uint16_t flags) {
  return flags >> kFirstCommandBit & ((1U << kCommandBits) - 1U);
}

/// Four bits per client follow one state file: who wrote what is there, who has read it, whose write was
/// acknowledged, and whose unacknowledged write has been overwritten unread. Where a migration goes to
/// another state file, four more follow that one (`kOfOtherState`). Engines compute with the bits of sets.
class Monitors {
 public:
  Monitors() = default;
  /// `state_files`: 1 or 2.
  explicit Monitors(unsigned state_files) : state_files_(state_files) {
    assert(state_files == 1 || state_files == 2);
  }
  [[nodiscard]] unsigned bits() const { return kBitsAFile * state_files_; }
  static constexpr std::uint16_t kEffectTags = 0xFFFF;
  static constexpr std::uint16_t kDeliveryTags = kWritesState;
  static constexpr std::uint16_t kFlags = kInAnyCriticalSection;
  static constexpr std::uint16_t kActs = kHasActed;

  /// `Event` has `slot`, `tags`, `holders` (bit i: process i holds the lock by the services' record) as in
  /// sim::EffectEvent.
  template <class Event>
  [[nodiscard]] PropertySet::Bits on_effect(std::span<std::uint8_t> bits, const Event& event) const {
    PropertySet violated;
    const bool learns = (event.flags[event.slot] & kReadsToCompare) == 0;
    if ((event.tags & kReadsState) != 0 && learns) add(bits[event.slot], kFresh, event.tags);
    // Who acts by hand is no client: what comes of it is what clients make of it.
    const bool is_person = (event.flags[event.slot] & kHasActed) != 0;
    if ((event.tags & (kWritesState | kChangesCloud)) != 0 && (event.holders >> event.slot & 1U) == 0 &&
        !is_person) {
      violated.insert(Property::exclusive_effects);
    }
    if ((event.tags & kTouchesForeignLock) != 0) violated.insert(Property::own_lock_only);
    if ((event.tags & kRobsLiveLease) != 0) violated.insert(Property::stale_lock_recovery);
    if ((event.tags & (kCreatesTwin | kDestroysUnasked)) != 0) violated.insert(Property::no_drift);
    if ((event.tags & kNotAsApproved) != 0) violated.insert(Property::approved_is_applied);
    if ((event.tags & kWritesState) != 0) violated |= on_write(bits, event.slot, event.tags);
    return violated.bits();
  }

  /// A client learns that its request with these tags took effect.
  [[nodiscard]] PropertySet::Bits on_delivered(std::span<std::uint8_t> bits, std::uint16_t slot,
                                               std::uint16_t tags) const {
    const bool lost = has(bits[slot], kLost, tags);
    bits[slot] = static_cast<std::uint8_t>(bits[slot] & ~at_file(kLost, tags));
    if (lost) return only(Property::no_lost_update);  // the content it is told is safe is gone already
    if (has(bits[slot], kAuthor, tags)) add(bits[slot], kAcknowledged, tags);
    return 0;
  }

  /// `others`: flags of every live process, `slot`'s own as they were before.
  [[nodiscard]] PropertySet::Bits on_flags(std::uint16_t slot, std::uint16_t before, std::uint16_t after,
                                           std::span<const std::uint16_t> others) const {
    const auto entered = static_cast<std::uint16_t>(after & ~before & kFlags);
    if (entered == 0) return 0;
    for (std::size_t i = 0; i < others.size(); ++i) {
      if (i != slot && (others[i] & entered) != 0) return only(Property::mutual_exclusion);
    }
    return 0;
  }

 private:
  static constexpr PropertySet::Bits only(Property property) { return PropertySet{property}.bits(); }

  static constexpr unsigned kBitsAFile = 4;
  static constexpr std::uint8_t kFresh = 1;         ///< has read (or written) what is there now
  static constexpr std::uint8_t kAuthor = 2;        ///< wrote what is there now
  static constexpr std::uint8_t kAcknowledged = 4;  ///< ... and was told so
  static constexpr std::uint8_t kLost = 8;  ///< its write was overwritten unread before it was told so

  // A flag's place in the bits: that of the state file which the tags are about.
  [[nodiscard]] static constexpr std::uint8_t at_file(std::uint8_t flags, std::uint16_t tags) {
    return static_cast<std::uint8_t>((tags & kOfOtherState) != 0 ? flags << kBitsAFile : flags);
  }
  [[nodiscard]] static bool has(std::uint8_t bits, std::uint8_t flag, std::uint16_t tags) {
    return (bits & at_file(flag, tags)) != 0;
  }
  static void add(std::uint8_t& bits, std::uint8_t flag, std::uint16_t tags) {
    bits = static_cast<std::uint8_t>(bits | at_file(flag, tags));
  }

  [[nodiscard]] PropertySet on_write(std::span<std::uint8_t> bits, std::uint16_t slot,
                                     std::uint16_t tags) const {
    PropertySet violated;
    const bool own = has(bits[slot], kAuthor, tags);
    const bool went_back = (tags & kSerialWentBack) != 0;
    if (went_back || ((tags & kSameSerialOtherText) != 0 && !own)) violated.insert(Property::state_integrity);
    const bool unread = !has(bits[slot], kFresh, tags) || (own && went_back);
    for (std::uint8_t& other : bits) {
      if (unread && has(other, kAuthor, tags)) {
        if (has(other, kAcknowledged, tags))
          violated.insert(Property::no_lost_update);
        else
          add(other, kLost, tags);
      }
      other = static_cast<std::uint8_t>(other & ~at_file(kFresh | kAuthor | kAcknowledged, tags));
    }
    bits[slot] = static_cast<std::uint8_t>(bits[slot] & ~at_file(kLost, tags));
    // Where no content is left, there is none that somebody could lose.
    const bool deletes = (tags & kDeletesState) != 0;
    add(bits[slot], deletes ? kFresh : static_cast<std::uint8_t>(kFresh | kAuthor), tags);
    return violated;
  }

  unsigned state_files_ = 1;
};

}  // namespace lockstorm::checkers
