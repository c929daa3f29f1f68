// Many runs of one scenario in virtual time: how long jobs wait, how many give up, what it costs, and how
// sure that is.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "scenarios/contend/estimates.hpp"
#include "scenarios/contend/overtaking.hpp"
#include "scenarios/contend/safety.hpp"
#include "scenarios/contend/wait_histogram.hpp"
#include "scenarios/timed/figures.hpp"
#include "scenarios/timed/timed_world.hpp"

namespace lockstorm::scenarios {

inline constexpr std::uint64_t kDefaultContendRuns = 200;
inline constexpr std::uint64_t kMostContendRuns = 1'000'000;

struct ContendOptions {
  std::uint64_t runs = kDefaultContendRuns;
  std::uint64_t seed = 1;
  unsigned threads = 1;
  std::uint64_t most_events_a_run = 500'000'000;
  /// When to stop, whatever has been made by then: the runs before the first that is not done count.
  std::optional<std::chrono::milliseconds> time{};
  /// How many states may be explored for each property that no run violates, and for what bounds overtaking;
  /// 0: it is not tried to prove anything.
  std::size_t proof_states = 0;
  std::function<void()> one_done;  ///< called on any thread after each run; may be empty
};

/// Waits of those who were granted the lock, in seconds, from when they were told to start: the group's and
/// the lock's together, without start-up.
struct WaitEstimates {
  Estimate mean_s;
  Estimate p50_s;
  Estimate p90_s;
  Estimate p99_s;
  double max_s = 0;
};

/// How jobs ended, of all that were told to start.
struct EndShares {
  Estimate done;
  Estimate gave_up;
  Estimate refused;
  Estimate failed;
  Estimate killed;
  Estimate cancelled;
};

struct FairnessEstimates {
  Estimate overtaken_share;   ///< of jobs that waited: somebody who came later was granted the lock first
  Estimate overtakings_mean;  ///< a job that waited
  std::uint32_t overtakings_max = 0;
  /// Jain's index of the waits of those who waited, run by run: 1 when all wait alike, 1/n when one of n
  /// bears it all.
  Estimate jain;
};

struct RecoveryEstimates {
  std::uint64_t holders_killed = 0;
  std::uint64_t recovered = 0;    ///< ... and somebody was granted the lock later
  std::uint64_t unrecovered = 0;  ///< ... and nobody was, to the end of the run
  double mean_s = 0;
  double p50_s = 0;
  double p90_s = 0;
  double max_s = 0;
};

struct ContendResult {
  Scenario scenario;
  std::shared_ptr<const TimedSettings> settings;
  std::uint64_t runs = 0;    ///< that were made
  std::uint64_t wanted = 0;  ///< more than that: time was over before
  std::uint64_t seed = 0;
  std::uint64_t jobs = 0;
  std::uint64_t waited = 0;  ///< jobs that were not granted the lock at once
  WaitEstimates wait;
  EndShares ends;
  FairnessEstimates fairness;
  std::optional<OvertakingProof> overtaking;  ///< where it was asked for, and jobs wait
  RecoveryEstimates recovery;
  std::vector<SafetyEstimate> safety;  ///< of properties that are watched and mean something here
  Estimate done_per_hour;              ///< jobs, all states together
  Estimate utilisation;                ///< share of the time in which somebody has a state's lock
  Estimate requests_each;              ///< of a job
  Estimate lock_requests_each;
  Estimate nanodollars_each;
  Estimate waiting_mean;  ///< jobs that wait for the lock at any time
  std::uint64_t throttled = 0;
  WaitHistogram histogram;
  std::uint64_t events = 0;
  std::uint64_t trace_hash = 0;     ///< over the traces of all runs, in order
  std::uint64_t cut_off = 0;        ///< runs that did not end
  std::uint64_t first_cut_off = 0;  ///< the first of them
  std::optional<Stuck> stuck;       ///< what it waits for
  double seconds = 0;               ///< that it took: the only figure that differs from time to time
};

/// Equal options give equal figures (`seconds` apart), whatever the number of threads.
std::expected<ContendResult, InputError> contend(const Scenario& scenario, const ContendOptions& options);

/// The same of a world that has been built, for whoever tries settings.
ContendResult contend(const TimedWorld& world, const ContendOptions& options);

}  // namespace lockstorm::scenarios
