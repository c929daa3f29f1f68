// What a run's diagram needs beside the words: which steps are one call, who holds or believes to hold the
// lock, what services hold, and which version of the state follows from which.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/story/counterexample.hpp"
#include "scenarios/world/world.hpp"
#include "sim/run/simulator.hpp"

namespace lockstorm::scenarios {

/// Follows one run; `note` is called after every step, in order.
class RunFacts {
 public:
  /// At the beginning of a run, with the services' values there.
  RunFacts(const World& world, const sim::ValuePool& values, const std::vector<sim::ValueId>& services);

  /// The services as they are at the beginning.
  [[nodiscard]] std::vector<ServiceView> initial() const;
  /// Adds to the step that the record tells of; `services` are the values after it.
  void note(const sim::StepRecord& record, const std::vector<sim::ValueId>& services,
            CounterexampleStep& step);

 private:
  struct Call {
    std::size_t number = 0;
    sim::Slot slot = 0;
    sim::FiberIndex fiber = 0;
    std::uint8_t service = 0;
    sim::ValueId request = 0;
    std::size_t base = 0;     ///< version of the state that the caller had read last when it made the call
    std::size_t sent = 0;     ///< number of the step
    std::size_t repeats = 0;  ///< number of the call that it makes up for
    bool repeats_silence = false;
    Belated belated = Belated::no;  ///< if its request is still to take effect
    enum class Answer : std::uint8_t { none, error, some } answer = Answer::none;
    bool in_flight = false;  ///< its request, or a copy of it, may still take effect
    bool is_open = true;     ///< the caller waits for its answer
  };

  [[nodiscard]] ServiceView view(std::size_t service, sim::ValueId value) const;
  [[nodiscard]] std::size_t site_of(const sim::StepRecord& record) const;
  Call& call_of(const sim::StepRecord& record, std::size_t step);
  Call& new_call(const sim::StepRecord& record, std::size_t step);
  static void note_answer(const sim::StepRecord& record, Call& call);
  static Belated belated(const sim::StepRecord& record, const Call& call);
  /// The requests of a process that have not taken effect so far; `waited_for`: not those that it has given
  /// up on, nor copies.
  [[nodiscard]] std::vector<PendingRequest> pending(sim::Slot slot, bool waited_for) const;
  /// What the step does to the request of its call, or, where a process dies, to all that it has sent.
  void note_flight(const sim::StepRecord& record, Call* call);
  void note_versions(const sim::StepRecord& record, const Call& call, CounterexampleStep& step);

  const World& world_;
  const sim::ValuePool& values_;
  std::vector<sim::ValueId> services_;
  std::vector<Call> calls_;
  std::vector<bool> believers_;
  std::vector<std::size_t> bases_;    ///< by process: version of the state it has read last
  std::vector<std::size_t> current_;  ///< by site: version that is stored
  std::size_t versions_ = 0;
};

/// Whether the kind of step is a part of a call.
bool is_call(sim::MoveKind kind);

}  // namespace lockstorm::scenarios
