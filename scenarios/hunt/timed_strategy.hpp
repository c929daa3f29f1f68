// A strategy in virtual time: whoever is due goes next, and faults strike where a run spends its time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/hunt/move_times.hpp"
#include "scenarios/timed/arrival_list.hpp"
#include "sim/strategies/strategy.hpp"

namespace lockstorm::scenarios {

/// Runs of the ordinary world, in which time is free, as virtual time has them: jobs start when the
/// scenario's arrivals say, calls and work take as long as it says, and nothing overtakes what is due
/// earlier. So each run is an ordinary schedule, which every engine can replay, shrink and tell. What befalls
/// processes (a crash, a pause) strikes at a moment drawn evenly from the time that jobs take, and so mostly
/// while one works or waits; what befalls calls strikes one drawn evenly from its calls. The library's own
/// jitter is left out, and so are groups of jobs, of which the world knows nothing.
class TimedStrategy final : public sim::Strategy {
 public:
  /// `hunt`: null where only the name is asked for.
  explicit TimedStrategy(const TimedHunt* hunt) : hunt_(hunt) {}

  [[nodiscard]] std::string_view name() const override { return kName; }
  void begin(const sim::RunShape& shape, std::uint64_t number, sim::Random& random) override;
  sim::FaultPlan faults(const sim::FaultBudget& allowance, const sim::RunShape& shape,
                        sim::Random& random) override;
  sim::Pick pick(const sim::Candidates& candidates, sim::Random& random) override;
  void taking(const sim::Candidates& candidates, std::uint8_t mover, const sim::Move& move,
              sim::Random& random) override;
  [[nodiscard]] std::string drawn() const override;

  static constexpr std::string_view kName = "timed";

 private:
  struct Strike {
    std::uint64_t at = 0;  ///< a time in microseconds, or the number of a call
    std::uint8_t fault = 0;
    sim::Slot whom = 0;  ///< of those that befall a process
  };

  void draw_starts(sim::Random& random);
  [[nodiscard]] Strike strike_somebody(std::uint8_t fault, sim::Random& random) const;
  void draw_arrivals(sim::Random& random);
  std::optional<sim::Pick> strike_process(const sim::Candidates& candidates, std::uint64_t due_us,
                                          sim::Random& random);
  std::optional<std::uint16_t> strike_call(const sim::Candidates& candidates, std::uint8_t mover,
                                           const sim::Move& move, sim::Random& random);

  static constexpr std::uint64_t kFirstSpan_us = std::uint64_t{5} * 60 * 1'000'000;

  const TimedHunt* hunt_;
  std::vector<Arrival> arrivals_;
  std::uint64_t runs_ = 0;
  std::vector<std::uint64_t> starts_us_;  ///< [slot]
  sim::CounterRandom random_{0};
  std::optional<MoveTimes> times_;  ///< of the run, from its first step on
  std::uint64_t now_us_ = 0;
  std::uint64_t calls_ = 0;
  std::uint64_t ticks_ = 0;
  std::vector<std::uint64_t> ended_us_;   ///< [slot] when it last did something in the run
  std::vector<std::uint64_t> lasted_us_;  ///< [client] how long it took in the run before
  std::uint64_t calls_of_a_run_ = 0;
  std::vector<Strike> process_strikes_;  ///< by time; those that have struck are gone
  std::vector<Strike> call_strikes_;
  std::string drawn_;
};

}  // namespace lockstorm::scenarios
