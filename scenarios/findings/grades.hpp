// How much a finding matters: the one table from how it comes about and what it destroys to a grade, with
// the reason for each.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "checkers/properties.hpp"
#include "scenarios/campaigns/troubles.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::scenarios {

/// From least to most.
enum class Grade : std::uint8_t { info, low, medium, high, critical };

constexpr std::string_view grade_name(Grade grade) {
  constexpr auto kNames = sim::text_for_each<Grade>({"info", "low", "medium", "high", "critical"});
  return kNames[static_cast<std::size_t>(grade)];
}

/// The grade of that name.
std::optional<Grade> grade_named(std::string_view name);

/// What it takes, from what needs nothing to what needs most.
enum class Occurrence : std::uint8_t {
  every_day,
  first_apply,
  pipeline_fault,
  outside_fault,
  first_apply_fault,
  several_faults,
  operators_mistake
};

/// What is damaged.
enum class Harm : std::uint8_t { state, infrastructure, protection, lock_left, refused };

struct OccurrenceRow {
  std::string_view name;          ///< "no fault"
  std::string_view why;           ///< why it weighs what it weighs
  std::array<Grade, 5> grades{};  ///< for each Harm
};

struct HarmColumn {
  std::string_view name;  ///< "state is lost or unreadable"
  std::string_view why;
};

// clang-format off
/// What it destroys.
inline constexpr auto kHarms = sim::one_for_each<Harm, HarmColumn>({
    {"state lost", "what was saved is overwritten, unreadable or ambiguous: resources are orphaned, doubled or destroyed by the next apply"},
    {"infrastructure lost", "a resource exists that no state knows of, exists twice, or is destroyed though nobody asked for it"},
    {"protection lost", "two jobs work at once, or one works without the lock: whether state is lost then is a matter of luck"},
    {"lock left", "nothing is lost, but no job gets on until a person removes a lock"},
    {"job refused", "one job fails although it need not; run again, it succeeds"},
});

/// How it comes about.
inline constexpr auto kOccurrences = sim::one_for_each<Occurrence, OccurrenceRow>({
    //                                                                                                                          state             infrastructure    protection        lock left       refused
    {"every day, no fault", "two jobs that start close together are enough",                                                   {Grade::critical, Grade::critical, Grade::critical, Grade::high,   Grade::medium}},
    {"first apply, no fault", "two jobs that start close together are enough, but only until there is a first state",         {Grade::high,     Grade::high,     Grade::high,     Grade::medium, Grade::low}},
    {"a fault that pipelines produce", "every cancelled run, time limit and reclaimed runner is one",                         {Grade::high,     Grade::high,     Grade::high,     Grade::medium, Grade::low}},
    {"a fault of network, store or machine", "rare in one run, certain over many: one request or answer that is lost or late, one error of a server, one runner that hangs", {Grade::medium, Grade::medium, Grade::medium, Grade::low, Grade::low}},
    {"first apply, and a fault", "a fault, and only until there is a first state",                                            {Grade::medium,   Grade::medium,   Grade::medium,   Grade::low,    Grade::info}},
    {"several faults in one run", "each is rare, and they have to meet",                                                      {Grade::medium,   Grade::medium,   Grade::low,      Grade::low,    Grade::info}},
    {"an operator's mistake", "somebody removes the lock of a job that still runs, or has ended by itself; the tool asks before it does", {Grade::medium,   Grade::medium,   Grade::low,      Grade::low,    Grade::info}},
});
// clang-format on

/// What of Occurrence a cause is.
Occurrence occurrence_of(const Trouble& cause);

/// What of Harm a violated property means.
Harm harm_of(checkers::Property property);

constexpr const OccurrenceRow& row_of(Occurrence occurrence) {
  return kOccurrences[static_cast<std::size_t>(occurrence)];
}

constexpr const HarmColumn& column_of(Harm harm) { return kHarms[static_cast<std::size_t>(harm)]; }

constexpr Grade grade_of(Occurrence occurrence, Harm harm) {
  return row_of(occurrence).grades[static_cast<std::size_t>(harm)];
}

/// Whether no backend can prevent it: a job that is killed between creating a resource and saving the state
/// takes what it knows with it. Told once, never a reason to fail.
bool is_inherent(checkers::Property property, const Trouble& cause);

}  // namespace lockstorm::scenarios
