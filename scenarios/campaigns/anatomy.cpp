#include "scenarios/campaigns/anatomy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scenarios/campaigns/matrix.hpp"
#include "scenarios/campaigns/recorder.hpp"
#include "scenarios/world/alone.hpp"

namespace lockstorm::scenarios {
namespace {

using Services = std::vector<sim::ValueId>;

class Dissection {
 public:
  explicit Dissection(const Scenario& scenario)
      : world_(build_world(scenario, [this](auto backend) {
          recorder_ = std::make_shared<Recorder>(std::move(backend));
          return recorder_;
        })) {
    // Clients of their own kind use no Backend; operators do.
    if (!recorder_) recorder_ = std::make_shared<Recorder>(world_->backend);
  }

  std::vector<AnatomyRun> runs(const Scenario& scenario) {
    std::vector<AnatomyRun> runs{apply("apply")};
    if (!locked_.empty()) {
      runs.push_back(lock_held_by_another());
      runs.push_back(force_unlock());
    }
    runs.push_back(delete_workspace());
    Scenario first = scenario;
    first.initial = InitialState::empty;
    AnatomyRun first_apply = Dissection(first).apply("first apply, no state yet");
    if (!same_shape(first_apply, runs.front())) runs.push_back(std::move(first_apply));
    std::erase_if(runs, [](const AnatomyRun& run) { return run.calls.empty(); });
    return runs;
  }

 private:
  AnatomyRun apply(std::string name) {
    const sim::MonitorOf<sim::NoMonitor> nothing;
    sim::Simulator simulator(world_->spec, values_, nothing);
    AnatomyRun run = begin(std::move(name), services_of(simulator));
    const sim::SpecNames names(world_->spec, sim::Slot{0});
    while (!simulator.finished()) {
      const sim::StepRecord& record = simulator.take(0);
      if (!record.step.move.is_effect() || record.step.is_tick) continue;
      const Services now = services_of(simulator);
      add_call(record, now, names, run);
      // Nobody has told the recorder of clients that use no Backend; the server's record will do.
      const bool locks =
          recorder_->operation() == operation::kLock || (recorder_->operation().empty() && locked_.empty());
      if (locks && locked_by_record(*world_, values_, now)) locked_ = now;
    }
    after_ = services_of(simulator);
    return run;
  }

  AnatomyRun lock_held_by_another() {
    return alone("Lock while another client holds it", "another client", locked_, [&](sim::Process& self) {
      recorder_->lock(self, {{sim::Who::me(), 0}, models::LockOperation::apply});
    });
  }

  AnatomyRun force_unlock() {
    return alone("force-unlock after the holder was killed", "operator", killed(locked_, 0),
                 [&](sim::Process& self) {
                   const models::LockInfo found = world_->backend->found_lock(self);
                   if (!found.empty()) recorder_->evict(self, found.id);
                 });
  }

  AnatomyRun delete_workspace() {
    return alone("workspace delete, after its lock", "client", after_, [&](sim::Process& self) {
      if (recorder_->has_workspaces()) recorder_->remove(self);
    });
  }

  AnatomyRun alone(std::string name, const std::string& process, const Services& services,
                   const sim::Process::Body& body) {
    AnatomyRun run = begin(std::move(name), services);
    const Newcomer who{process};
    const sim::SpecNames names = names_with(*world_, who);
    run_alone(*world_, values_, services, who, body, [&](const sim::StepRecord& record, const Services& now) {
      if (record.step.move.is_effect() && !recorder_->operation().empty()) add_call(record, now, names, run);
    });
    return run;
  }

  AnatomyRun begin(std::string name, const Services& services) {
    return {std::move(name), left_behind(services), {}};
  }

  void add_call(const sim::StepRecord& record, const Services& now, const sim::SpecNames& names,
                AnatomyRun& run) {
    AnatomyCall call;
    call.background = record.step.move.fiber != 0;
    if (!call.background) call.operation = recorder_->operation();
    call.service = world_->spec.services[record.service]->name();
    call.text = fmt::format("{} -> {}", values_.describe(record.request, names),
                            values_.describe(record.response, names));
    const Services rest = killed(now, record.step.slot);
    call.left = left_behind(rest);
    LeftBehind later = left_behind(aged(rest));
    if (!(later == call.left)) call.left_later = std::move(later);
    run.calls.push_back(std::move(call));
  }

  LeftBehind left_behind(const Services& services) {
    return {find_aftermath(*world_, *world_->backends.front(), values_, services),
            locked_by_record(*world_, values_, services)};
  }

  // The servers notice what they notice of a client's death.
  Services killed(Services services, sim::Slot slot) {
    for (std::size_t i = 0; i < services.size(); ++i)
      services[i] = world_->spec.services[i]->process_ended(values_, services[i], slot);
    return services;
  }

  Services aged(Services services) {
    for (unsigned tick = 0; tick < world_->spec.time.ticks; ++tick) {
      for (std::size_t i = 0; i < services.size(); ++i)
        services[i] = world_->spec.services[i]->tick(values_, services[i]);
    }
    return services;
  }

  static Services services_of(const sim::Simulator& simulator) { return simulator.end_state().services; }

  // Same calls in every operation that changes something; reading no state is always shorter than reading
  // one.
  static bool same_shape(const AnatomyRun& one, const AnatomyRun& other) {
    const auto shape = [](const AnatomyRun& run) {
      std::vector<std::pair<std::string_view, std::string>> calls;
      for (const AnatomyCall& call : run.calls) {
        if (call.operation != operation::kGet && !call.operation.empty())
          calls.emplace_back(call.operation,
                             call.text.substr(0, std::min(call.text.find(" ("), call.text.find(" -> "))));
      }
      return calls;
    };
    return shape(one) == shape(other);
  }

  std::shared_ptr<Recorder> recorder_;
  std::unique_ptr<World> world_;
  sim::ValuePool values_;
  Services locked_;  ///< just after the client got the lock; empty: there is none
  Services after_;   ///< after the apply
};

}  // namespace

std::vector<Anatomy> dissect(const BackendType& type) {
  std::vector<Anatomy> all;
  for (const BackendMode& mode : matrix_modes(type)) {
    for (const models::Dialect tool : {models::Dialect::terraform, models::Dialect::opentofu}) {
      if (!type.available(tool)) continue;
      const Scenario scenario = calm_configuration(mode.backend, tool, 1);
      all.push_back({tool, mode.backend->summary(), Dissection(scenario).runs(scenario)});
    }
  }
  return all;
}

}  // namespace lockstorm::scenarios
