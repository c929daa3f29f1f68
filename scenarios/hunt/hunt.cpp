#include "scenarios/hunt/hunt.hpp"

#include <fmt/format.h>

#include <atomic>
#include <charconv>
#include <set>

#include "scenarios/hunt/corpus.hpp"
#include "scenarios/hunt/move_times.hpp"
#include "scenarios/hunt/shrink.hpp"
#include "scenarios/search/needed_clients.hpp"
#include "scenarios/search/search_memory.hpp"
#include "scenarios/search/tell_showing.hpp"
#include "scenarios/search/validity.hpp"
#include "scenarios/search/verify.hpp"
#include "sim/explore/parallel.hpp"

namespace lockstorm::scenarios {
namespace {

using checkers::Property;
using checkers::PropertySet;

// Between two rounds all lanes wait for the last one, and what they found, the corpus and the clock are
// looked at: the first rounds are short, so that an easy bug stops the campaign at once, later ones longer,
// as far as the length of a run leaves them well under a second.
constexpr std::uint64_t kFirstRound = 256;  // runs of a lane
constexpr std::uint64_t kLongestRound = 2048;
constexpr std::uint64_t kStepsOfARound = 100'000;  // of a lane
constexpr unsigned kPilots = 64;
constexpr std::size_t kMostKept = 256;  // streams of a corpus, besides violations

struct FoundRun {
  HuntFind find;
  unsigned lane = 0;
  [[nodiscard]] std::uint64_t run() const { return find.run * kLanes + lane; }
};

CampaignSettings settings_of(const HuntOptions& options) {
  return {options.runs, options.time, options.missed, options.depth, options.all, {}};
}

// Nothing: until the time is over, or the chance is small enough.
std::optional<std::uint64_t> runs_of_lane(const CampaignSettings& settings) {
  if (!settings.runs && (settings.time || settings.missed)) return std::nullopt;
  return (settings.runs.value_or(kDefaultRuns) + kLanes - 1) / kLanes;
}

class Campaign {
 public:
  Campaign(const Scenario& scenario, const World& world, const HuntOptions& options)
      : scenario_(scenario),
        world_(world),
        options_(options),
        names_(options.strategies),
        timed_(scenario, world) {
    if (names_.empty()) names_ = strategy_names(scenario.timed != nullptr);
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      if (lane % options.shard.count == options.shard.number)
        lanes_.push_back({lane, std::make_unique<Lane>(options.seed, lane, names_, &timed_)});
    }
    for (unsigned thread = 0; thread < std::max(options.threads, 1U); ++thread)
      workers_.push_back(std::make_unique<HuntWorker>(world, options.max_bytes / 4 * 3));
    shape_ = measure_shape(workers_[0]->runner(), kPilots, {});
  }

  HuntResult run() {
    Corpus corpus = options_.corpus.empty()
                        ? Corpus()
                        : Corpus(options_.corpus, scenario_.name, fingerprint(scenario_), options_.tell);
    HuntResult hunted;
    hunted.result.scenario = scenario_;
    hunted.seed = options_.seed;
    hunted.settings = settings_of(options_);
    hunted.settings.checked = world_.checked;
    hunted.shard = options_.shard;
    hunted.strategies = names_;
    replay(corpus, hunted);
    search(corpus);
    count(hunted);
    for (const auto& worker : workers_) worker->give_back();  // what is told needs room
    for (const FoundRun& found : first_finds()) tell(found, hunted, corpus);
    minimise(corpus);
    conclude(hunted, world_, states_within(options_.max_bytes / 2, limits::kCalmStatesOfAHunt));
    return hunted;
  }

 private:
  struct NumberedLane {
    unsigned number;
    std::unique_ptr<Lane> lane;
  };

  // What the corpus has: first, because it is known to matter.
  void replay(Corpus& corpus, HuntResult& hunted) {
    sim::TableRun& runner = workers_[0]->runner();
    std::vector<sim::Schedule> schedules = options_.replay;
    for (sim::Schedule& schedule : corpus.load()) schedules.push_back(std::move(schedule));
    for (const sim::Schedule& schedule : schedules) {
      const auto decisions = runner.decisions_of(schedule);
      if (!decisions) {
        corpus.set_aside(schedule, "its steps are not those of this version");
        continue;
      }
      ++hunted.replayed;
      sim::RunResult result;
      runner.restart();
      for (const sim::Decision& decision : *decisions) runner.take(decision, result);
      PropertySet violations = PropertySet::from_bits(result.violations);
      if (runner.enabled().empty())
        violations |= PropertySet::from_bits(workers_[0]->check_end().violations);
      else if (world_.checked.contains(Property::progress) &&
               workers_[0]->can_finish(*decisions) == Finish::impossible)
        violations.insert(Property::progress);
      violations &= world_.checked;
      if (!violations.empty()) replayed_.push_back({{0, "corpus", {}, violations, schedule}, 0});
      kept_streams_.push_back(*decisions);
    }
    for (NumberedLane& lane : lanes_) lane.lane->seed(kept_streams_);
  }

  void search(Corpus& corpus) {
    const auto start = std::chrono::steady_clock::now();  // only decides when to stop
    const std::uint64_t lane_runs = runs_of_lane(settings_of(options_)).value_or(~std::uint64_t{0});
    if (!options_.all && !replayed_.empty()) return;
    const std::uint64_t longest =
        std::clamp(kStepsOfARound / std::max(shape_.steps, 1U), kFirstRound, kLongestRound);
    std::uint64_t length = kFirstRound;
    for (std::uint64_t done = 0; done < lane_runs;) {
      const std::uint64_t runs = std::min(length, lane_runs - done);
      round(runs);
      done += runs;
      length = std::min(2 * length, longest);
      keep(corpus);
      const std::size_t finds = first_finds().size();
      if (options_.progress) options_.progress(done * lanes_.size(), finds);
      if (finds > 0 && !options_.all) break;
      if (options_.time && std::chrono::steady_clock::now() - start >= *options_.time) break;
      if (options_.missed && chance_missed(pct_runs(), options_.depth) <= *options_.missed) break;
    }
  }

  // Every lane on some thread; which one does not matter.
  void round(std::uint64_t runs) {
    std::atomic<std::size_t> next{0};
    const auto work = [&](std::size_t thread) {
      for (std::size_t i = next++; i < lanes_.size(); i = next++)
        lanes_[i].lane->run(*workers_[thread], world_.spec, shape_, runs, world_.checked.bits());
    };
    sim::run_parallel(static_cast<unsigned>(workers_.size()), workers_.size(), work);
  }

  // Violations at once, so that nothing is lost when the campaign is killed.
  void keep(Corpus& corpus) {
    for (const NumberedLane& lane : lanes_) {
      const auto& finds = lane.lane->finds();
      for (std::size_t& i = kept_[lane.number]; i < finds.size(); ++i) corpus.keep(finds[i].schedule);
    }
  }

  // What stays: the smallest violations, and of all runs that did something new as many as it takes to do it
  // all again.
  void minimise(Corpus& corpus) {
    if (options_.corpus.empty()) return;
    HuntWorker& worker = *workers_[0];
    std::vector<sim::ChoiceStream> streams = kept_streams_;
    for (const NumberedLane& lane : lanes_) {
      const sim::StreamPool& pool = lane.lane->pool();
      for (std::size_t i = kept_streams_.size(); i < pool.size(); ++i) streams.push_back(pool[i].stream);
      for (const HuntFind& find : lane.lane->finds()) corpus.drop(find.schedule);
    }
    std::set<std::uint16_t> seen;
    std::size_t kept = 0;
    for (const sim::ChoiceStream& stream : streams) {
      bool is_new = false;
      for (const std::uint16_t pair : worker.pairs_of(stream)) is_new |= seen.insert(pair).second;
      const sim::Schedule schedule = worker.runner().schedule_of(stream);
      if (is_new && kept < kMostKept) {
        corpus.keep(schedule);
        ++kept;
      } else {
        corpus.drop(schedule);
      }
    }
    for (const sim::Schedule& schedule : smallest_) corpus.keep(schedule);
  }

  // For each property the first run that violated it, and for `all` each set of properties.
  [[nodiscard]] std::vector<FoundRun> first_finds() const {
    std::vector<FoundRun> all = replayed_;
    for (const NumberedLane& lane : lanes_) {
      for (const HuntFind& find : lane.lane->finds()) all.push_back({find, lane.number});
    }
    std::sort(all.begin() + static_cast<std::ptrdiff_t>(replayed_.size()), all.end(),
              [](const FoundRun& a, const FoundRun& b) { return a.run() < b.run(); });
    std::vector<FoundRun> first;
    PropertySet seen;
    for (const FoundRun& found : all) {
      if ((found.find.violations - seen).empty()) continue;
      seen |= found.find.violations;
      first.push_back(found);
    }
    return first;
  }

  void tell(const FoundRun& found, HuntResult& hunted, Corpus& corpus) {
    for (const Property property : found.find.violations) {
      if (hunted.result.properties.contains(property)) continue;
      const Shrunk shrunk =
          shrink(scenario_, world_, property, found.find.schedule,
                 states_within(options_.max_bytes / 2, options_.shrink_states), options_.build);
      auto told = tell_showing(scenario_, world_, property, shrunk.schedule);
      if (!told) {
        hunted.result.properties[property] = Verdict::nondeterministic;
        hunted.result.why = told.error();
        continue;
      }
      find_needed_clients(scenario_, world_, options_.build, *told);
      if (shrunk.clients > 0) leave_out_clients(shrunk.clients, scenario_.clients(), *told);
      const auto needed =
          static_cast<std::size_t>(std::ranges::count_if(told->steps, [&](const CounterexampleStep& step) {
            return step.is_time || told->needs(step.actor_slot);
          }));
      told->decisive_step = find_decisive_step(world_, property, shrunk.schedule);
      hunted.result.properties[property] = Verdict::violated;
      hunted.examples.push_back({hunted.result.counterexamples.size(), found.find.strategy, found.find.drawn,
                                 found.run(), found.find.schedule.size(), needed, shrunk.clients,
                                 shrunk.proved});
      hunted.result.counterexamples.push_back(std::move(*told));
      corpus.keep(shrunk.schedule);
      smallest_.push_back(shrunk.schedule);
    }
  }

  [[nodiscard]] PctRuns pct_runs() const {
    PctRuns pct{shape_.processes, shape_.steps, scenario_.faults.total(), {}};
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::string_view name = names_[i];
      if (!name.starts_with("pct:")) continue;
      unsigned depth = 0;
      std::from_chars(name.data() + 4, name.data() + name.size(), depth);
      pct.runs.resize(std::max<std::size_t>(pct.runs.size(), depth + 1U));
      for (const NumberedLane& lane : lanes_) pct.runs[depth] += lane.lane->counts().runs_of[i];
    }
    return pct;
  }

  void count(HuntResult& hunted) const {
    for (const NumberedLane& lane : lanes_) hunted.counts.join(lane.lane->counts());
    for (const auto& worker : workers_) worker->add_marks(hunted.counts.marks);
    hunted.pct = pct_runs();
  }

  const Scenario& scenario_;
  const World& world_;
  const HuntOptions& options_;
  std::vector<std::string> names_;
  TimedHunt timed_;
  std::vector<NumberedLane> lanes_;
  std::vector<std::unique_ptr<HuntWorker>> workers_;
  sim::RunShape shape_;
  std::vector<FoundRun> replayed_;
  std::vector<sim::ChoiceStream> kept_streams_;  ///< of the corpus, as it was
  std::vector<sim::Schedule> smallest_;          ///< what was told
  std::array<std::size_t, kLanes> kept_{};
};

// What was not found in some parts of a campaign may be in the others.
void leave_open(const HuntResult& hunted, VerifyResult& result) {
  if (hunted.missing.empty() || result.verdict >= Verdict::violated ||
      result.invalidity == Invalidity::nobody_succeeds)
    return;
  for (auto& [property, verdict] : result.properties) {
    if (verdict == Verdict::held) verdict = Verdict::unknown;
  }
  result.verdict = Verdict::unknown;
  result.invalidity = Invalidity::none;
  result.why = fmt::format("{} of the campaign's {} parts {} missing: what {} runs find is not known",
                           hunted.missing.size(), hunted.joined, hunted.missing.size() == 1 ? "is" : "are",
                           hunted.missing.size() == 1 ? "its" : "their");
}

}  // namespace

std::optional<std::uint64_t> runs_of_part(const CampaignSettings& settings, const Shard& shard) {
  const auto of_lane = runs_of_lane(settings);
  if (!of_lane || settings.time || settings.missed) return std::nullopt;
  return *of_lane * ((kLanes - shard.number + shard.count - 1) / shard.count);
}

void conclude(HuntResult& hunted, const World& world, std::size_t calm_states) {
  VerifyResult& result = hunted.result;
  const bool is_part = hunted.shard.count > 1;
  result.searched = Searched{hunted.counts.runs,
                             hunted.counts.seen_through(),
                             hunted.pct,
                             hunted.settings.depth,
                             is_part ? std::optional(hunted.shard.number) : std::nullopt,
                             is_part ? hunted.shard.count : hunted.joined,
                             hunted.missing};
  result.fired = hunted.counts.fired;
  result.reached = read_marks(world, hunted.counts.marks);
  result.explored.cut_off = hunted.counts.out_of_time;
  result.verdict = Verdict::held;
  for (const Property property : world.checked) {
    // Of runs that were cut off nobody knows whether they hang, nor how they would have ended.
    const bool may_hang = property == Property::progress && hunted.counts.undecided > 0;
    const Verdict at_endings = verdict_of_unviolated(world, property, true, hunted.counts.out_of_time);
    const bool is_new =
        result.properties.try_emplace(property, may_hang ? Verdict::unknown : at_endings).second;
    if (is_new && at_endings == Verdict::unknown)
      result.why = fmt::format(
          "{} of {} runs were cut off by the end of time ({} ticks): what is judged at endings is not known",
          hunted.counts.out_of_time, hunted.counts.runs, result.scenario.time.ticks);
    if (is_new && may_hang)
      result.why = fmt::format("{} of {} runs had not ended, and whether they hang was too much to look at",
                               hunted.counts.undecided, hunted.counts.runs);
    result.verdict = worse(result.verdict, result.properties[property]);
  }
  if (result.verdict == Verdict::held && hunted.counts.runs == 0) {
    result.verdict = Verdict::unknown;
    result.why = "no run was made";
    return;
  }
  settle_validity(result, world, calm_states);
  leave_open(hunted, result);
}

HuntResult hunt(const Scenario& scenario, const HuntOptions& options) {
  const auto start = std::chrono::steady_clock::now();  // reported as "seconds", never part of a verdict
  const auto world = options.build(scenario);
  HuntResult hunted = Campaign(scenario, *world, options).run();
  hunted.result.explored.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return hunted;
}

}  // namespace lockstorm::scenarios
