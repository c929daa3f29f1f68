// What a world consists of: services, process classes, fault budget, time. The input of both engines.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/faults.hpp"
#include "sim/service.hpp"

namespace lockstorm::sim {

class Process;

/// Equal processes: same body, different slots.
struct ProcessClass {
  std::string name;  ///< "client": members are client-1, client-2, ...; a single member is just "operator"
  std::function<void(Process&)> body;
  std::uint16_t count = 1;
  FaultMask faults = 0;  ///< what may happen to these processes and their calls
  /// Number of the first member, when several classes share a name; 0: members count from 1.
  std::uint16_t first_number = 0;
};

/// How time passes for the explorer.
struct TimeModel {
  /// 0: free time, every timer may fire at any moment. Otherwise time is a clock of `ticks` ticks.
  std::uint8_t ticks = 0;
  std::chrono::milliseconds tick{1000};
  /// Runs in virtual time, which know no last tick: servers count the ticks that pass.
  bool servers_age = false;
  /// Bounded time only passes while nobody can act, or all who can are paused.
  bool urgent = false;
  /// How far off a clock is that the fault `clock_skew` strikes.
  std::uint8_t skew_ticks = 2;
};

/// Services of one world, at most, where it is explored or hunted in.
inline constexpr std::size_t kMaxServices = 16;

struct WorldSpec {
  std::vector<std::shared_ptr<const AnyService>> services;
  std::vector<ProcessClass> classes;
  FaultBudget budget;
  TimeModel time;
  /// Merge send into effect: two steps a call. Sound only when nothing can happen to a request on its way.
  bool two_step_calls = false;
  /// Processes die only while they work, not between or during calls.
  bool crashes_only_at_work = false;

  [[nodiscard]] std::size_t process_count() const {
    std::size_t count = 0;
    for (const ProcessClass& process_class : classes) count += process_class.count;
    return count;
  }
  /// Class index of each slot.
  [[nodiscard]] std::vector<std::uint8_t> class_of_slot() const {
    std::vector<std::uint8_t> result;
    for (std::size_t i = 0; i < classes.size(); ++i)
      result.insert(result.end(), classes[i].count, static_cast<std::uint8_t>(i));
    return result;
  }
};

/// Names processes as reports do.
class SpecNames final : public ProcessNames {
 public:
  explicit SpecNames(const WorldSpec& spec, std::optional<Slot> me = std::nullopt) : me_(me) {
    for (const ProcessClass& process_class : spec.classes) {
      for (std::uint16_t i = 0; i < process_class.count; ++i) {
        const bool alone = process_class.count == 1 && process_class.first_number == 0;
        const int number = std::max<int>(process_class.first_number, 1) + i;
        names_.push_back(alone ? process_class.name : process_class.name + "-" + std::to_string(number));
      }
    }
  }
  [[nodiscard]] std::string name(Who who) const override {
    if (who.is_nobody()) return "nobody";
    if (who.is_predecessor()) return "an earlier run";
    if (who.is_me()) return me_ ? names_.at(*me_) : "me";
    return names_.at(who.slot());
  }
  [[nodiscard]] const std::string& slot_name(Slot slot) const { return names_.at(slot); }

 private:
  std::optional<Slot> me_;
  std::vector<std::string> names_;
};

}  // namespace lockstorm::sim
