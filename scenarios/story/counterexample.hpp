// A run that violates something, as typed data: who did what, what it was about, and what it meant.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/terraform/choice.hpp"
#include "scenarios/data/verdict.hpp"
#include "scenarios/story/mechanism.hpp"
#include "scenarios/world/left_locks.hpp"
#include "scenarios/world/world.hpp"
#include "sim/schedule.hpp"
#include "sim/steps.hpp"

namespace lockstorm::scenarios {

/// Note of a step that reads a state from which nothing will be made (`state push`, `apply PLANFILE`).
inline constexpr std::string_view kOnlyCompares = "only compares";
/// Notes of the step at which a client goes ahead: it was granted the lock, or it asks for none.
inline constexpr std::string_view kHoldsLock = "believes it holds the lock";
inline constexpr std::string_view kWithoutLock = "goes ahead without a lock";
/// Note of the step with which a process ends.
inline constexpr std::string_view kEnds = "ends";

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

/// A request that had not taken effect when its sender stopped.
struct PendingRequest {
  std::string operation;
  std::size_t sent = 0;  ///< number of the step
};

/// One of Counterexample::actors.
struct Actor {
  std::size_t slot = 0;
  std::string name;
};

/// Something that a server had granted for a time, and nobody has renewed.
struct Expired {
  std::string what;  ///< "session", "lock"
  Actor of;
};

/// One step of a counterexample: what happened, as facts and in words.
struct CounterexampleStep {
  std::size_t number = 0;  ///< from 1
  std::string at;          ///< virtual time, "0s"
  std::string actor;       ///< "client-1"; "time" when time passes
  std::size_t actor_slot = 0;
  bool by_operator = false;
  std::optional<models::HandAct> by_hand;  ///< of an operator who acts by hand: what he is about to do
  bool decides_to_act = false;             ///< an operator has seen enough, and removes the lock from here on
  bool is_time = false;                    ///< time passes; `kind` says nothing
  sim::MoveKind kind = sim::MoveKind::send;
  std::string event;                    ///< its name: send, effect, deliver, crash, ...
  std::string service;                  ///< of calls
  std::string operation;                ///< of calls, e.g. PutObject
  sim::RequestFacts about;              ///< of calls: what the request is about
  std::string asked;                    ///< of calls: the request, in words
  sim::AnswerFacts told;                ///< of effects and answers: what the answer says
  sim::Route route;                     ///< of effects: which of a pooler's sessions took it
  unsigned alternative = 0;             ///< of effects: which of the service's alternatives it is
  models::Choice choice{};              ///< of choices: what is decided
  bool second_way = false;              ///< ... and whether it went the second way of two
  std::vector<PendingRequest> pending;  ///< where a process stops: what it had sent by then
  std::string text;                     ///< what happens, in one clause
  Adverse adverse = Adverse::no;
  bool is_relevant = true;      ///< false: leaving it out of the table loses nothing
  bool at_new_backend = false;  ///< of calls: at the place that a migration goes to
  std::string note;             ///< what it means, e.g. "believes it holds the lock"
  bool reads_state = false;     ///< its answer is the current state file
  bool writes_state = false;    ///< the state file is another one after it
  bool takes_lock = false;  ///< by the services' record the actor holds a lock after it, and did not before
  std::optional<Actor> frees;     ///< whom the record named as a holder before it and no longer does
  std::vector<Expired> expired;   ///< what was granted to somebody for a time that is over by now
  std::size_t call = 0;           ///< steps of the same number are one call; 0: the step is no part of a call
  std::size_t sent = 0;           ///< of calls: the step that sent the request
  std::size_t repeats = 0;        ///< of calls: the same request, sent before; this one makes up for it
  bool repeats_silence = false;   ///< no answer came to that one; else it was an error
  Belated belated = Belated::no;  ///< of effects
  std::size_t service_index = 0;  ///< of calls: number in Counterexample::services
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
  /// What it costs or breaks, a clause: "the lock of a job that hangs then stays"; empty: nothing.
  std::string price;
  Verdict verdict = Verdict::unknown;  ///< of the property, once it is changed so
  std::size_t states = 0;
  bool is_conduct = false;  ///< people follow it; no setting of the backend or the tool says it
};

/// Counterexample::decisive_step where there never was a way out.
inline constexpr std::size_t kFromTheStart = std::numeric_limits<std::size_t>::max();

struct Counterexample {
  checkers::Property property{};
  std::string replay;
  unsigned faults = 0;
  unsigned adverse_events = 0;  ///< faults, acts of operators, counted events of the store
  sim::Schedule schedule;
  bool ended = false;              ///< nothing can happen after it
  checkers::PropertySet violated;  ///< by its steps and, where it has ended, by its end, on live processes
  std::vector<CounterexampleStep> steps;
  /// Step after which the violation could not be avoided any more; 0 when unknown, kFromTheStart where every
  /// run violates.
  std::size_t decisive_step = 0;
  std::vector<std::string> actors;
  /// Slots of clients without which it happens all the same (needed_clients.hpp); idle ones are not listed.
  std::vector<std::size_t> not_needed;
  std::vector<std::string> services;   ///< names; "s3 (new)" at the place that a migration goes to
  std::vector<ServiceView> beginning;  ///< what each of them holds before the first step
  /// What each actor runs, "plan -out, then apply PLANFILE"; empty when all clients just apply.
  std::vector<std::string> commands;
  /// Where the run has ended: all that is wrong then.
  std::vector<EndFault> wrong;
  /// Where the run has ended: what ended commands have left, and what force-unlock has only said.
  std::vector<LeftLock> left_locks;
  [[nodiscard]] bool needs(std::size_t slot) const {
    return std::ranges::find(not_needed, slot) == not_needed.end();
  }
  /// What makes the violation; for a run that is no counterexample to anything, nothing.
  std::optional<Mechanism> mechanism;
  /// Weakest first, up to the first that makes the property hold; empty: nothing was tried.
  std::vector<TriedChange> tried;
};

}  // namespace lockstorm::scenarios
