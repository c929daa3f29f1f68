#include "reports/progress_story.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/step_queries.hpp"
#include "reports/words.hpp"

namespace lockstorm::reports {
namespace {

using checkers::Property;
using scenarios::Counterexample;

bool ends(const Steps& steps, const std::string& actor) {
  return std::ranges::any_of(steps,
                             [&](const Step& step) { return step.actor == actor && step.note == "ends"; });
}

// What becomes of a lock that its holder takes for somebody else's, or does not know of.
std::string lock_stays(const Counterexample& counterexample) {
  const std::string holder = holder_left_behind(counterexample);
  if (holder.empty()) return {};
  return fmt::format(
      " {}'s lock stays behind: nobody gets the lock any more until somebody removes it by "
      "hand (force-unlock, where there is one).",
      holder);
}

}  // namespace

std::string no_progress(const Counterexample& counterexample) {
  const Steps& steps = counterexample.steps;
  if (const Step* own = shown_itself(steps)) {
    return fmt::format(
               "{} asks who holds the lock and is shown itself (step {}): it takes its own lock for somebody "
               "else's "
               "and {}.",
               own->actor, own->number, ends(steps, own->actor) ? "fails" : "waits for it to be released") +
           lock_stays(counterexample);
  }
  if (const Step* nobody = shown_nobody(steps)) {
    return fmt::format(
        "{} is told that the lock is taken, but when it asks by whom (step {}) nothing is said about it; it "
        "stops instead of trying again.",
        nobody->actor, nobody->number);
  }
  if (const Step* torn = reads_torn_file(steps)) {
    return fmt::format(
        "{} reads the state while it is being written (step {}), before it asks for any lock, and fails.",
        torn->actor, torn->number);
  }
  if (const std::string stays = lock_stays(counterexample); !stays.empty())
    return "From there on somebody fails or waits." + stays;
  return "From there on somebody fails or waits although the lock becomes free.";
}

// In the order in which no_progress looks for what happened.
std::string_view progress_headline(const Counterexample& counterexample) {
  const Steps& steps = counterexample.steps;
  const bool lock_is_left = !holder_left_behind(counterexample).empty();
  if (shown_itself(steps) != nullptr) {
    return lock_is_left
               ? "A job can take its own lock for somebody else's and leave it behind: nobody gets the "
                 "lock until it is removed by hand."
               : headline(Property::progress);
  }
  if (shown_nobody(steps) != nullptr) return headline(Property::progress);
  if (reads_torn_file(steps) != nullptr)
    return "A job can fail because it reads the state while another job writes it.";
  return lock_is_left ? "A lock can stay behind that nobody will release: nobody gets the lock until it is "
                        "removed by hand."
                      : headline(Property::progress);
}

}  // namespace lockstorm::reports
