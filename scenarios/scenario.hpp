// A scenario as data: who does what on which backend, what may go wrong, what is checked and expected.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkers/properties.hpp"
#include "models/terraform/operator.hpp"
#include "scenarios/backends/backend_config.hpp"
#include "scenarios/input_error.hpp"
#include "sim/faults.hpp"

namespace lockstorm::scenarios {

struct ClientSettings {
  models::Dialect tool = models::Dialect::terraform;
  std::uint16_t count = 2;
  std::chrono::milliseconds lock_timeout{0};
  std::uint8_t resources = 1;
  std::uint8_t runs = 1;
};

struct OperatorSettings {
  std::uint8_t force_unlock = 0;
  models::UnlockTarget target = models::UnlockTarget::dead;
};

struct TimeSettings {
  std::uint8_t ticks = 0;  ///< 0: free time
  bool urgent = false;
};

/// What stands in the state store before the first step.
enum class InitialState : std::uint8_t { empty, existing };

enum class Expectation : std::uint8_t { held, violated };

struct Scenario {
  std::string name;
  std::string description;  ///< the comment the file opens with
  AnyBackend backend;
  ClientSettings client;
  OperatorSettings force_unlock;
  InitialState initial = InitialState::existing;
  TimeSettings time;
  sim::FaultBudget faults;
  std::optional<checkers::PropertySet> check;  ///< unset: all that apply
  std::map<checkers::Property, Expectation> expect;
};

/// Identifies what a scenario simulates (not its name or expectations); replay strings carry it.
std::uint64_t fingerprint(const Scenario& scenario);

/// "Terraform" or "OpenTofu".
std::string_view tool_name(models::Dialect tool);

/// "OpenTofu, s3 with use_lockfile, 2 clients".
std::string summary(const Scenario& scenario);

}  // namespace lockstorm::scenarios
