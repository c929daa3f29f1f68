// In how many ways one property is violated: which events violate it, and with which adversity each is
// reached.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "sim/end_state.hpp"
#include "sim/explore/violation_place.hpp"
#include "sim/steps.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::sim {

/// A step that violates something, as far as such events are compared; names in it are the process's own.
struct ViolatingStep {
  std::uint8_t process_class = 0;
  MoveKind kind = MoveKind::send;
  std::uint8_t service = 0;
  std::uint16_t about = 0;  ///< of choices
  std::uint16_t flags = 0;  ///< of the process before it
  bool is_over = false;     ///< the process is no more: its flags say nothing
  ValueId request = 0;      ///< of calls
  ValueId response = 0;     ///< of effects and deliveries
  friend auto operator<=>(const ViolatingStep&, const ViolatingStep&) = default;
};

/// How many adverse events of each kind a run has spent: the fault kinds, then interventions by process
/// class, then events of the services' own by service.
using Spent = std::vector<std::uint8_t>;

/// Where the events of each kind stand in a Spent.
class SpentPlaces {
 public:
  explicit SpentPlaces(const WorldSpec& spec)
      : classes_(spec.classes.size()), services_(spec.services.size()) {}

  [[nodiscard]] Spent nothing() const { return Spent(counted(services_)); }
  [[nodiscard]] std::size_t fault(std::size_t kind) const { return kind; }
  [[nodiscard]] std::size_t intervention(std::size_t process_class) const {
    return fault(kFaultKinds) + process_class;
  }
  [[nodiscard]] std::size_t counted(std::size_t service) const { return intervention(classes_) + service; }

 private:
  std::size_t classes_;
  std::size_t services_;
};

/// No more of any kind.
inline bool is_within(const Spent& one, const Spent& other) {
  return std::ranges::equal(one, other, std::less_equal{});
}

/// A number for what the owner of a survey takes for one event.
using EventId = std::uint32_t;

/// What is asked of an exploration that looks for all the events that violate one property, also those that
/// come after another one.
struct Survey {
  unsigned property = 0;
  /// Nothing: the step only brings to light what another step has done, which is the event.
  std::function<std::optional<EventId>(const ViolatingStep&)> event_of_step;
  std::function<std::vector<EventId>(const EndState&)> events_of_end;
  EventId hang = 0;  ///< a state from which nobody can finish any more

  struct Wanted {
    EventId event = 0;
    Spent spent;
  };
  /// Then no other event counts, and none with more of any kind of adversity.
  std::optional<Wanted> wanted;
};

/// The events, each with every smallest adversity that it takes.
class SurveyedEvents {
 public:
  struct Way {
    Spent spent;
    ViolationPlace first;  ///< the one that was met first
  };

  /// In the order in which a search comes across them.
  void note(EventId event, const Spent& spent, const ViolationPlace& by) {
    std::vector<Way>& ways = ways_[event];
    if (std::ranges::any_of(ways, [&](const Way& way) { return is_within(way.spent, spent); })) return;
    std::erase_if(ways, [&](const Way& way) { return is_within(spent, way.spent); });
    ways.push_back({spent, by});
  }
  [[nodiscard]] const std::map<EventId, std::vector<Way>>& all() const { return ways_; }

 private:
  std::map<EventId, std::vector<Way>> ways_;
};

}  // namespace lockstorm::sim
