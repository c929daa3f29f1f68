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

}  // namespace

std::string no_progress(const Counterexample& counterexample) {
  const Steps& steps = counterexample.steps;
  if (const Step* own = shown_itself(steps)) {
    return fmt::format(
        "{} asks who holds the lock and is shown itself (step {}): it takes its own lock for somebody else's "
        "and {}.",
        own->actor, own->number, ends(steps, own->actor) ? "fails" : "waits for it to be released");
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
  if (!holder_left_behind(counterexample).empty())
    return "From there on somebody fails or waits for a lock that is not released.";
  return "From there on somebody fails or waits although the lock becomes free.";
}

// In the order in which no_progress looks for what happened.
std::string_view progress_headline(const Counterexample& counterexample) {
  const Steps& steps = counterexample.steps;
  if (shown_itself(steps) != nullptr) return "A job can take its own lock for somebody else's.";
  if (shown_nobody(steps) != nullptr) return headline(Property::progress);
  if (reads_torn_file(steps) != nullptr)
    return "A job can fail because it reads the state while another job writes it.";
  return headline(Property::progress);
}

}  // namespace lockstorm::reports
