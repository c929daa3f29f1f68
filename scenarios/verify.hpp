// Exhaustive verification of one scenario: a proof within its bounds or a shortest counterexample per
// property.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/counterexample.hpp"
#include "scenarios/mechanism.hpp"
#include "scenarios/reached.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/searched.hpp"
#include "scenarios/verdict.hpp"
#include "scenarios/world.hpp"
#include "sim/explore_options.hpp"
#include "sim/schedule.hpp"

namespace lockstorm::scenarios {

struct VerifyOptions {
  std::size_t max_bytes = std::size_t{4} << 30U;  ///< what the process may take for it
  std::size_t program_bytes = 0;  ///< of these, what the process takes besides what is searched
  bool find_decisive_moment = true;
  bool fingerprint = false;  ///< of the reachable set, for a certificate
  /// How many mechanisms of a violated property are looked for: none but the simplest, all so as to name
  /// them, or all with a counterexample each.
  enum class Mechanisms : std::uint8_t { simplest, named, told } mechanisms = Mechanisms::simplest;
  /// How many threads may share the work on one space: those of an enclosing sim::run_parallel, when idle.
  unsigned threads = 1;
};

struct Explored {
  bool complete = false;
  std::size_t states = 0;
  std::size_t transitions = 0;
  std::size_t end_states = 0;
  std::size_t cut_off = 0;  ///< of these, where bounded time was over before everybody had finished
  std::size_t depth = 0;
  double seconds = 0;
  std::uint64_t fingerprint = 0;  ///< of the reachable set; 0: not asked for
  sim::PromiseSample promises;    ///< how far what clients forget was held to what they do
};

/// Why a run proves nothing.
enum class Invalidity : std::uint8_t {
  none,
  nobody_succeeds,      ///< some command ends with success in no run without faults and operators
  fault_never_fired,    ///< a declared fault took effect in no run
  operator_never_acts,  ///< an operator removed no lock in any run
};

struct VerifyResult {
  /// The simplest; nullptr where the property is not violated, or the search for it grew too large.
  [[nodiscard]] const Counterexample* counterexample_of(checkers::Property property) const;
  [[nodiscard]] Counterexample* counterexample_of(checkers::Property property);
  /// What it declares took effect in no run: it says nothing against the backend, and nothing for it.
  [[nodiscard]] bool cannot_happen() const;
  /// Nothing was found in the runs that were looked at, and nothing is proved.
  [[nodiscard]] bool only_searched() const { return searched && verdict == Verdict::held; }
  /// What it says of a property, nothing where that was not checked. What is proved of jobs that never
  /// succeed is no proof.
  [[nodiscard]] std::optional<Verdict> answer(checkers::Property property) const;

  Scenario scenario;
  Verdict verdict = Verdict::unknown;
  std::map<checkers::Property, Verdict> properties;
  Explored explored;
  std::optional<Searched> searched;  ///< set: some runs were looked at, not all, and `held` is no proof
  std::array<std::uint64_t, sim::kFaultKinds> fired{};
  /// The hardest way back that a killed job has left others in some run; where `stale-lock-recovery` applies.
  Recovery recovery = Recovery::nobody;
  std::vector<CommandReached> reached;       ///< what each command has come to in some run
  Invalidity invalidity = Invalidity::none;  ///< of an invalid run
  /// One per violated property, and one for each other mechanism that was asked for; those of a property
  /// together, the simplest first.
  std::vector<Counterexample> counterexamples;
  /// How properties are violated, as far as that was looked for.
  std::map<checkers::Property, Mechanisms> mechanisms;
  std::string why;             ///< unknown, invalid: the reason
  bool out_of_memory = false;  ///< some search was cut short by VerifyOptions::max_bytes
};

/// Explores every reachable state of the scenario. Throws sim::BrokenPromise when a model forgets too much.
VerifyResult verify(const Scenario& scenario, const VerifyOptions& options);
/// The same for a world that was built from it, or is to stand for it.
VerifyResult verify(const Scenario& scenario, const World& world, const VerifyOptions& options);

struct Refutation {
  Verdict verdict = Verdict::unknown;  ///< held, violated, or unknown: there are too many states
  std::size_t states = 0;
};

/// Whether some run violates the property; visits at most about `max_states` states.
Refutation refute(const World& world, checkers::Property property, std::size_t max_states);

struct ShortestSearch {
  bool complete = false;  ///< no schedule: there is none
  /// One that violates the property with as few adverse events, and then in as few steps, as possible.
  std::optional<sim::Schedule> schedule;
  unsigned adverse_events = 0;
};

/// Looks for the violation of one property with the fewest adverse events, `max_adverse_events` at the most,
/// and of these for the shortest; visits at most about `max_states` states at a time.
ShortestSearch find_shortest(const World& world, checkers::Property property, std::size_t max_states,
                             unsigned max_adverse_events = sim::ExploreOptions::kAnyNumber);

/// Number of the step after which a violation could not be avoided any more; 0 where the search for a way out
/// grows too large.
std::size_t find_decisive_step(const World& world, checkers::Property property,
                               const sim::Schedule& schedule);

/// A schedule walked again on live processes, told step by step; an error where it does not fit the world.
/// `property`: what it is to be a counterexample to.
std::expected<Counterexample, std::string> tell(const Scenario& scenario, const World& world,
                                                const sim::Schedule& schedule,
                                                std::optional<checkers::Property> property = std::nullopt);

/// The same for a counterexample to the property; an error where the live run does not show it, which it
/// must.
std::expected<Counterexample, std::string> tell_showing(const Scenario& scenario, const World& world,
                                                        checkers::Property property,
                                                        const sim::Schedule& schedule);

/// Where verdicts, and what commands have come to, differ from `expect`, as sentences; empty when all is as
/// expected.
std::vector<std::string> unexpected_verdicts(const VerifyResult& result);
/// Properties that `expect` says nothing of and that are not held: a test that names others does not test
/// them.
std::vector<checkers::Property> left_out_of_expect(const VerifyResult& result);
/// What counts where the scenario says what it expects, once all is so: `held`, for a violation and for what
/// bounded time leaves open, too; a run that proves nothing otherwise stays what it is.
Verdict verdict_as_expected(const VerifyResult& result);

/// The verdict of a property that no run violated.
Verdict verdict_of_unviolated(const World& world, checkers::Property property, bool complete,
                              std::size_t cut_off);

/// Whether the run shows anything at all: where some command never succeeds, or what was declared never took
/// effect, the verdict becomes invalid and `why` says so. `result` has the verdicts of its properties and
/// what commands have come to; violations outrank all that. `max_states`: for the search without faults and
/// operators.
void settle_validity(VerifyResult& result, const World& world, std::size_t max_states);

}  // namespace lockstorm::scenarios
