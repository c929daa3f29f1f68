// Small worlds for command tests: clients with any commands on one s3 or local backend.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "checkers/monitors.hpp"
#include "models/backends/local.hpp"
#include "models/backends/s3.hpp"
#include "models/terraform/command.hpp"
#include "models/terraform/outcome.hpp"
#include "models/terraform/state_manager.hpp"
#include "sim/explore/explorer.hpp"
#include "sim/run/simulator.hpp"

namespace lockstorm {

using models::Command;
using models::CommandOptions;
using models::Ending;
using models::StateSnapshot;

/// A state somebody wrote before the world began: `resources` recorded as instance 1.
inline StateSnapshot earlier_state(std::uint8_t serial, std::size_t resources) {
  StateSnapshot state;
  state.lineage = state.writer = sim::Who::predecessor();
  state.serial = serial;
  for (std::size_t i = 0; i < resources; ++i) state.instance[i] = 1;
  return state;
}

/// The s3 backend with use_lockfile.
inline models::S3BackendOptions lockfile(models::Dialect dialect = models::Dialect::terraform) {
  models::S3BackendOptions options;
  options.dialect = dialect;
  options.use_lockfile = true;
  return options;
}

/// Service 0 keeps the state, service 1 is the cloud; one process class for each client.
class CommandWorld {
 public:
  static CommandWorld on_s3(const StateSnapshot& initial, models::S3BackendOptions options = lockfile()) {
    CommandWorld world;
    models::S3 s3;
    s3.initial_state = initial;
    s3.lock_here = options.use_lockfile;
    world.spec_.services.push_back(sim::make_service(s3));
    world.backend_ = std::make_unique<models::S3Backend>(options, sim::ServiceRef<models::S3>{0},
                                                         sim::ServiceRef<models::DynamoDb>{});
    world.add_cloud(initial);
    return world;
  }
  static CommandWorld on_disk(const StateSnapshot& initial, models::Dialect dialect) {
    CommandWorld world;
    models::LocalFiles files;
    files.initial_state = initial;
    world.spec_.services.push_back(sim::make_service(files));
    world.backend_ = std::make_unique<models::LocalBackend>(dialect, sim::ServiceRef<models::LocalFiles>{0});
    world.add_cloud(initial);
    return world;
  }
  /// A second bucket, service 2, as the place a migration goes to.
  const models::Backend& add_destination(const StateSnapshot& initial) {
    models::S3 s3;
    s3.initial_state = initial;
    spec_.services.push_back(sim::make_service(s3));
    destination_ = std::make_unique<models::S3Backend>(lockfile(), sim::ServiceRef<models::S3>{2},
                                                       sim::ServiceRef<models::DynamoDb>{});
    return *destination_;
  }

  void add_client(CommandOptions options, std::uint16_t count = 1) {
    options.takes_interrupts = spec_.budget[sim::Fault::interrupt] > 0;
    const models::Backend* backend = backend_.get();
    const auto body = [backend, options](sim::Process& self) {
      models::run_commands(self, *backend, sim::ServiceRef<models::Cloud>{1}, options);
    };
    spec_.classes.push_back({"client", body, count, 0xFFFF});
  }
  sim::FaultBudget& faults() { return spec_.budget; }
  [[nodiscard]] const sim::WorldSpec& spec() const { return spec_; }

 private:
  void add_cloud(const StateSnapshot& initial) {
    models::Cloud cloud;
    for (const std::uint8_t instance : initial.instance) cloud.existing += instance;
    spec_.services.push_back(sim::make_service(cloud));
  }

  sim::WorldSpec spec_;
  std::unique_ptr<models::Backend> backend_;
  std::unique_ptr<models::Backend> destination_;
};

/// Options of a client that runs these commands.
inline CommandOptions running(std::vector<Command> commands) {
  CommandOptions options;
  options.commands = std::move(commands);
  return options;
}

/// What an end state looks like to a test.
struct End {
  StateSnapshot state;
  models::LockInfo lock;
  models::Cloud::Value cloud;
  std::vector<models::Outcome> outcomes;
  std::vector<sim::ProcessStatus> statuses;
  StateSnapshot destination;  ///< service 2, if there is one
};

inline End read_end(const sim::ValuePool& values, const sim::EndState& end, bool on_s3) {
  End result;
  if (on_s3) {
    const auto s3 = values.get<models::S3::Value>(end.services[0]);
    result.state = s3.state;
    result.lock = s3.lock;
  } else {
    const auto disk = values.get<models::LocalFiles::Value>(end.services[0]);
    result.state = disk.contents;
    if (!disk.holder.is_nobody()) result.lock = disk.info;
  }
  result.cloud = values.get<models::Cloud::Value>(end.services[1]);
  if (end.services.size() > 2) result.destination = values.get<models::S3::Value>(end.services[2]).state;
  for (const sim::EndState::Process& process : end.processes) {
    result.outcomes.push_back(process.outcome == 0 ? models::Outcome{}
                                                   : values.get<models::Outcome>(process.outcome));
    result.statuses.push_back(process.status);
  }
  return result;
}

/// Every end state of the world, and what the monitors saw on the way there.
struct Explored {
  std::vector<End> ends;
  checkers::PropertySet violated;
  [[nodiscard]] bool has_violated(checkers::Property property) const { return violated.contains(property); }
};

inline Explored explore(const CommandWorld& world, bool on_s3 = true) {
  Explored explored;
  const sim::EndCheck collect = [&](sim::ValuePool& values, const sim::EndState& end) -> sim::Violations {
    explored.ends.push_back(read_end(values, end, on_s3));
    return 0;
  };
  sim::StateTables tables(world.spec(), sim::Automaton::Mode::compressed);
  sim::ExploreOptions options;
  options.max_states = 4'000'000;
  const sim::MonitorOf<checkers::Monitors> monitors;
  sim::Explorer<4> explorer(tables, monitors, collect, options);
  const sim::ExploreResult result = explorer.run();
  if (!result.complete) throw std::runtime_error("the world is too large: " + result.why_incomplete);
  explored.violated = checkers::PropertySet::from_bits(result.violated);
  return explored;
}

/// The calls that took effect when every client runs to its end, one after the other, without faults.
struct Walked {
  std::vector<std::string> calls;       ///< "s3 PutObject"
  std::vector<std::string> operations;  ///< of lock infos that were stored, in order
  End end;
};

inline Walked walk(const CommandWorld& world, bool on_s3 = true) {
  sim::ValuePool values;
  const sim::MonitorOf<sim::NoMonitor> nothing;
  sim::Simulator simulator(world.spec(), values, nothing);
  Walked walked;
  while (!simulator.finished()) {
    const sim::StepRecord record = simulator.take(0);
    if (!record.step.move.is_effect()) continue;
    const sim::AnyService& service = *world.spec().services[record.service];
    walked.calls.push_back(std::string(service.name()) + " " + service.operation(values, record.request));
    if (service.name() == "s3") {
      const auto request = values.get<models::S3::Request>(record.request);
      if (const auto* lock = std::get_if<models::S3::PutLock>(&request)) {
        walked.operations.emplace_back(models::lock_operation_name(lock->body.operation));
        walked.calls.back() += " lock";
      }
      if (std::holds_alternative<models::S3::DeleteLock>(request)) walked.calls.back() += " lock";
      if (const auto* get = std::get_if<models::S3::GetObject>(&request);
          get != nullptr && get->key == models::S3::Object::lockfile)
        walked.calls.back() += " lock";
    }
  }
  walked.end = read_end(values, simulator.end_state(), on_s3);
  return walked;
}

}  // namespace lockstorm
