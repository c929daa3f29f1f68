// What an engine asks of the property monitors it carries in the state.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <utility>

#include "sim/service.hpp"

namespace lockstorm::sim {

/// Set of violated properties, bit i = property i of the checker that owns the numbering.
using Violations = std::uint16_t;

/// One effect as monitors see it.
struct EffectEvent {
  Slot slot = 0;  ///< whose request
  Tags tags = 0;
  SlotSet holders = 0;                   ///< who holds the lock by the services' record, before the effect
  std::span<const std::uint16_t> flags;  ///< of every live process; 0 for the others
};

/// Monitors are small automata: a few bits per process, moved by effects, deliveries and flag changes.
/// - `bits()`: bits of state per process, 8 at most; all zero at the start
/// - `kEffectTags`: effects with none of these tags are not shown to `on_effect`
/// - `kDeliveryTags`: deliveries with none of these tags are not shown to `on_delivered`
/// - `kFlags`: process flags whose changes are shown to `on_flags`
/// - `kActs`: process flag of an intervention, an adverse event like those of the budget: set for good by an
///   operator just before acting
template <class M>
concept Monitor =
    requires(const M& monitor, std::span<std::uint8_t> bits, const EffectEvent& event, Slot slot, Tags tags,
             std::uint16_t flags, std::span<const std::uint16_t> all_flags) {
      { monitor.bits() } -> std::same_as<unsigned>;
      { M::kEffectTags } -> std::convertible_to<Tags>;
      { M::kDeliveryTags } -> std::convertible_to<Tags>;
      { M::kFlags } -> std::convertible_to<std::uint16_t>;
      { M::kActs } -> std::convertible_to<std::uint16_t>;
      { monitor.on_effect(bits, event) } -> std::same_as<Violations>;
      { monitor.on_delivered(bits, slot, tags) } -> std::same_as<Violations>;
      { monitor.on_flags(slot, flags, flags, all_flags) } -> std::same_as<Violations>;
    };

/// What monitors have to be shown; all else is nothing to them.
struct Watched {
  Tags effect_tags = 0;
  Tags delivery_tags = 0;
  std::uint16_t flags = 0;
  std::uint16_t acts = 0;  ///< of an intervention
  friend bool operator==(const Watched&, const Watched&) = default;
};

/// Monitors behind an interface. Engines ask them only about steps that they watch, which are few.
class AnyMonitor {
 public:
  virtual ~AnyMonitor() = default;
  [[nodiscard]] const Watched& watched() const { return watched_; }
  [[nodiscard]] virtual unsigned bits() const = 0;
  [[nodiscard]] virtual Violations on_effect(std::span<std::uint8_t> bits,
                                             const EffectEvent& event) const = 0;
  [[nodiscard]] virtual Violations on_delivered(std::span<std::uint8_t> bits, Slot slot, Tags tags) const = 0;
  [[nodiscard]] virtual Violations on_flags(Slot slot, std::uint16_t before, std::uint16_t after,
                                            std::span<const std::uint16_t> all) const = 0;

 protected:
  explicit AnyMonitor(const Watched& watched) : watched_(watched) {}
  AnyMonitor(const AnyMonitor&) = default;
  AnyMonitor& operator=(const AnyMonitor&) = default;

 private:
  Watched watched_;
};

/// Makes monitors usable by the engines.
template <Monitor M>
class MonitorOf final : public AnyMonitor {
 public:
  MonitorOf() : MonitorOf(M{}) {}
  explicit(false) MonitorOf(M monitor)
      : AnyMonitor({M::kEffectTags, M::kDeliveryTags, M::kFlags, M::kActs}), monitor_(std::move(monitor)) {}

  [[nodiscard]] unsigned bits() const override { return monitor_.bits(); }
  [[nodiscard]] Violations on_effect(std::span<std::uint8_t> bits, const EffectEvent& event) const override {
    return monitor_.on_effect(bits, event);
  }
  [[nodiscard]] Violations on_delivered(std::span<std::uint8_t> bits, Slot slot, Tags tags) const override {
    return monitor_.on_delivered(bits, slot, tags);
  }
  [[nodiscard]] Violations on_flags(Slot slot, std::uint16_t before, std::uint16_t after,
                                    std::span<const std::uint16_t> all) const override {
    return monitor_.on_flags(slot, before, after, all);
  }

 private:
  M monitor_;
};

/// Watches nothing.
struct NoMonitor {
  [[nodiscard]] unsigned bits() const { return 0; }
  static constexpr Tags kEffectTags = 0;
  static constexpr Tags kDeliveryTags = 0;
  static constexpr std::uint16_t kFlags = 0;
  static constexpr std::uint16_t kActs = 0;
  Violations on_effect(std::span<std::uint8_t>, const EffectEvent&) const { return 0; }
  Violations on_delivered(std::span<std::uint8_t>, Slot, Tags) const { return 0; }
  Violations on_flags(Slot, std::uint16_t, std::uint16_t, std::span<const std::uint16_t>) const { return 0; }
};

}  // namespace lockstorm::sim
