#include "sim/process/describe_action.hpp"

#include <fmt/format.h>

#include "sim/world_spec.hpp"

namespace lockstorm::sim {

std::string describe_call(const WorldSpec& spec, const ValuePool& values, const Action& action) {
  switch (action.kind) {
    case ActionKind::call: {
      const AnyService& service = *spec.services[action.service];
      const std::string operation = service.operation(values, action.argument);
      return operation.empty() ? std::string(service.name())
                               : fmt::format("{} of {}", operation, service.name());
    }
    case ActionKind::now:
      return "the clock";
    case ActionKind::choose:
      return "a free choice";
    case ActionKind::sleep:
    case ActionKind::wait:
      return "a timer";
    case ActionKind::work:
      return "its own work";
    case ActionKind::signal:
      return "an interrupt";
    case ActionKind::none:
    case ActionKind::recall:
      break;
  }
  return "nothing";
}

std::string describe_action(const WorldSpec& spec, const ValuePool& values, const Action& action) {
  switch (action.kind) {
    case ActionKind::none:
      return "does nothing";
    case ActionKind::call: {
      const std::string details = values.describe(action.argument, SpecNames(spec));
      const std::string call = describe_call(spec, values, action);
      return details.empty() ? fmt::format("calls {} with request {}", call, action.argument)
                             : fmt::format("calls {} ({})", call, details);
    }
    case ActionKind::sleep:
      return fmt::format("sleeps {} ms", action.argument);
    case ActionKind::wait:
      return fmt::format("sleeps {} ms or until its deadline", action.argument);
    case ActionKind::choose:
      return fmt::format("chooses one of {}", action.argument);
    case ActionKind::work:
      return "works";
    case ActionKind::signal:
      return "waits for an interrupt";
    case ActionKind::now:
      return "reads the clock";
    case ActionKind::recall:
      return "recalls";
  }
  return {};
}

}  // namespace lockstorm::sim
