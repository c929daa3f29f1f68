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

#include "scenarios/left_locks.hpp"
#include "scenarios/reached.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/verdict.hpp"
#include "scenarios/world.hpp"
#include "sim/explorer.hpp"
#include "sim/schedule.hpp"
#include "sim/simulator.hpp"

namespace lockstorm::scenarios {

struct VerifyOptions {
  std::size_t max_bytes = std::size_t{4} << 30U;
  bool find_decisive_moment = true;
  bool fingerprint = false;  ///< of the reachable set, for a certificate
  /// How many threads may share the work on one space: those of an enclosing sim::run_parallel, when idle.
  unsigned threads = 1;
};

/// Note of a step that reads a state from which nothing will be made (`state push`, `apply PLANFILE`).
inline constexpr std::string_view kOnlyCompares = "only compares";
/// Notes of the step at which a client goes ahead: it was granted the lock, or it asks for none.
inline constexpr std::string_view kHoldsLock = "believes it holds the lock";
inline constexpr std::string_view kWithoutLock = "goes ahead without a lock";

/// Why nobody waits for a request by the time that it takes effect.
enum class Belated : std::uint8_t { no, sender_froze, sender_died, sender_gave_up, is_a_copy };

/// Why a step is an adverse event.
enum class Adverse : std::uint8_t {
  no,
  fault,         ///< one of `faults`
  intervention,  ///< an operator is about to remove a lock, or a health check fails
  store_event,   ///< one that the store brings about by itself, of those that were declared
};

/// What a service holds at some point of a run.
struct ServiceView {
  std::size_t service = 0;           ///< number in Counterexample::services
  std::string contents;              ///< "state: serial 2 by client-1; .tflock: client-1's lock"
  std::vector<std::size_t> holders;  ///< by its record; slots of actors
  bool keeps_lock = false;           ///< false: it keeps no lock, `holders` means nothing
};

/// A version of the stored state, numbered from 1 in the order of writes; 0 is what stood there before.
struct StateVersion {
  std::size_t number = 0;    ///< 0: the step writes none
  std::size_t based_on = 0;  ///< the one that its writer had read last
  std::size_t replaced = 0;  ///< the one that was stored; another than `based_on`: the versions fork
};

/// One step of a counterexample, in the words of reports.
struct CounterexampleStep {
  std::size_t number = 0;  ///< from 1
  std::string at;          ///< virtual time, "0s"
  std::string actor;       ///< "client-1"; "time" when time passes
  std::size_t actor_slot = 0;
  std::string event;      ///< send, effect, deliver, crash, ...
  std::string service;    ///< of calls
  std::string operation;  ///< of calls, e.g. PutObject
  std::string text;       ///< what happens, in one clause
  Adverse adverse = Adverse::no;
  bool is_relevant = true;      ///< false: leaving it out of the table loses nothing
  bool at_new_backend = false;  ///< of calls: at the place that a migration goes to
  std::string note;             ///< what it means, e.g. "believes it holds the lock"
  bool reads_state = false;     ///< its answer is the current state file
  bool writes_state = false;    ///< the state file is another one after it
  bool takes_lock = false;  ///< by the services' record the actor holds a lock after it, and did not before
  std::string frees;        ///< whom the record named as a holder before it and no longer does
  std::size_t call = 0;     ///< steps of the same number are one call; 0: the step is no part of a call
  std::size_t sent = 0;     ///< of calls: the step that sent the request
  std::size_t repeats = 0;  ///< of calls: the same request, sent before; this one makes up for it
  bool repeats_silence = false;        ///< no answer came to that one; else it was an error
  Belated belated = Belated::no;       ///< of effects
  std::size_t service_index = 0;       ///< of calls: number in Counterexample::services
  std::vector<std::size_t> believers;  ///< slots of the actors that believe, after it, to hold the lock
  std::vector<ServiceView> changes;    ///< services that hold something else after it
  StateVersion version;                ///< of the state, if the step writes one
};

/// A change of the scenario that was tried against a counterexample's property.
struct TriedChange {
  std::string
      rule;  ///< what to do in the world, a clause: "force-unlock only jobs that are known to be dead"
  std::string setting;  ///< how a scenario says it: "operator: {target: dead}"
  /// How a configuration or the command line says it: "`use_lockfile = true`"; empty: neither can.
  std::string in_audit;
  Verdict verdict = Verdict::unknown;  ///< of the property, once it is changed so
  std::size_t states = 0;
};

struct Counterexample {
  checkers::Property property{};
  std::string replay;
  unsigned faults = 0;
  unsigned adverse_events = 0;  ///< faults, acts of operators, counted events of the store
  sim::Schedule schedule;
  bool ended = false;            ///< nothing can happen after it
  sim::Violations violated = 0;  ///< by its steps and, where it has ended, by its end, on live processes
  std::vector<CounterexampleStep> steps;
  /// Step after which the violation could not be avoided any more; 0 when unknown.
  std::size_t decisive_step = 0;
  std::vector<std::string> actors;
  std::vector<std::string> services;   ///< names; "s3 (new)" at the place that a migration goes to
  std::vector<ServiceView> beginning;  ///< what each of them holds before the first step
  /// What each actor runs, "plan -out, then apply PLANFILE"; empty when all clients just apply.
  std::vector<std::string> commands;
  /// By actor, where the run has ended: what it was to save was never stored; it acted on a mixture.
  std::vector<bool> vanished;
  std::vector<bool> mixed;
  /// What ended commands have left, where the run has ended, and what force-unlock has only said.
  std::vector<LeftLock> left_locks;
  /// Weakest first, up to the first that makes the property hold; empty: nothing was tried.
  std::vector<TriedChange> tried;
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
  /// nullptr where the property is not violated, or the search for the shortest way grew too large.
  [[nodiscard]] const Counterexample* counterexample_of(checkers::Property property) const;
  [[nodiscard]] Counterexample* counterexample_of(checkers::Property property);
  /// What it declares took effect in no run: it says nothing against the backend, and nothing for it.
  [[nodiscard]] bool cannot_happen() const;
  /// What it says of a property, nothing where that was not checked. What is proved of jobs that never
  /// succeed is no proof.
  [[nodiscard]] std::optional<Verdict> answer(checkers::Property property) const;

  Scenario scenario;
  Verdict verdict = Verdict::unknown;
  std::map<checkers::Property, Verdict> properties;
  Explored explored;
  std::array<std::uint64_t, sim::kFaultKinds> fired{};
  /// The hardest way back that a killed job has left others in some run; where `stale-lock-recovery` applies.
  Recovery recovery = Recovery::nobody;
  std::vector<CommandReached> reached;          ///< what each command has come to in some run
  Invalidity invalidity = Invalidity::none;     ///< of an invalid run
  std::vector<Counterexample> counterexamples;  ///< one per violated property
  std::string why;                              ///< unknown, invalid: the reason
  bool out_of_memory = false;                   ///< some search was cut short by VerifyOptions::max_bytes
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

/// A schedule walked again on live processes, told step by step; nothing when it does not fit the world.
std::expected<Counterexample, std::string> tell(const Scenario& scenario, const World& world,
                                                const sim::Schedule& schedule);

/// The same for a counterexample to the property; an error where the live run does not show it, which it
/// must.
std::expected<Counterexample, std::string> tell_showing(const Scenario& scenario, const World& world,
                                                        checkers::Property property,
                                                        const sim::Schedule& schedule);

/// Where verdicts, and what commands have come to, differ from `expect`, as sentences; empty when all is as
/// expected.
std::vector<std::string> unexpected_verdicts(const VerifyResult& result);
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
