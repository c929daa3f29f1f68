#include "models/terraform/apply.hpp"

#include "checkers/monitors.hpp"
#include "models/terraform/choice.hpp"

namespace lockstorm::models {
namespace {

// One apply. Members are what the tool keeps in memory; every step that talks to a service is a scope.
class Apply {
 public:
  Apply(CommandContext& context, ApplyMode mode)
      : self_(context.self),
        context_(context),
        options_(context.options),
        interrupts_(context.interrupts),
        mode_(mode),
        session_(context.session()),
        remote_(context) {}

  Outcome run() {
    interrupts_.begin_operation();
    // 3. StateMgr(workspace). 4. The operation lock.
    if (options_.reads_before_lock) {
      if (session_.open() != Done::ok) return {Ending::open_failed};
      if (!read_state()) return {Ending::read_failed};
      if (const auto ended = take_lock(context_, session_, LockOperation::apply, options_.lock_timeout))
        return *ended;
    } else if (const auto ended = open_and_lock(context_, session_, LockOperation::apply)) {
      return *ended;
    }
    session_.enter_critical_section();
    // 12. Deferred unlock, on every path.
    const Outcome outcome = finish(session_, under_lock());
    remote_.release();
    return remote_.note(outcome, saved_);
  }

 private:
  Outcome under_lock() {
    // 5. RefreshState under the lock.
    if (!options_.reads_before_lock && !read_state()) return {Ending::read_failed};
    // 6. The staleness check of a plan file. 8. Without one: refresh and plan.
    if (mode_ == ApplyMode::saved_plan && is_stale()) return {Ending::stale_plan};
    // Data sources are read when the plan is made.
    if (mode_ == ApplyMode::saved_plan) {
      remote_.use(context_.directory.plan.used);
    } else if (!remote_.read()) {
      return remote_.failed();
    }
    core_ = mode_ == ApplyMode::saved_plan ? context_.directory.plan.prior : plan();
    if (options_.remote_state.notes_versions) {
      core_.made_from = remote_.used().version();
      session_.record_as_made_from(core_.made_from);
    }
    // 2.9.2: a signal during the planning of an apply is noticed only now.
    if (mode_ != ApplyMode::saved_plan && interrupts_.stopped()) return {Ending::halted};
    interrupts_.begin_wait(session_, true);
    if (options_.release.saves_empty) core_.instance = {};
    Outcome outcome{options_.release.saves_empty || walk() ? Ending::applied : Ending::resource_failed};
    interrupts_.end_wait();
    // 10. Final WriteState and PersistState, also after errors.
    session_.write(core_);
    if (session_.save() != Done::ok) {
      outcome.ending = Ending::persist_failed;
      outcome.errored = errored_state();
    } else {
      saved_ = session_.state();
    }
    return outcome;
  }

  // 11. errored.tfstate: Core's state, with the manager's lineage and already incremented serial. OpenTofu
  // raises that once more, as its manager of files does with whatever differs from the file that is there.
  // [backend/local/backend_apply.go; OT statemgr/filesystem.go: WriteStateForMigration, persistState]
  [[nodiscard]] StateSnapshot errored_state() const {
    StateSnapshot errored = session_.state();
    take_content(errored, core_);
    const StateSnapshot& there = context_.directory.errored;
    if (options_.dialect == Dialect::opentofu && !(there.is_file() && same_content(there, errored)))
      ++errored.serial;
    return errored;
  }

  // An apply of a plan file reads only to compare: the plan's prior state is what it builds on (2.8.3).
  bool read_state() {
    self_.set_flag(checkers::kReadsToCompare, mode_ == ApplyMode::saved_plan);
    const bool read = session_.refresh() == Done::ok;
    self_.set_flag(checkers::kReadsToCompare, false);
    return read;
  }

  // 2.8.2; content is not compared. [backend/local/backend_local.go: localRunForPlanFile]
  [[nodiscard]] bool is_stale() const {
    const StateSnapshot& planned = context_.directory.plan.prior;
    const bool first_plan = planned.lineage.is_nobody() && planned.serial == 0;
    return (!first_plan && planned.lineage != session_.state().lineage) ||
           planned.serial != session_.state().serial;
  }

  // What the provider says still exists; a recorded instance that is gone will be created again.
  StateSnapshot plan() {
    StateSnapshot prior = session_.state();
    for (std::uint8_t address = 0; address < kMaxResources; ++address) {
      if (prior.instance[address] == 0) continue;
      const auto read = self_.call(context_.cloud, Cloud::ReadResource{address, prior.instance[address]});
      if (!read.answered() || read->found == 0) prior.instance[address] = 0;
    }
    return prior;
  }

  // 9. The graph, one resource after the other; `destroy` goes the other way round. What the state records
  // and the configuration lacks is destroyed by the same plan.
  bool walk() {
    bool all_done = true;
    const StateSnapshot prior = core_;
    for (std::uint8_t i = 0; i < kMaxResources && !interrupts_.halted(); ++i) {
      const bool backwards = mode_ == ApplyMode::destroy;
      const auto address = static_cast<std::uint8_t>(backwards ? kMaxResources - 1 - i : i);
      if (destroys(address) && prior.instance[address] == 0) continue;
      if (!change_resource(request_for(address, prior.instance[address]), address)) all_done = false;
    }
    return all_done;
  }

  [[nodiscard]] bool destroys(std::uint8_t address) const {
    return mode_ == ApplyMode::destroy || address >= options_.resources;
  }

  // A plan file has been looked at before it is applied, and whoever runs `destroy` means it.
  [[nodiscard]] bool is_unasked(std::uint8_t address) const {
    return mode_ == ApplyMode::normal && (options_.removes >> address & 1U) == 0;
  }

  [[nodiscard]] Cloud::Request request_for(std::uint8_t address, std::uint8_t instance) const {
    if (destroys(address))
      return Cloud::DeleteResource{address, instance, static_cast<std::uint8_t>(is_unasked(address))};
    if (instance == 0) return Cloud::CreateResource{address};
    return Cloud::UpdateResource{address, instance};
  }

  bool change_resource(const Cloud::Request& request, std::uint8_t address) {
    const auto done = self_.call(context_.cloud, request);
    // What a provider deletes and does not find is deleted.
    const bool removes = destroys(address);
    if (!done.answered() || (!removes && done->found == 0)) return false;
    ++changes_;
    const bool recorded = record(address, removes ? std::uint8_t{0} : done->instance) == Done::ok;
    return recorded && after_state_update();
  }

  // 9a. WriteState or MutateState; a plan file's prior state is put in place of what was read with the first
  // WriteState, while MutateState adds to what was read (2.4.2).
  Done record(std::uint8_t address, std::uint8_t instance) {
    core_.instance[address] = instance;
    core_.writer = sim::Who::me();
    core_.write = session_.change_number(changes_);
    if (options_.dialect == Dialect::opentofu) return session_.mutate(address, instance, core_.write);
    session_.write(core_);
    return Done::ok;
  }

  // 9b: the state hook persists when forced, or when 20 s have passed since the last persist; the clock
  // starts at the first update, so the first one never does. 9c: what it could not save is the resource's
  // error.
  bool after_state_update() {
    const bool is_forced = interrupts_.halted() || context_.writes_at_once(context_.manager);
    if (!is_forced && (changes_ < 2 || self_.choose(2, Choice::persist_interval) == 0)) return true;
    return session_.save() == Done::ok;
  }

  sim::Process& self_;
  CommandContext& context_;
  const CommandOptions& options_;
  Interrupts& interrupts_;
  ApplyMode mode_;
  StateSession session_;
  RemoteStateReader remote_;
  StateSnapshot saved_;  ///< the last version that was stored; none was
  StateSnapshot core_;   ///< the state that Core works on
  std::uint16_t changes_ = 0;
};

}  // namespace

Outcome run_apply(CommandContext& context, ApplyMode mode) { return Apply(context, mode).run(); }

}  // namespace lockstorm::models
