// The safety properties as small automata that both engines carry in every state.
#pragma once

#include <cstdint>
#include <span>

#include "checkers/properties.hpp"
#include "checkers/tags.hpp"

namespace lockstorm::checkers {

/// Process flag: between "lock granted" and "unlock sent" (or lock lost and noticed), as the process
/// believes.
inline constexpr std::uint16_t kInCriticalSection = 1U << 0U;

/// Process flag: what it reads now it only compares with what it already has; what it will write is not made
/// from it (`state push`, `apply PLANFILE`).
inline constexpr std::uint16_t kReadsToCompare = 1U << 1U;

/// Four bits per client follow one state file: who wrote what is there, who has read it, whose write was
/// acknowledged, and whose unacknowledged write has been overwritten unread.
class Monitors {
 public:
  static constexpr unsigned kBits = 4;
  static constexpr std::uint16_t kEffectTags = 0xFFFF;
  static constexpr std::uint16_t kDeliveryTags = kWritesState;
  static constexpr std::uint16_t kFlags = kInCriticalSection;

  /// `Event` has `slot`, `tags`, `holders` (bit i: process i holds the lock by the services' record) as in
  /// sim::EffectEvent.
  template <class Event>
  [[nodiscard]] PropertySet on_effect(std::span<std::uint8_t> bits, const Event& event) const {
    PropertySet violated = 0;
    const auto violate = [&violated](Property property) {
      violated = static_cast<PropertySet>(violated | property_bit(property));
    };
    const bool learns = (event.flags[event.slot] & kReadsToCompare) == 0;
    if ((event.tags & kReadsState) != 0 && learns) bits[event.slot] |= kFresh;
    if ((event.tags & (kWritesState | kChangesCloud)) != 0 && (event.holders >> event.slot & 1U) == 0) {
      violate(Property::exclusive_effects);
    }
    if ((event.tags & kTouchesForeignLock) != 0) violate(Property::own_lock_only);
    if ((event.tags & kRobsLiveLease) != 0) violate(Property::stale_lock_recovery);
    if ((event.tags & kCreatesTwin) != 0) violate(Property::no_drift);
    if ((event.tags & kWritesState) != 0)
      violated = static_cast<PropertySet>(violated | on_write(bits, event.slot, event.tags));
    return violated;
  }

  /// A client learns that its request with these tags took effect.
  [[nodiscard]] PropertySet on_delivered(std::span<std::uint8_t> bits, std::uint16_t slot,
                                         std::uint16_t) const {
    const bool lost = (bits[slot] & kLost) != 0;
    bits[slot] = static_cast<std::uint8_t>(bits[slot] & ~kLost);
    if (lost)
      return property_bit(Property::no_lost_update);  // the content it is told is safe is gone already
    if ((bits[slot] & kAuthor) != 0) bits[slot] |= kAcknowledged;
    return 0;
  }

  /// `others`: flags of every live process, `slot`'s own as they were before.
  [[nodiscard]] PropertySet on_flags(std::uint16_t slot, std::uint16_t before, std::uint16_t after,
                                     std::span<const std::uint16_t> others) const {
    if ((after & kInCriticalSection) == 0 || (before & kInCriticalSection) != 0) return 0;
    for (std::size_t i = 0; i < others.size(); ++i) {
      if (i != slot && (others[i] & kInCriticalSection) != 0) return property_bit(Property::mutual_exclusion);
    }
    return 0;
  }

 private:
  static constexpr std::uint8_t kFresh = 1;         ///< has read (or written) what is there now
  static constexpr std::uint8_t kAuthor = 2;        ///< wrote what is there now
  static constexpr std::uint8_t kAcknowledged = 4;  ///< ... and was told so
  static constexpr std::uint8_t kLost = 8;  ///< its write was overwritten unread before it was told so

  [[nodiscard]] PropertySet on_write(std::span<std::uint8_t> bits, std::uint16_t slot,
                                     std::uint16_t tags) const {
    PropertySet violated = 0;
    const bool own = (bits[slot] & kAuthor) != 0;
    const bool went_back = (tags & kSerialWentBack) != 0;
    if (went_back || ((tags & kSameSerialOtherText) != 0 && !own))
      violated |= property_bit(Property::state_integrity);
    const bool unread = (bits[slot] & kFresh) == 0 || (own && went_back);
    for (std::uint8_t& other : bits) {
      if (unread && (other & kAuthor) != 0) {
        if ((other & kAcknowledged) != 0)
          violated |= property_bit(Property::no_lost_update);
        else
          other |= kLost;
      }
      other = static_cast<std::uint8_t>(other & kLost);
    }
    bits[slot] = kFresh | kAuthor;
    return violated;
  }
};

}  // namespace lockstorm::checkers
