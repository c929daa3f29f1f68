#include "scenarios/timed/request_facts.hpp"

#include <algorithm>

#include "scenarios/timed/standards.hpp"

namespace lockstorm::scenarios {

TimedRequests::TimedRequests(const sim::WorldSpec& spec, const TimedSettings& settings,
                             const sim::ValuePool& values)
    : spec_(spec), settings_(settings), values_(values), known_(spec.services.size()) {
  for (const auto& service : spec.services) {
    const auto own = settings.latency.find(std::string(service->name()));
    latencies_.push_back(own == settings.latency.end() ? standard_latency(service->name()) : own->second);
  }
}

std::uint16_t TimedRequests::number_of(std::uint8_t service, const std::string& operation) {
  const auto own = settings_.latency.find(std::string(spec_.services[service]->name()) + "." + operation);
  if (own == settings_.latency.end()) return service;
  const auto known = std::ranges::find(latencies_, own->second);
  if (known != latencies_.end()) return static_cast<std::uint16_t>(known - latencies_.begin());
  latencies_.push_back(own->second);
  return static_cast<std::uint16_t>(latencies_.size() - 1);
}

void TimedRequests::learn(std::uint8_t service, sim::ValueId request, TimedRequest& facts) {
  const sim::AnyService& asked = *spec_.services[service];
  const std::string operation = asked.operation(values_, request);
  facts.lock = asked.about(values_, 0, request).lock;
  facts.nanodollars = standard_price_nanodollars(asked.name(), operation);
  facts.latency = number_of(service, operation);
  facts.is_read = operation == "ReadResource";
  facts.is_known = true;
}

}  // namespace lockstorm::scenarios
