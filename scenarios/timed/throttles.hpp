// Services that refuse what comes faster than they allow: token buckets.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "scenarios/data/timed_settings.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::scenarios {

/// A bucket for each throttled service, full at first. Counted as the time at which a request would come that
/// kept exactly to the rate (generic cell rate algorithm), so that nothing has to be refilled.
class Throttles {
 public:
  Throttles(const sim::WorldSpec& spec, const TimedSettings& settings) {
    constexpr std::uint64_t kNanosecondsTimesThousand = 1'000'000'000'000;
    for (const auto& service : spec.services) {
      Bucket& bucket = buckets_.emplace_back();
      const auto throttle = settings.throttle.find(std::string(service->name()));
      if (throttle == settings.throttle.end()) continue;
      bucket.period_ns = kNanosecondsTimesThousand / throttle->second.per_second_milli;
      bucket.slack_ns = bucket.period_ns * (throttle->second.burst - 1);
    }
  }

  /// Whether a request that comes now is served; one that is not takes no token.
  bool admits(std::uint8_t service, std::uint64_t now_us) {
    Bucket& bucket = buckets_[service];
    if (bucket.period_ns == 0) return true;
    const std::uint64_t now_ns = now_us * 1000;
    if (bucket.due_ns > now_ns + bucket.slack_ns) return false;
    bucket.due_ns = std::max(bucket.due_ns, now_ns) + bucket.period_ns;
    return true;
  }

 private:
  struct Bucket {
    std::uint64_t period_ns = 0;  ///< 0: it serves all
    std::uint64_t slack_ns = 0;
    std::uint64_t due_ns = 0;
  };
  std::vector<Bucket> buckets_;
};

}  // namespace lockstorm::scenarios
