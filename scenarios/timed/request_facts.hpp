// What a timed run has to know of each request: worked out when it is first sent.
#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/data/timed_settings.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::scenarios {

struct TimedRequest {
  sim::LockUse lock = sim::LockUse::none;
  std::uint64_t nanodollars = 0;
  std::uint16_t latency = 0;  ///< number of its distribution
  bool is_read = false;       ///< of a cloud's resource
  bool is_known = false;
};

class TimedRequests {
 public:
  TimedRequests(const sim::WorldSpec& spec, const TimedSettings& settings, const sim::ValuePool& values);

  const TimedRequest& of(std::uint8_t service, sim::ValueId request) {
    std::vector<TimedRequest>& known = known_[service];
    if (request >= known.size()) known.resize(request + 1);
    if (!known[request].is_known) [[unlikely]]
      learn(service, request, known[request]);
    return known[request];
  }
  [[nodiscard]] const sim::Distribution& latency(std::uint16_t number) const { return latencies_[number]; }

 private:
  void learn(std::uint8_t service, sim::ValueId request, TimedRequest& facts);
  std::uint16_t number_of(std::uint8_t service, const std::string& operation);

  const sim::WorldSpec& spec_;
  const TimedSettings& settings_;
  const sim::ValuePool& values_;
  std::vector<std::vector<TimedRequest>> known_;  ///< [service][request]
  std::vector<sim::Distribution> latencies_;      ///< the first ones: of the services
};

}  // namespace lockstorm::scenarios
