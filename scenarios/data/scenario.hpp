// A scenario as data: who does what on which backend, what may go wrong, what is checked and expected.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkers/property_set.hpp"
#include "models/backends/lost_connection.hpp"
#include "models/terraform/hand_act.hpp"
#include "models/terraform/milestone.hpp"
#include "models/terraform/operator.hpp"
#include "scenarios/data/backend_config.hpp"
#include "scenarios/data/beginning.hpp"
#include "scenarios/data/clients.hpp"
#include "scenarios/data/input_error.hpp"
#include "scenarios/data/timed_settings.hpp"
#include "sim/faults.hpp"

namespace lockstorm::scenarios {

struct OperatorSettings {
  std::uint8_t force_unlock = 0;
  models::UnlockTarget target = models::UnlockTarget::dead;
  /// [HandAct]: how many people may do that in a run, each once.
  std::array<std::uint8_t, models::kHandActs> by_hand{};
  bool new_serial = false;  ///< what `restore_state` puts back gets a serial of its own
  /// The backend block of whoever runs force-unlock; unset: the first job's.
  std::optional<AnyBackend> block{};

  [[nodiscard]] std::uint8_t acts_by_hand() const {
    std::uint8_t sum = 0;
    for (const std::uint8_t n : by_hand) sum = static_cast<std::uint8_t>(sum + n);
    return sum;
  }
  /// All who may interfere.
  [[nodiscard]] std::uint8_t people() const {
    return static_cast<std::uint8_t>(force_unlock + acts_by_hand());
  }
};

struct TimeSettings {
  std::uint8_t ticks = 0;  ///< 0: free time
  bool urgent = false;
};

/// A lock that stands there before the first step, of a job that is no more.
enum class InitialLock : std::uint8_t {
  none,
  left,      ///< with the id of that job
  nameless,  ///< whose record names nobody: that job has died between two requests
};

/// What stands in the state store before the first step.
enum class InitialState : std::uint8_t { empty, existing };

enum class Expectation : std::uint8_t { held, violated, unknown };

struct Scenario {
  std::string name;
  std::string description;  ///< the comment the file opens with
  std::string file;         ///< it was read from; empty: none
  AnyBackend backend;
  ClientSettings client;
  /// A mixed scenario's fleets; `client` and `backend` are then the first one's. Empty: all clients are
  /// equal.
  std::vector<Fleet> fleets;
  OperatorSettings force_unlock;
  InitialState initial = InitialState::existing;
  InitialLock initial_lock = InitialLock::none;
  /// Jobs of other states that take this very lock, because its name is not the state's alone.
  std::uint8_t lock_sharers = 0;
  /// What stands there instead, where another world has ended before; null: none has.
  std::shared_ptr<const Beginning> begins;
  /// How many resources an existing state records, from the first on. Unset: all that a configuration has,
  /// but for one that is to be imported.
  std::optional<std::uint8_t> recorded;
  /// What runs the plans and applies of pull requests; unset: nothing does.
  std::optional<models::OrchestratorRules> orchestrator;
  TimeSettings time;
  /// How it runs in virtual time, where it says so; exploring and replaying it have nothing to do with that.
  std::shared_ptr<const TimedSettings> timed;
  sim::FaultBudget faults;
  /// How the connection of a request without an answer ends: `lose_response: {as: close}`.
  models::LostConnection lost_connection = models::LostConnection::either;
  std::optional<checkers::PropertySet> check;  ///< unset: all that apply
  std::map<checkers::Property, Expectation> expect;
  /// Commands that are meant to be refused: that one of them succeeds in no run makes the scenario no worse,
  /// and that it does is not as expected.
  std::vector<models::Command> never;
  std::vector<models::Goal> reached;  ///< goals that some run is expected to reach

  /// It says something of what is to be found.
  [[nodiscard]] bool expects_anything() const {
    return !expect.empty() || !never.empty() || !reached.empty();
  }
  [[nodiscard]] bool expects_violation(checkers::Property property) const {
    const auto expected = expect.find(property);
    return expected != expect.end() && expected->second == Expectation::violated;
  }
  /// At least one.
  [[nodiscard]] std::vector<Fleet> all_fleets() const;
  /// Clients in all fleets together.
  [[nodiscard]] unsigned clients() const;
  /// Addresses that any configuration declares.
  [[nodiscard]] std::uint8_t resources() const;
};

/// Every client applies, and nothing else.
bool is_plain(const Scenario& scenario);

/// Identifies what a scenario simulates (not its name or expectations); replay strings carry it.
std::uint64_t fingerprint(const Scenario& scenario);

/// "Terraform" or "OpenTofu".
std::string_view tool_name(models::Dialect tool);
/// As it is typed and as data has it: "terraform" or "opentofu".
std::string_view tool_key(models::Dialect tool);

/// "OpenTofu, s3 with use_lockfile, 2 clients".
std::string summary(const Scenario& scenario);

}  // namespace lockstorm::scenarios
