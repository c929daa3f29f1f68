// One live world: processes on fibers, services as values, step by step. Runs random walks, replays and timed
// runs.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/end_state.hpp"
#include "sim/monitor_view.hpp"
#include "sim/process/process.hpp"
#include "sim/schedule.hpp"
#include "sim/steps.hpp"
#include "sim/world_spec.hpp"

namespace lockstorm::sim {

/// A step a world could take next.
struct EnabledStep {
  Slot slot = 0;  ///< the process, or the number of processes for "time passes"
  Move move;
  unsigned alternative = 0;
  bool is_tick = false;
};

/// What a step did, for reports and histories.
struct StepRecord {
  EnabledStep step;
  ValueId request = 0;
  ValueId response = 0;  ///< effects: the answer sent; deliveries: the answer received (0 = none comes)
  std::uint8_t service = 0;
  std::uint16_t about = 0;  ///< choices: what is decided
  Tags tags = 0;
  std::uint16_t flags_before = 0;
  std::uint16_t flags_after = 0;
  ProcessStatus status_before = ProcessStatus::alive;
  ProcessStatus status_after = ProcessStatus::alive;
  ValueId service_before = 0;
  ValueId service_after = 0;
  Violations violations = 0;
  std::uint32_t tick = 0;
};

/// The simulator. Not copyable; owned by one thread. Values are interned in the pool it is given.
class Simulator {
 public:
  Simulator(const WorldSpec& spec, ValuePool& values, const AnyMonitor& monitor)
      : spec_(spec), values_(values), monitor_(monitor), rules_(rules_of(spec)) {
    restart();
  }

  /// Back to the beginning.
  void restart();

  /// The steps possible now, in the order both engines count them.
  [[nodiscard]] const std::vector<EnabledStep>& enabled();
  [[nodiscard]] bool finished() { return enabled().empty(); }

  /// Takes one of `enabled()`.
  const StepRecord& take(std::size_t index);

  [[nodiscard]] const std::vector<StepRecord>& records() const { return records_; }
  [[nodiscard]] EndState end_state() const;
  [[nodiscard]] const std::array<std::uint64_t, kFaultKinds>& fired() const { return fired_; }

  /// Hash chain over every step so far: equal runs have equal traces, on every compiler and machine.
  [[nodiscard]] std::uint64_t trace_hash() const { return trace_hash_; }

  /// Everything that decides the future, as a value: services, messages, what processes observed, budgets,
  /// monitors.
  [[nodiscard]] std::string fingerprint() const;

  [[nodiscard]] const LocalState& local(Slot slot) const { return processes_[slot].local; }
  [[nodiscard]] ValueId service_value(std::size_t service) const { return services_[service]; }

 private:
  struct Live {
    std::unique_ptr<Process> process;
    LocalState local;
    std::vector<Action> actions;
    std::vector<std::uint64_t> observed;  ///< (fiber, observation) so far
    std::uint8_t process_class = 0;
    std::uint16_t flags = 0;
    ValueId outcome = 0;
  };

  /// The world as monitors see it.
  struct Monitored {
    Simulator& simulator;
    [[nodiscard]] std::size_t processes() const { return simulator.processes_.size(); }
    [[nodiscard]] std::size_t services() const { return simulator.services_.size(); }
    [[nodiscard]] std::uint16_t flags(Slot slot) const {
      const Live& live = simulator.processes_[slot];
      const ProcessStatus status = live.local.status;
      const bool is_live = status == ProcessStatus::alive || status == ProcessStatus::paused;
      return is_live ? live.flags : std::uint16_t{0};
    }
    [[nodiscard]] SlotSet holders(std::size_t s) const {
      return simulator.spec_.services[s]->holders(simulator.values_, simulator.services_[s]);
    }
    [[nodiscard]] std::uint8_t monitor(Slot slot) const { return simulator.monitor_bits_[slot]; }
    void set_monitor(Slot slot, std::uint8_t bits) { simulator.monitor_bits_[slot] = bits; }
  };

  [[nodiscard]] unsigned alternatives_of(Slot slot, const Move& move) const;
  void add_steps(Slot slot);
  void feed(Slot slot, const LocalChange& change);
  void refresh(Live& live);
  void take_effect(const EnabledStep& step, StepRecord& record);
  void take_local(const EnabledStep& step, StepRecord& record);
  void take_tick();
  void run_hooks(Slot slot, ProcessStatus before, ProcessStatus after);
  [[nodiscard]] ValueId refusal_of(const Move& move);

  const WorldSpec& spec_;
  ValuePool& values_;
  const AnyMonitor& monitor_;
  StepRules rules_;
  std::vector<Live> processes_;
  std::vector<ValueId> services_;
  FaultBudget left_;
  std::vector<std::uint8_t> monitor_bits_;
  std::uint32_t clock_ = 0;
  std::vector<EnabledStep> enabled_;
  bool enabled_known_ = false;
  std::vector<StepRecord> records_;
  std::array<std::uint64_t, kFaultKinds> fired_{};
  std::uint64_t trace_hash_ = 0;
};

}  // namespace lockstorm::sim
