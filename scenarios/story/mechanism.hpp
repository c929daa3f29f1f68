// What makes a violation, so that runs that differ in nothing else count as one finding.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/world/world.hpp"
#include "sim/explore/survey.hpp"

namespace lockstorm::scenarios {

/// The step that violates a property, or, at an ending, what is wrong then. Names only, no process's number.
struct ViolatingEvent {
  std::string command;    ///< that the job runs
  std::string service;    ///< of a call, with `operation`, `object` and `answer`
  std::string operation;  ///< of a step that is no call: what kind of step
  std::string object;     ///< that a call is about, or that is wrong at an ending
  std::string answer;     ///< the status alone
  std::string wrong;      ///< at an ending: how the object is wrong
  friend auto operator<=>(const ViolatingEvent&, const ViolatingEvent&) = default;
};

/// Adverse events of one kind: "crash" 1, "operator" 1, "conflicts" 2.
using SpentEvents = std::vector<std::pair<std::string, unsigned>>;

/// What violates a property: an event, and a smallest adversity it is reached with.
struct Mechanism {
  ViolatingEvent event;
  SpentEvents adversity;  ///< kinds in a fixed order; empty: none is needed
  /// Number in VerifyResult::counterexamples, if it is told.
  std::optional<std::size_t> counterexample;

  [[nodiscard]] unsigned adverse_events() const;
  [[nodiscard]] bool is_same(const Mechanism& other) const {
    return event == other.event && adversity == other.adversity;
  }
};

/// Those of one property, the simplest first.
struct Mechanisms {
  bool complete = false;  ///< there are no others
  std::vector<Mechanism> all;
};

/// Whether a step of that kind violates the property only by what another step has done before: a client is
/// told that its save is safe, and it has been replaced by then. The one who is told may as well be told
/// before, so that no event is left out for it.
constexpr bool brings_to_light(checkers::Property property, sim::MoveKind kind) {
  return property == checkers::Property::no_lost_update && kind == sim::MoveKind::deliver;
}

/// Names what violates a property in a world, and numbers it for a survey. Not thread-safe.
class EventNames {
 public:
  /// Both must outlive it.
  EventNames(const World& world, sim::ValuePool& values);

  sim::EventId of_step(const sim::ViolatingStep& step);
  /// What is wrong there with regard to the property.
  std::vector<sim::EventId> of_end(const sim::EndState& end, checkers::Property property);
  sim::EventId of_hang();

  [[nodiscard]] const ViolatingEvent& operator[](sim::EventId id) const { return events_[id]; }
  [[nodiscard]] SpentEvents adversity(const sim::Spent& spent) const;

 private:
  sim::EventId number(ViolatingEvent event);
  [[nodiscard]] std::string whole(std::size_t process_class) const;

  const World& world_;
  sim::ValuePool& values_;
  EndFaults end_faults_;
  std::vector<std::vector<std::string>> scripts_;  ///< [process class]
  std::vector<ViolatingEvent> events_;
  std::map<ViolatingEvent, sim::EventId> numbers_;
  std::map<sim::ViolatingStep, sim::EventId> steps_;
};

}  // namespace lockstorm::scenarios
