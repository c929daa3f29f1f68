#include "models/terraform/outcome.hpp"

#include "sim/one_for_each.hpp"

namespace lockstorm::models {

bool is_success(Ending ending) {
  return ending == Ending::applied || ending == Ending::done || ending == Ending::nothing_to_do;
}

std::string_view ending_text(Ending ending) {
  constexpr auto kText = sim::text_for_each<Ending>({
      "did nothing",
      "applied",
      "failed at once: the lock is taken",
      "gave up waiting for the lock",
      "stopped waiting for the lock: the error was not retriable",
      "failed before locking",
      "failed: state cannot be read",
      "a resource failed, the rest was saved",
      "could not save state: errored.tfstate",
      "cancelled",
      "force-unlocked",
      "force-unlock failed",
      "saw no lock",
      "done",
      "found nothing to do",
      "was interrupted before it wrote anything",
      "refused the plan: the state has changed since it was made",
      "refused the file: wrong lineage or serial",
      "found no such resource in the state",
      "found the resource in the state already",
      "refused: the workspace exists",
      "refused: there is no such workspace",
      "refused: the workspace is not empty",
      "could not save state, and nothing keeps it",
      "left the digest as it is: it had changed",
      "was not admitted by the orchestrator",
      "found no plan to apply",
      "failed: somebody else has the lock of its working directory",
      "failed: what it reads of another state is not there, or was locked",
  });
  return kText[static_cast<std::size_t>(ending)];
}

std::string Outcome::describe(const sim::ProcessNames&) const {
  std::string text(ending_text(ending));
  if (refused_elsewhere != 0) text += " for another state";
  if (unlock_failed != 0) text += ", could not unlock";
  if (unlock_left == LeftUndone::on_purpose) text += ", kept the lock on purpose";
  if (unlock_left == LeftUndone::no_way) text += ", had no way to unlock";
  if (vanished != 0) text += ", and what it was to save is stored nowhere";
  return text;
}

}  // namespace lockstorm::models
