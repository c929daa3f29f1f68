#include <fmt/format.h>

#include "reports/contend/contend_report.hpp"
#include "reports/format/layout.hpp"
#include "scenarios/data/printable.hpp"

namespace lockstorm::reports {
namespace {

using scenarios::CircleStep;
using scenarios::OvertakingProof;
using Answer = sim::Overtaking::Answer;

std::string circle_step_words(const CircleStep& step) {
  const std::string request = scenarios::printable(step.operation);
  switch (step.what) {
    case CircleStep::What::waiter_in_vain:
      return fmt::format("the one that waits asks in vain ({})", request);
    case CircleStep::What::other_granted:
      return fmt::format("another is granted the lock ({})", request);
    case CircleStep::What::other_released:
      return fmt::format("that one gives it back ({})", request);
  }
  return "";
}

std::string circle_words(const OvertakingProof& proof) {
  std::string text;
  for (std::size_t i = 0; i < proof.circle.size(); ++i) {
    if (i > 0) text += i + 1 == proof.circle.size() ? ", and " : ", ";
    text += circle_step_words(proof.circle[i]);
  }
  return text;
}

std::string counted_words(const OvertakingProof& proof) {
  if (proof.counted.empty()) return "";
  const OvertakingProof::Counted& last = proof.counted.back();
  return fmt::format(" Of {} other jobs one after the other up to {} overtake it, of fewer accordingly.",
                     last.jobs, last.most);
}

}  // namespace

std::string overtaking_words(const OvertakingProof& proof) {
  const std::string states = counted(proof.states, "state");
  switch (proof.for_ever) {
    case Answer::unbounded:
      return fmt::format(
                 "Nothing bounds how often a job is overtaken, which is proved on every run of two jobs "
                 "without faults ({}): "
                 "after {} there is a circle of {} in which {}, after which everything is as before. Jobs "
                 "that plan one "
                 "after the other can keep it waiting for ever, however often it asks.",
                 states, counted(proof.steps_before, "step"), proof.steps_around, circle_words(proof)) +
             counted_words(proof);
    case Answer::bounded:
      return fmt::format(
                 "A job is overtaken at most {} in one wait, which is proved on every run of two jobs "
                 "without faults ({}), "
                 "of which the other one plans again and again.",
                 counted(proof.most, "time"), states) +
             counted_words(proof);
    case Answer::asleep:
      return fmt::format(
                 "A job is overtaken without bound only while it sleeps, which is proved on every run of two "
                 "jobs without "
                 "faults ({}): there is no circle in which it asks.",
                 states) +
             counted_words(proof);
    case Answer::unknown:
      return "Whether anything bounds how often a job is overtaken is not known: there are too many states "
             "to tell." +
             counted_words(proof);
  }
  return "";
}

}  // namespace lockstorm::reports
