#include "scenarios/search/tell_showing.hpp"

#include <fmt/format.h>

#include "scenarios/search/finish.hpp"

namespace lockstorm::scenarios {

using checkers::Property;

// Steps alone could fit by chance. A hang that was found on the graph has no end that would show it.
std::expected<Counterexample, std::string> tell_showing(const Scenario& scenario, const World& world,
                                                        Property property, const sim::Schedule& schedule) {
  auto told = tell(scenario, world, schedule, property);
  if (!told) return told;
  if (told->violated.contains(property)) return told;
  const bool may_hang = property == Property::progress && !told->ended;
  if (may_hang && can_finish(world, schedule) != Finish::possible) return told;
  return std::unexpected(
      fmt::format("the search found that these {} steps violate {}, and on live processes they do not",
                  schedule.size(), checkers::property_name(property)));
}

}  // namespace lockstorm::scenarios
