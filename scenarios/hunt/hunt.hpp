// A campaign: randomised search of a world that is too large to exhaust.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/data/chances.hpp"
#include "scenarios/hunt/lane.hpp"
#include "scenarios/search/limits.hpp"
#include "scenarios/search/verify_result.hpp"

namespace lockstorm::scenarios {

/// Part `number` (from 0) of `count`.
struct Shard {
  unsigned number = 0;
  unsigned count = 1;
};

struct HuntOptions {
  std::uint64_t seed = 1;
  /// When to stop; the first that is reached. Without any: after `kDefaultRuns`.
  std::optional<std::uint64_t> runs;
  std::optional<std::chrono::seconds> time;
  /// Until a bug of depth `depth` is missed with at most this probability.
  std::optional<double> missed;
  unsigned depth = 3;
  bool all = false;  ///< go on after a violation
  unsigned threads = 1;
  std::size_t max_bytes = std::size_t{4} << 30U;  ///< what the process may take
  Shard shard;
  std::vector<std::string> strategies;  ///< empty: the whole portfolio
  std::filesystem::path corpus;         ///< empty: none
  std::vector<sim::Schedule> replay{};  ///< tried first, like what the corpus has
  /// What the explorer may visit to prove that a counterexample is smallest.
  std::size_t shrink_states = limits::kShrinkStates;
  WorldBuilder build = plain_world;
  std::function<void(const std::string&)> tell;                         ///< what went wrong beside the search
  std::function<void(std::uint64_t runs, std::size_t finds)> progress;  ///< after every round
};
inline constexpr std::uint64_t kDefaultRuns = 100'000;

/// A violation, made as small as possible.
struct HuntedExample {
  std::size_t counterexample = 0;  ///< index into the result's
  std::string found_by;            ///< strategy, or "corpus"
  std::string drawn;               ///< what the strategy had drawn for the run
  std::uint64_t run = 0;           ///< number of the run, 0 for the corpus
  std::size_t steps_found = 0;     ///< before it was made smaller
  std::size_t steps = 0;           ///< of the processes that it needs; others may have to run to their end
  unsigned clients = 0;            ///< the first ones, which are all that it needs; 0: that is not known
  bool proved_smallest = false;    ///< fewest adverse events, then clients, then steps
};

/// What a campaign was asked for besides its seed and strategies; its parts are asked for the same.
struct CampaignSettings {
  std::optional<std::uint64_t> runs;
  std::optional<std::chrono::seconds> time;
  std::optional<double> missed;
  unsigned depth = 3;
  bool all = false;
  checkers::PropertySet checked;

  friend bool operator==(const CampaignSettings&, const CampaignSettings&) = default;
};

/// How many runs a part makes that nothing stops before; nothing where time or chance decide.
std::optional<std::uint64_t> runs_of_part(const CampaignSettings& settings, const Shard& shard);

struct HuntResult {
  VerifyResult result;  ///< verdicts and counterexamples; explored.complete is false
  std::uint64_t seed = 1;
  CampaignSettings settings;
  Shard shard;
  std::vector<unsigned> missing;  ///< parts, from 0, that were not there when the others were joined
  unsigned joined = 1;            ///< parts that the campaign was made in
  HuntCounts counts;
  std::vector<std::string> strategies;
  PctRuns pct;
  std::size_t replayed = 0;  ///< streams of the corpus
  std::vector<HuntedExample> examples;
};

/// The same seed and number of runs give the same result on any number of threads. Shards make disjoint parts
/// of the runs that one campaign would make.
HuntResult hunt(const Scenario& scenario, const HuntOptions& options);

/// Settles verdicts and chances from what was counted; used by campaigns and when shards are joined. Of parts
/// that are missing nothing is known, so what the others did not find is `unknown`.
void conclude(HuntResult& hunted, const World& world, std::size_t calm_states = limits::kCalmStatesOfAHunt);

}  // namespace lockstorm::scenarios
