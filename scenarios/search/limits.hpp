// How far the searches go that are bounded in states, steps or tries, and what becomes of a verdict where one
// of them comes to its bound. One table; docs/engines.md ("Limits") tells users what of it they can notice.
// No bound makes a wrong answer: what is not known is said.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lockstorm::scenarios::limits {

// Whether a property holds. How many states there may be is a matter of memory (`--memory`); of these bounds
// only `kPasses` shows in a verdict, which is `unknown` beyond it.

/// States below which the automata need not be closed to merge bisimilar nodes: that costs a second or two,
/// in which a million states are visited.
inline constexpr std::size_t kStatesWorthClosing = 600'000;
/// Nodes of an automaton that is closed; in a larger one each node stands for itself, and there are more
/// states.
inline constexpr std::size_t kClosedNodes = 20'000;
/// Explorations one after the other while the automata keep growing.
inline constexpr int kPasses = 12;

// Whether every command succeeds in some run without faults. First some runs are tried, which finds nothing
// wrong by itself; then all are looked at. Beyond `kCalmStates`, where no run was seen in which a command
// succeeds, `held` becomes `unknown`.

inline constexpr std::size_t kCalmStates = 4'000'000;
/// The same after a campaign, which has taken its time already.
inline constexpr std::size_t kCalmStatesOfAHunt = 1'000'000;
inline constexpr std::size_t kCalmRun = 4'000;        ///< steps of a run that is tried
inline constexpr std::size_t kCalmStepsInARow = 500;  ///< of one job, before it is another's turn
inline constexpr std::size_t kCalmOrders = 8;         ///< jobs that may be the first one
inline constexpr std::uint64_t kCalmRandomRuns = 16;  ///< after those in which jobs take turns

// Whether a run that stops before its end can still finish. First near states are visited and some walks
// made, which can only find that it can; then all states. Beyond that `progress` is `unknown`, and a try
// (shrinking) does not count as a violation.

inline constexpr std::size_t kFinishStates = 200'000;       ///< where it is asked once
inline constexpr std::size_t kFinishStatesOfARun = 20'000;  ///< of each run of a campaign that was cut off
inline constexpr std::size_t kFinishStatesOfATry = 20'000;  ///< of each try of shrinking
inline constexpr std::size_t kFinishNearStates = 1'000;     ///< a small world is visited whole
inline constexpr std::uint64_t kFinishWalks = 4;  ///< a wide one mostly finishes when it goes on at random
inline constexpr std::size_t kFinishStepsOfAWalk = 4'000;

// How a violation is told. It stands whatever becomes of these; beyond them the story has less to say.

/// For a way out, at each step that is tried: the decisive moment is not told.
inline constexpr std::size_t kDecisiveStates = 300'000;
/// For a run without one of the clients: it stays in the story.
inline constexpr std::size_t kStatesWithoutAClient = 300'000;
/// For what else violates the property, where it is only to be named: the list may not be whole, and says so.
inline constexpr std::size_t kSurveyedStates = 2'000'000;
/// For each change of the scenario that is tried, a tenth of a second: it is not known to help.
inline constexpr std::size_t kWhatIfStates = 400'000;
/// To prove that what a campaign has found cannot be made smaller: it is told, and not called the smallest.
inline constexpr std::size_t kShrinkStates = 3'000'000;
/// Steps of a try while shrinking, for clients may poll for ever: it does not count as a violation.
inline constexpr std::size_t kStepsOfATry = 20'000;

// How long runs of a campaign and of `simulate` are. What is cut off is looked at as above.

/// Times the longest of some runs that are made before.
inline constexpr std::uint64_t kLongestRun = 20;
/// Likewise: from then on everybody gets a turn, whatever the strategy wants.
inline constexpr std::uint64_t kUnfairRun = 4;
/// Clients that poll a lock for ever are cut off here; every other run is far shorter.
inline constexpr std::size_t kStepsOfASimulation = 20'000;

}  // namespace lockstorm::scenarios::limits
