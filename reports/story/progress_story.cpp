#include "reports/story/progress_story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "reports/story/step_queries.hpp"
#include "reports/story/words.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Property;
using scenarios::Counterexample;

using EndHow = scenarios::EndFault::How;

// In which way somebody failed.
enum class Failure : std::uint8_t {
  own_lock,        ///< it was refused its own lock
  unnamed_holder,  ///< "it is taken", and by whom nobody says
  torn_state,      ///< it read a state that was being written
  elsewhere,       ///< a lock of another state was in the way
  sibling,         ///< the lock of another job of its pull request
  directory,       ///< the lock of a working directory
  read,            ///< the lock of the state that it reads
  conflict,        ///< a conflict ended its wait
  gave_up,         ///< it was to wait, and stopped
  waits,           ///< it waits for what never comes
  unknown,
};

// One failure, told of one actor; `step` shows it, where one does.
struct Failed {
  Failure failure = Failure::unknown;
  std::string actor;
  const Step* step = nullptr;
};

std::string actor_in(const Counterexample& counterexample, std::size_t slot) {
  return slot < counterexample.actors.size() ? counterexample.actors[slot] : "a job";
}

// Who stops may do so for what it has read; who was refused or waits does so for the lock.
bool may_have_failed(const Counterexample& counterexample, std::size_t slot) {
  if (counterexample.wrong.empty()) return true;
  return std::ranges::any_of(counterexample.wrong, [&](const scenarios::EndFault& fault) {
    return fault.whose == slot && (fault.how == EndHow::gave_up || fault.how == EndHow::gave_up_on_conflict);
  });
}

// Who it is about and how it failed is a fact of the end; steps only show where. The closest story first.
Failed failed(const Counterexample& counterexample) {
  const Steps& steps = counterexample.steps;
  for (const std::size_t slot : slots_wronged(counterexample, EndHow::shown_itself))
    return {Failure::own_lock, actor_in(counterexample, slot), shown_itself(steps, slot)};
  for (const EndHow how : {EndHow::gave_up, EndHow::gave_up_on_conflict}) {
    for (const std::size_t slot : slots_wronged(counterexample, how)) {
      if (const Step* nobody = shown_nobody(steps, slot))
        return {Failure::unnamed_holder, actor_in(counterexample, slot), nobody};
    }
  }
  const Step* torn = reads_torn_file(steps);
  if (torn != nullptr && may_have_failed(counterexample, torn->actor_slot))
    return {Failure::torn_state, torn->actor, torn};
  constexpr std::array<std::pair<EndHow, Failure>, 7> kOthers{
      {{EndHow::sibling_refused, Failure::sibling},
       {EndHow::directory_refused, Failure::directory},
       {EndHow::read_refused, Failure::read},
       {EndHow::refused_elsewhere, Failure::elsewhere},
       {EndHow::gave_up_on_conflict, Failure::conflict},
       {EndHow::gave_up, Failure::gave_up},
       {EndHow::waits, Failure::waits}}};
  for (const auto& [how, failure] : kOthers) {
    for (const std::size_t slot : slots_wronged(counterexample, how))
      return {failure, actor_in(counterexample, slot), nullptr};
  }
  return {};
}

bool ends(const Steps& steps, const std::string& actor) {
  return std::ranges::any_of(
      steps, [&](const Step& step) { return step.actor == actor && step.note == scenarios::kEnds; });
}

// Where the refusal itself names the holder, nobody has to ask for it.
std::string meets_itself(const Steps& steps, const Failed& found) {
  std::string text;
  if (found.step == nullptr)
    text = found.actor + " is refused because of its own lock";
  else if (found.step->about.lock == sim::LockUse::asks)
    text = fmt::format("{} is told that the lock is its own (step {})", found.actor, found.step->number);
  else
    text = fmt::format("{} asks who holds the lock and is shown itself (step {})", found.actor,
                       found.step->number);
  return fmt::format("{}: it takes its own lock for somebody else's and {}.", text,
                     ends(steps, found.actor) ? "fails" : "waits for it to be released");
}

// Not the lock that pg's creations take.
bool shares_by_name(const Counterexample& counterexample) {
  return std::ranges::find(counterexample.services, "postgres") == counterexample.services.end();
}

}  // namespace

std::string no_progress(const Counterexample& counterexample) {
  const Failed found = failed(counterexample);
  switch (found.failure) {
    case Failure::own_lock:
      return meets_itself(counterexample.steps, found);
    case Failure::unnamed_holder:
      return fmt::format(
          "{} is told that the lock is taken, but when it asks by whom (step {}) nothing is said about it; "
          "it stops instead of trying again.",
          found.actor, found.step->number);
    case Failure::torn_state:
      return fmt::format(
          "{} reads the state while it is being written (step {}), before it asks for any lock, and fails.",
          found.actor, found.step->number);
    case Failure::elsewhere:
      if (shares_by_name(counterexample))
        return found.actor + " is refused because of work on another state, whose lock has the same name.";
      return found.actor + " is refused because of work on another workspace: both need the creation lock.";
    case Failure::sibling:
      return found.actor + " is refused by the lock that another job of the same pull request has taken.";
    case Failure::directory:
      return found.actor +
             " finds the file locked in which its working directory says what backend it has, and fails.";
    case Failure::read:
      return found.actor + " is refused by the lock of the state that it only reads.";
    case Failure::conflict:
      return found.actor +
             " loses a race for a lock that is free: the conflict is no lock error, and ends the wait.";
    case Failure::gave_up:
      return found.actor +
             " was to wait with -lock-timeout and stops, although nobody holds the lock in the end.";
    case Failure::waits:
      return found.actor + " waits for what never comes.";
    case Failure::unknown:
      break;
  }
  if (!holder_left_behind(counterexample).empty())
    return "From there on somebody fails or waits for a lock that is not released.";
  return "From there on somebody fails or waits although the lock becomes free.";
}

std::string_view progress_headline(const Counterexample& counterexample) {
  switch (failed(counterexample).failure) {
    case Failure::own_lock:
      return "A job can take its own lock for somebody else's.";
    case Failure::sibling:
      return "A pull request can be refused by its own lock.";
    case Failure::directory:
      return "A job can fail because another one works in the same directory.";
    case Failure::read:
      return "A job can fail because it locks a state that it only reads.";
    case Failure::torn_state:
      return "A job can fail because it reads the state while another job writes it.";
    default:
      return headline(Property::progress);
  }
}

std::string progress_prevention(const Counterexample& counterexample) {
  const Failed found = failed(counterexample);
  switch (found.failure) {
    case Failure::own_lock:
      if (found.step != nullptr && holds_by_another_id(counterexample.steps, *found.step))
        return "Nothing in the IDs: the lock that stands in the way is the command's own, from creating the "
               "state, under another ID. A state that exists before jobs run needs no such lock; "
               "force-unlock with the ID shown clears it by hand.";
      return "An owner check: a refused acquire that shows the client's own ID means success. The clients do "
             "not compare it; force-unlock with the ID shown clears the lock by hand.";
    case Failure::unnamed_holder:
      return "A retry without lock info: when a lock is released between \"it is taken\" and \"by whom?\", "
             "the client should try again instead of stopping. A retry of the job in CI does the same.";
    case Failure::torn_state:
      return std::string(atomic_file());
    case Failure::elsewhere:
      if (shares_by_name(counterexample))
        return "A lock that is called by all that the state is called by, or a retry of the job in CI.";
      return "A database of its own for it (to OpenTofu a schema or table of its own is enough), or a retry "
             "of the job in CI.";
    case Failure::sibling:
      return "A lock that is the pull request's, whichever of its jobs has taken it (lock_owner: "
             "pull_request).";
    case Failure::directory:
      return "A directory for each job (TF_DATA_DIR, or a checkout of its own).";
    case Failure::read:
      return "A read without a lock (read_lock: none), as the data source terraform_remote_state has it, or "
             "a wait for "
             "that lock.";
    case Failure::conflict:
      return "A retry of the job in CI: the client takes the conflict for a failure, and the lock is free.";
    case Failure::gave_up:
      return "A retry of the job in CI: nobody holds the lock by then.";
    case Failure::waits:
      return "A look at the lock it waits for, and a time limit for the job.";
    case Failure::unknown:
      break;
  }
  return "A retry of the job in CI, if it failed; a look at the lock it waits for, if it hangs.";
}

}  // namespace lockstorm::reports
