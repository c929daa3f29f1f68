#include "scenarios/data/adversity.hpp"

#include "scenarios/data/scenario.hpp"

namespace lockstorm::scenarios {

using sim::Fault;

Adversities adversities_of(const Scenario& scenario) {
  Adversities set = 0;
  const auto add = [&](Adversity adversity) {
    set = static_cast<Adversities>(set | adversity_bit(adversity));
  };
  for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
    if (scenario.faults.count[kind] == 0) continue;
    switch (static_cast<Fault>(kind)) {
      case Fault::crash:
        add(Adversity::crash);
        break;
      case Fault::interrupt:
        add(Adversity::interrupt);
        break;
      case Fault::pause:
      case Fault::clock_skew:
        add(Adversity::pause);
        break;
      case Fault::lose_request:
      case Fault::lose_response:
      case Fault::late_request:
      case Fault::duplicate:
      case Fault::server_error:
      case Fault::throttle:
      case Fault::credentials_end:
      case Fault::outage:
      case Fault::false_success:
        add(Adversity::network);
        break;
    }
  }
  if (scenario.force_unlock.people() > 0) add(Adversity::human);
  return set;
}

}  // namespace lockstorm::scenarios
