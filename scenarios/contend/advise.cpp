#include "scenarios/contend/advise.hpp"

#include <algorithm>
#include <array>

#include "models/services/dynamodb.hpp"

namespace lockstorm::scenarios {
namespace {

// Attempts come after 0, 1, 3, 7, 15, 31, 47, ... s (backend-protocols.md 2.2): what lies between two of them
// is of no use.
constexpr std::array<std::uint32_t, 19> kTimeouts_s{
    0, 2, 5, 10, 20, 40, 60, 120, 180, 300, 600, 900, 1200, 1800, 2700, 3600, 7200, 14'400, 28'800};
constexpr std::array<std::uint32_t, 6> kGridTimeouts_s{0, 60, 300, 900, 1800, 3600};
constexpr std::array<std::uint32_t, 7> kRates{1, 2, 5, 10, 20, 50, 100};
constexpr std::uint32_t kMostStates = 64;
constexpr std::uint32_t kMostPipelinesTried = 4096;
constexpr double kMostThrottled = 0.001;
constexpr std::chrono::hours kForEver{24 * 365};

class Adviser {
 public:
  Adviser(const Scenario& scenario, const TimedSettings& settings, const AdviseOptions& options)
      : scenario_(scenario), settings_(settings), options_(options) {}

  TriedCurve timeouts() {
    TriedCurve curve;
    for (const std::uint32_t seconds : kTimeouts_s) {
      Scenario changed = scenario_;
      set_timeout(changed, std::chrono::seconds(seconds));
      curve.tried.push_back(try_out(changed, settings_, seconds));
      const TriedSetting& tried = curve.tried.back();
      if (tried.cut_off > 0 || tried.gave_up.high > kMostGiveUp) continue;
      curve.answer = seconds;
      break;  // who waits longer does not give up more often
    }
    return curve;
  }

  // Doubled until the bound is passed; then halved in between.
  TriedCurve pipelines() {
    TriedCurve curve;
    const std::uint32_t unit = settings_.arrivals.kind == ArrivalKind::bursts ? settings_.arrivals.burst : 1;
    std::uint32_t good = 0;
    std::uint32_t bad = 0;
    for (std::uint32_t count = std::max(unit, std::uint32_t{1}); bad == 0 && count <= kMostPipelinesTried;
         count *= 2)
      (with_pipelines(count, curve) ? good : bad) = count;
    while (bad > good + std::max<std::uint32_t>(good / 8, 1)) {
      const std::uint32_t middle = good + (bad - good) / 2;
      (with_pipelines(middle, curve) ? good : bad) = middle;
    }
    std::ranges::sort(curve.tried, {}, &TriedSetting::value);
    if (good > 0) curve.answer = good;
    return curve;
  }

  TriedCurve states() {
    TriedCurve curve;
    for (std::uint32_t count = settings_.states; count <= std::max(kMostStates, settings_.states);
         count *= 2) {
      TimedSettings changed = settings_;
      changed.states = count;
      curve.tried.push_back(try_patiently(changed, count));
      if (!is_within(curve.tried.back())) continue;
      curve.answer = count;
      break;
    }
    return curve;
  }

  TriedCurve groups() {
    TriedCurve curve;
    for (const Group group : {Group::none, Group::queue, Group::newest}) {
      TimedSettings changed = settings_;
      changed.group = group;
      curve.tried.push_back(try_patiently(changed, static_cast<std::uint64_t>(group)));
    }
    // Who is cancelled has not waited for anything: `newest` is another service, not a better one.
    const TriedSetting& retry = curve.tried[0];
    const TriedSetting& queue = curve.tried[1];
    if (retry.cut_off == 0 && queue.cut_off == 0)
      curve.answer = queue.wait.p99_s.value < retry.wait.p99_s.value ? queue.value : retry.value;
    return curve;
  }

  TriedGrid grid() {
    TriedGrid grid;
    grid.runs = std::max<std::uint64_t>(options_.contend.runs / 4, 1);
    grid.timeouts_s.assign(kGridTimeouts_s.begin(), kGridTimeouts_s.end());
    const bool bursts = settings_.arrivals.kind == ArrivalKind::bursts;
    const std::uint32_t now = bursts ? settings_.arrivals.burst : settings_.pipelines;
    for (const std::uint32_t count : {now / 4, now / 2, now, now * 2, now * 4}) {
      if (count > 0) grid.pipelines.push_back(count);
    }
    for (const std::uint32_t seconds : grid.timeouts_s) {
      Scenario changed = scenario_;
      set_timeout(changed, std::chrono::seconds(seconds));
      for (const std::uint32_t count : grid.pipelines)
        grid.tried.push_back(try_out(changed, loaded(count), count, grid.runs));
    }
    return grid;
  }

  TriedCurve dynamodb() {
    TriedCurve curve;
    for (const std::uint32_t rate : kRates) {
      TimedSettings changed = settings_;
      changed.throttle[std::string(models::DynamoDb::kName)] = {std::uint64_t{1000} * rate, rate};
      curve.tried.push_back(try_out(scenario_, changed, rate));
      if (curve.tried.back().cut_off > 0 || curve.tried.back().throttled_share > kMostThrottled) continue;
      curve.answer = rate;
      break;
    }
    return curve;
  }

  static constexpr double kMostGiveUp = 0.01;

 private:
  static void set_timeout(Scenario& scenario, std::chrono::milliseconds timeout) {
    scenario.client.lock_timeout = timeout;
    for (Fleet& fleet : scenario.fleets) fleet.client.lock_timeout = timeout;
  }

  // With so many pipelines, or so many jobs of a burst.
  [[nodiscard]] TimedSettings loaded(std::uint32_t count) const {
    TimedSettings changed = settings_;
    const bool bursts = changed.arrivals.kind == ArrivalKind::bursts;
    if (bursts) changed.arrivals.burst = count;
    changed.pipelines = bursts ? std::max(changed.pipelines, count) : count;
    return changed;
  }

  bool with_pipelines(std::uint32_t count, TriedCurve& curve) {
    curve.tried.push_back(try_patiently(loaded(count), count));
    return is_within(curve.tried.back());
  }

  [[nodiscard]] bool is_within(const TriedSetting& tried) const {
    const double bound_s = static_cast<double>(options_.bound.count()) / 1000;
    return tried.cut_off == 0 && tried.wait.p99_s.value <= bound_s;
  }

  // How long waits are where nobody gives up.
  TriedSetting try_patiently(const TimedSettings& settings, std::uint64_t value) {
    Scenario patient = scenario_;
    set_timeout(patient, kForEver);
    return try_out(patient, settings, value);
  }

  TriedSetting try_out(const Scenario& scenario, const TimedSettings& settings, std::uint64_t value) {
    return try_out(scenario, settings, value, options_.contend.runs);
  }

  TriedSetting try_out(const Scenario& scenario, const TimedSettings& settings, std::uint64_t value,
                       std::uint64_t runs) {
    Scenario changed = scenario;
    changed.timed = std::make_shared<const TimedSettings>(settings);
    const auto world = timed_world(changed);
    ContendOptions contended = options_.contend;
    contended.runs = runs;
    const ContendResult result = contend(*world, contended);
    if (options_.one_tried) options_.one_tried();
    const double requests = result.requests_each.value * static_cast<double>(result.jobs);
    return {.value = value,
            .wait = result.wait,
            .gave_up = result.ends.gave_up,
            .failed = result.ends.failed,
            .requests_each = result.requests_each,
            .utilisation = result.utilisation,
            .throttled_share = requests == 0 ? 0 : static_cast<double>(result.throttled) / requests,
            .cut_off = result.cut_off};
  }

  const Scenario& scenario_;
  const TimedSettings& settings_;
  const AdviseOptions& options_;
};

bool uses_dynamodb(const TimedWorld& world) {
  return std::ranges::any_of(world.world->spec.services,
                             [](const auto& service) { return service->name() == models::DynamoDb::kName; });
}

}  // namespace

std::expected<ContendAdvice, InputError> advise_contention(const Scenario& scenario,
                                                           const AdviseOptions& options) {
  const auto world = timed_world(scenario);
  if (!world) return std::unexpected(world.error());
  ContendAdvice advice;
  advice.scenario = world->scenario;
  advice.settings = world->settings;
  advice.runs = options.contend.runs;
  advice.seed = options.contend.seed;
  advice.most_give_up = Adviser::kMostGiveUp;
  advice.bound = options.bound;
  Adviser adviser(scenario, *world->settings, options);
  advice.timeouts = adviser.timeouts();
  if (world->settings->arrivals.kind != ArrivalKind::recorded) {
    advice.pipelines = adviser.pipelines();
    advice.states = adviser.states();
    if (options.grid) advice.grid = adviser.grid();
  }
  advice.groups = adviser.groups();
  if (uses_dynamodb(*world)) advice.dynamodb = adviser.dynamodb();
  return advice;
}

}  // namespace lockstorm::scenarios
