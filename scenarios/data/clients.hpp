// Who the clients of a scenario are: fleets of equal jobs, what they run and how they are configured.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/terraform/command.hpp"
#include "scenarios/data/backend_config.hpp"

namespace lockstorm::scenarios {

/// Where `init -migrate-state` goes.
struct MigrationTarget {
  AnyBackend backend;
  /// The configuration still names the same state, with other arguments (another way of locking).
  bool same_state = false;
};

/// What becomes of a job's working directory, and of an errored.tfstate in it, when the job has ended.
enum class Runner : std::uint8_t { persistent, ephemeral };

/// What equal clients have in common.
struct ClientSettings {
  models::Dialect tool = models::Dialect::terraform;
  std::uint16_t count = 2;
  std::chrono::milliseconds lock_timeout{0};
  std::uint8_t resources = 1;
  std::uint8_t runs = 1;
  std::vector<models::Command> commands{models::Command::apply};  ///< one after the other
  bool lock = true;                                               ///< false: -lock=false
  std::optional<MigrationTarget> migrate_to{};                    ///< for init -migrate-state
  /// Its configuration names already what the others migrate to.
  bool migrated = false;
  bool reads_before_lock = false;  ///< Terraform before 0.11.4 (hashicorp/terraform#17407)
  Runner runner = Runner::persistent;
  /// It works in the directory that the first job of the world before has left, and so on its
  /// errored.tfstate.
  bool inherits = false;
  bool spared = false;  ///< no fault befalls it
  /// Requests that its credentials do not allow, as the store's API calls them; `loses`: those that a fault
  /// `credentials_end` takes away, all where there are none.
  std::vector<std::string> lacks{};
  std::vector<std::string> loses{};
  models::Release release{};     ///< what its release does otherwise
  std::uint8_t restarts = 0;     ///< how many lost jobs the CI system starts anew
  bool restarts_silent = false;  ///< ... also those it only hears nothing of
  std::uint8_t retries = 0;      ///< a pipeline that runs the script again after it has failed, so often
  /// Bit i: the resource at address i has been taken out of the configuration on purpose.
  std::uint8_t removes = 0;
  std::uint8_t pull_request = 0;  ///< which one its jobs belong to; 0: no orchestrator runs them
  bool shares_directory = false;  ///< its jobs, and those of other fleets with it, work in one directory
  bool is_other_state = false;    ///< its backend block names the second of the world's two states
  bool reads_other_state = false;
  /// Which table of locks its block names, where those of a state name several; 0: the first fleet's.
  std::uint8_t lock_table = 0;
  models::ReadLock read_lock = models::ReadLock::none;
};

/// Clients and the backend block of their configuration.
struct Fleet {
  ClientSettings client;
  AnyBackend backend;
};

/// Nothing but applies, as an audit simulates them.
bool is_plain(const ClientSettings& client);

/// "plan -out, then apply PLANFILE with -lock=false".
std::string commands_text(const ClientSettings& client);

bool runs_command(const ClientSettings& client, models::Command command);

/// Everything about the fleet that changes what is simulated, besides what `Scenario` has always had.
std::string canonical_text(const Fleet& fleet);

/// Why commands like these cannot be run, if so: an order that makes no sense, a backend that cannot.
std::optional<Objection> objection_to_commands(const Scenario& scenario);

}  // namespace lockstorm::scenarios
