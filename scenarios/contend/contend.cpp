#include "scenarios/contend/contend.hpp"

#include <algorithm>
#include <chrono>

#include "scenarios/timed/day.hpp"
#include "sim/explore/parallel.hpp"
#include "sim/random.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr double kSecond_us = 1e6;

// What is kept of a run: sums, and the waits themselves.
struct RunSummary {
  std::vector<std::uint64_t> waits_us;
  std::vector<std::uint64_t> recoveries_us;
  std::array<std::uint64_t, 7> ends{};  ///< by JobEnd
  std::uint64_t jobs = 0;
  std::uint64_t wait_sum_us = 0;
  std::uint64_t waited = 0;
  std::uint64_t overtaken = 0;
  std::uint64_t overtakings = 0;
  std::uint32_t overtakings_max = 0;
  double jain = 1;
  std::uint64_t requests = 0;
  std::uint64_t lock_requests = 0;
  std::uint64_t nanodollars = 0;
  std::uint64_t held_us = 0;
  std::uint64_t end_us = 0;
  std::uint64_t waiting_area_us = 0;
  std::uint64_t throttled = 0;
  std::uint64_t holders_killed = 0;
  std::uint64_t unrecovered = 0;
  std::uint64_t events = 0;
  std::uint64_t trace_hash = 0;
  checkers::PerProperty<Breach> breaches{};
  std::optional<Stuck> stuck;
  WaitHistogram histogram;
};

RunSummary summary_of(const RunFigures& run) {
  RunSummary sum;
  double total = 0;
  double squares = 0;
  for (const JobFigures& job : run.jobs) {
    ++sum.jobs;
    ++sum.ends[static_cast<std::size_t>(job.end)];
    sum.requests += job.requests;
    sum.lock_requests += job.lock_requests;
    sum.nanodollars += job.nanodollars;
    if (job.granted) {
      sum.waits_us.push_back(job.wait_us());
      sum.wait_sum_us += job.wait_us();
      sum.histogram.add(job.wait_us());
    }
    if (!job.waited() || job.end == JobEnd::cancelled) continue;
    ++sum.waited;
    sum.overtaken += job.overtaken > 0 ? 1 : 0;
    sum.overtakings += job.overtaken;
    sum.overtakings_max = std::max(sum.overtakings_max, job.overtaken);
    const double wait_s = static_cast<double>(job.wait_us()) / kSecond_us;
    total += wait_s;
    squares += wait_s * wait_s;
  }
  if (squares > 0) sum.jain = total * total / (static_cast<double>(sum.waited) * squares);
  sum.recoveries_us = run.recoveries_us;
  sum.held_us = run.held_us;
  sum.end_us = run.end_us;
  sum.waiting_area_us = run.waiting_area_us;
  sum.throttled = run.throttled;
  sum.holders_killed = run.holders_killed;
  sum.unrecovered = run.unrecovered;
  sum.events = run.events;
  sum.trace_hash = run.trace_hash;
  sum.breaches = run.breaches;
  sum.stuck = run.stuck;
  return sum;
}

/// Figures of all runs, and of groups of them.
class Summaries {
 public:
  explicit Summaries(const std::vector<RunSummary>& runs) : runs_(runs) {}

  /// `above` summed over the runs, divided by `below` summed.
  template <class Above, class Below>
  [[nodiscard]] Estimate ratio(Above above, Below below) const {
    return estimate(runs_.size(), [&](std::size_t first, std::size_t last) {
      double numerator = 0;
      double denominator = 0;
      for (std::size_t i = first; i < last; ++i) {
        numerator += static_cast<double>(above(runs_[i]));
        denominator += static_cast<double>(below(runs_[i]));
      }
      return denominator == 0 ? 0 : numerator / denominator;
    });
  }
  [[nodiscard]] Estimate share(JobEnd end) const {
    return ratio([end](const RunSummary& run) { return run.ends[static_cast<std::size_t>(end)]; },
                 [](const RunSummary& run) { return run.jobs; });
  }
  [[nodiscard]] Estimate wait_quantile_s(unsigned share_permille) const {
    return estimate(runs_.size(), [&](std::size_t first, std::size_t last) {
      std::vector<std::uint64_t> waits;
      for (std::size_t i = first; i < last; ++i)
        waits.insert(waits.end(), runs_[i].waits_us.begin(), runs_[i].waits_us.end());
      return static_cast<double>(quantile(waits, share_permille)) / kSecond_us;
    });
  }

 private:
  const std::vector<RunSummary>& runs_;
};

void add_totals(const std::vector<RunSummary>& runs, ContendResult& result) {
  std::vector<std::uint64_t> recoveries;
  std::uint64_t recovery_sum = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const RunSummary& run = runs[i];
    result.jobs += run.jobs;
    result.waited += run.waited;
    result.throttled += run.throttled;
    result.events += run.events;
    result.trace_hash = sim::mix(result.trace_hash, run.trace_hash);
    result.histogram.add(run.histogram);
    result.recovery.holders_killed += run.holders_killed;
    result.recovery.unrecovered += run.unrecovered;
    result.fairness.overtakings_max = std::max(result.fairness.overtakings_max, run.overtakings_max);
    recoveries.insert(recoveries.end(), run.recoveries_us.begin(), run.recoveries_us.end());
    for (const std::uint64_t wait_us : run.waits_us)
      result.wait.max_s = std::max(result.wait.max_s, static_cast<double>(wait_us) / kSecond_us);
    if (!run.stuck) continue;
    if (result.cut_off++ == 0) {
      result.first_cut_off = i;
      result.stuck = run.stuck;
    }
  }
  for (const std::uint64_t one : recoveries) recovery_sum += one;
  RecoveryEstimates& recovery = result.recovery;
  recovery.recovered = recoveries.size();
  if (recoveries.empty()) return;
  recovery.mean_s = static_cast<double>(recovery_sum) / static_cast<double>(recoveries.size()) / kSecond_us;
  recovery.p50_s = static_cast<double>(quantile(recoveries, 500)) / kSecond_us;
  recovery.p90_s = static_cast<double>(quantile(recoveries, 900)) / kSecond_us;
  recovery.max_s = static_cast<double>(quantile(recoveries, 1000)) / kSecond_us;
}

void add_estimates(const std::vector<RunSummary>& runs, double states, ContendResult& result) {
  const Summaries all(runs);
  const auto jobs = [](const RunSummary& run) { return run.jobs; };
  const auto waited = [](const RunSummary& run) { return run.waited; };
  const auto end_us = [](const RunSummary& run) { return run.end_us; };
  result.wait.mean_s =
      all.ratio([](const RunSummary& run) { return static_cast<double>(run.wait_sum_us) / kSecond_us; },
                [](const RunSummary& run) { return run.waits_us.size(); });
  result.wait.p50_s = all.wait_quantile_s(500);
  result.wait.p90_s = all.wait_quantile_s(900);
  result.wait.p99_s = all.wait_quantile_s(990);
  result.ends = {all.share(JobEnd::done),   all.share(JobEnd::gave_up), all.share(JobEnd::refused),
                 all.share(JobEnd::failed), all.share(JobEnd::killed),  all.share(JobEnd::cancelled)};
  result.fairness.overtaken_share = all.ratio([](const RunSummary& run) { return run.overtaken; }, waited);
  result.fairness.overtakings_mean = all.ratio([](const RunSummary& run) { return run.overtakings; }, waited);
  result.fairness.jain = all.ratio([](const RunSummary& run) { return run.waited > 0 ? run.jain : 0; },
                                   [](const RunSummary& run) { return run.waited > 0 ? 1 : 0; });
  result.done_per_hour = all.ratio(
      [](const RunSummary& run) {
        return static_cast<double>(run.ends[static_cast<std::size_t>(JobEnd::done)]) * 3600 * kSecond_us;
      },
      end_us);
  result.utilisation =
      all.ratio([](const RunSummary& run) { return run.held_us; },
                [states](const RunSummary& run) { return states * static_cast<double>(run.end_us); });
  result.requests_each = all.ratio([](const RunSummary& run) { return run.requests; }, jobs);
  result.lock_requests_each = all.ratio([](const RunSummary& run) { return run.lock_requests; }, jobs);
  result.nanodollars_each = all.ratio([](const RunSummary& run) { return run.nanodollars; }, jobs);
  result.waiting_mean = all.ratio([](const RunSummary& run) { return run.waiting_area_us; }, end_us);
}

}  // namespace

ContendResult contend(const TimedWorld& world, const ContendOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto is_over = [&] {
    return options.time && std::chrono::steady_clock::now() - start >= *options.time;
  };
  std::vector<RunSummary> runs(options.runs);
  std::vector<std::uint8_t> done(options.runs, 0);
  sim::run_parallel(options.threads, runs.size(), [&](std::size_t i) {
    if (is_over()) return;
    bool is_stopped = false;
    DayOptions day{.seed = options.seed, .run = i, .most_events = options.most_events_a_run};
    if (options.time) day.stop = [&] { return is_stopped = is_over(); };
    runs[i] = summary_of(run_day(world, day));
    done[i] = is_stopped ? 0 : 1;
    if (options.one_done) options.one_done();
  });
  // Whether a run was done in time says something of it: those before the first that was not are taken as
  // they come.
  runs.resize(static_cast<std::size_t>(std::ranges::find(done, 0) - done.begin()));
  ContendResult result;
  result.scenario = world.scenario;
  result.settings = world.settings;
  result.runs = runs.size();
  result.wanted = options.runs;
  result.seed = options.seed;
  add_totals(runs, result);
  add_estimates(runs, static_cast<double>(world.settings->states), result);
  std::vector<WatchedRun> watched;
  for (const RunSummary& run : runs) watched.push_back({run.breaches, run.end_us});
  result.safety = safety_estimates(world.world->applicable, watched);
  if (options.proof_states > 0 && !runs.empty()) {
    prove_unseen(world, options.proof_states, result.safety);
    result.overtaking = prove_overtaking(world.scenario, options.proof_states);
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

std::expected<ContendResult, InputError> contend(const Scenario& scenario, const ContendOptions& options) {
  const auto world = timed_world(scenario);
  if (!world) return std::unexpected(world.error());
  return contend(*world, options);
}

}  // namespace lockstorm::scenarios
