#include "scenarios/timed/arrival_list.hpp"

#include <algorithm>

#include "sim/limits.hpp"

namespace lockstorm::scenarios {
namespace {

constexpr std::uint64_t kDay_us = std::uint64_t{24} * 3600 * 1'000'000;

std::uint64_t microseconds(std::chrono::milliseconds span) {
  return static_cast<std::uint64_t>(span.count()) * 1000;
}

class ArrivalBuilder {
 public:
  ArrivalBuilder(const TimedSettings& settings, const sim::CounterRandom& random)
      : settings_(settings), random_(random), end_us_(microseconds(settings.duration)) {}

  std::vector<Arrival> build() {
    switch (settings_.arrivals.kind) {
      case ArrivalKind::steady:
      case ArrivalKind::office_hours:
        for (std::uint32_t pipeline = 0; pipeline < settings_.pipelines; ++pipeline) add_pipeline(pipeline);
        break;
      case ArrivalKind::bursts:
        add_bursts();
        break;
      case ArrivalKind::recorded:
        for (const RecordedStart& start : settings_.arrivals.starts)
          add(start.at_us, start.state, start.state);
        break;
    }
    std::ranges::stable_sort(list_, [](const Arrival& a, const Arrival& b) {
      return a.at_us != b.at_us ? a.at_us < b.at_us : a.pipeline < b.pipeline;
    });
    return std::move(list_);
  }

 private:
  void add(std::uint64_t at_us, std::uint32_t pipeline, std::uint32_t state) {
    sim::require(list_.size() < kMostArrivals, "more than 8,000,000 jobs in one run");
    list_.push_back({at_us, pipeline, state});
  }

  // Time in which jobs start, as time of the clock: where there are hours, days follow each other without
  // nights.
  [[nodiscard]] std::uint64_t clock_of(std::uint64_t open_us) const {
    if (settings_.arrivals.kind != ArrivalKind::office_hours) return open_us;
    const std::uint64_t opens = microseconds(settings_.arrivals.opens);
    const std::uint64_t length = microseconds(settings_.arrivals.closes) - opens;
    return open_us / length * kDay_us + opens + open_us % length;
  }

  // The first start lies anywhere in a gap, so that all hours are alike.
  void add_pipeline(std::uint32_t pipeline) {
    const sim::CounterRandom random = random_.stream(pipeline);
    const sim::Distribution& gap = settings_.arrivals.gap;
    std::uint64_t draws = 0;
    const bool is_memoryless = gap.shape() == sim::Distribution::Shape::exponential;
    std::uint64_t open_us = is_memoryless
                                ? gap.at(random.at(draws++))
                                : sim::Distribution::uniform(0, gap.mean_us()).at(random.at(draws++));
    for (;;) {
      const std::uint64_t at_us = clock_of(open_us);
      if (at_us >= end_us_) return;
      add(at_us, pipeline, pipeline % settings_.states);
      open_us += std::max<std::uint64_t>(gap.at(random.at(draws++)), 1);
    }
  }

  void add_bursts() {
    const sim::Distribution within = sim::Distribution::uniform(0, microseconds(settings_.arrivals.within));
    std::uint64_t draws = 0;
    std::uint32_t next = 0;
    for (std::uint64_t at_us = 0; at_us < end_us_;) {
      for (std::uint32_t i = 0; i < settings_.arrivals.burst; ++i) {
        const std::uint32_t pipeline = next++ % settings_.pipelines;
        add(at_us + within.at(random_.at(draws++)), pipeline, pipeline % settings_.states);
      }
      at_us += std::max<std::uint64_t>(settings_.arrivals.gap.at(random_.at(draws++)), 1);
    }
  }

  const TimedSettings& settings_;
  sim::CounterRandom random_;
  std::uint64_t end_us_;
  std::vector<Arrival> list_;
};

}  // namespace

std::vector<Arrival> arrival_list(const TimedSettings& settings, const sim::CounterRandom& random) {
  return ArrivalBuilder(settings, random).build();
}

}  // namespace lockstorm::scenarios
