#include "reports/story/fault_story.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/story/step_words.hpp"

namespace lockstorm::reports {
namespace {

using sim::MoveKind;

// What the actor last did that had an effect: says where a crash or pause hits.
std::string after_what(const Steps& steps, const Step& fault) {
  const Step* last = last_effect_of_actor(steps, fault);
  return last == nullptr ? "" : fmt::format(" after its {} (step {})", deed(*last), last->number);
}

// The session that is lost is that of whoever holds the lock, if anybody does.
std::string health_check(const Steps& steps, const Step& decision) {
  const auto loss = std::ranges::find_if(steps, [&](const Step& step) {
    return step.number > decision.number && step.actor == decision.actor && is_effect(step);
  });
  if (loss == steps.end()) return fmt::format("A health check fails (step {}).", decision.number);
  if (!loss->frees)
    return fmt::format("A health check fails and a session is invalidated (step {}).", loss->number);
  return fmt::format(
      "A health check fails: the session of {}, which is still at work, is invalidated, and its lock is free "
      "(step {}).",
      loss->frees->name, loss->number);
}

std::string store_event(const Step& step) {
  const std::string call = fmt::format("{}'s {} (step {})", step.actor, deed(step), step.number);
  if (step.service == "postgres")
    return fmt::format(
        "The server ends the session that holds the lock, before {}: failover, restart or a time-out.", call);
  if (step.service == "consul")
    return fmt::format("{} is answered by a leader that has been deposed: what it says is out of date.",
                       call);
  if (step.service == models::Orchestrator::kName)
    return fmt::format(
        "At {} the orchestrator cannot reach its database of locks, and has locks in its memory from then "
        "on.",
        call);
  if (step.service == "lease-store")
    return fmt::format("The store changes its leader in the midst of {}, which is answered with an error.",
                       call);
  return fmt::format("{} is answered with a conflict, because somebody else's delete comes in between.",
                     call);
}

std::string fault_itself(const Steps& steps, const Step& step) {
  const std::string call = fmt::format("{}'s {} (step {})", step.actor, deed(step), step.number);
  switch (step.kind) {
    case MoveKind::crash:
    case MoveKind::crash_lost:
      return fmt::format("{} is killed (step {}){}{}.", step.actor, step.number, after_what(steps, step),
                         scenarios::fate_of_requests(step));
    case MoveKind::pause:
      return fmt::format("{} freezes (step {}){}{}.", step.actor, step.number, after_what(steps, step),
                         scenarios::fate_of_requests(step));
    case MoveKind::end_credentials:
      return fmt::format("The credentials of {} end (step {}): its requests are refused from then on.",
                         step.actor, step.number);
    case MoveKind::lose_servers:
      return fmt::format("The store is out of reach for {} for a while (step {}): all it gets is errors.",
                         step.actor, step.number);
    case MoveKind::signal:
      return fmt::format("{} is interrupted (step {}).", step.actor, step.number);
    case MoveKind::read_clock:
      return fmt::format("The clock of {} is wrong (step {}).", step.actor, step.number);
    case MoveKind::lose_request:
      return fmt::format("The request of {} never arrives.", call);
    case MoveKind::give_up:
      return fmt::format("{} gives up on its {} (step {}) while the request is still on its way.", step.actor,
                         deed(step), step.number);
    case MoveKind::refuse:
      return fmt::format("The server refuses {} with an error.", call);
    case MoveKind::throttle:
      return fmt::format("The server throttles {}.", call);
    case MoveKind::effect_lost_response:
      return fmt::format("{} takes effect, but its response is lost.", call);
    case MoveKind::effect_duplicated:
      return fmt::format("{} takes effect, and a copy of it is still on its way.", call);
    case MoveKind::effect_dropped:
      return fmt::format("{} is answered as if it had been done, and nothing is.", call);
    case MoveKind::effect_refused:
      return fmt::format("{} takes effect, but the server answers with an error.", call);
    case MoveKind::send:
    case MoveKind::effect:
    case MoveKind::deliver:
    case MoveKind::wake:
    case MoveKind::deadline:
    case MoveKind::choose:
    case MoveKind::work:
    case MoveKind::stray_effect:
    case MoveKind::resume:
    case MoveKind::find_servers:
      break;  // no fault
  }
  return fmt::format("{}.", call);
}

// What somebody does to the state or its digest with the store's own tools: the request that changes it.
std::string deed_by_hand(const Steps& steps, const Step& decision) {
  const auto after = std::ranges::find_if(steps, [&](const Step& step) {
    return step.number > decision.number && step.actor_slot == decision.actor_slot && is_effect(step) &&
           (!step.changes.empty() || step.told.is_refusal);
  });
  const std::string person = decision.actor == "operator" ? "An operator" : decision.actor;
  const std::string where = after == steps.end() ? "" : fmt::format(" (step {})", after->number);
  switch (*decision.by_hand) {
    case models::HandAct::delete_digest:
      return fmt::format("{} deletes the digest by hand{}.", person, where);
    case models::HandAct::delete_state:
      return fmt::format("{} deletes the state by hand{}.", person, where);
    case models::HandAct::restore_state:
      return fmt::format("{} puts an older version of the state back{}.", person, where);
    case models::HandAct::recreate_table:
      return fmt::format("{} deletes the table of locks and makes it anew{}.", person, where);
    case models::HandAct::delete_lock:
    case models::HandAct::break_lease:
      break;  // told by what it removes
  }
  return {};
}

std::string adverse_sentence(const Steps& steps, const Step& event) {
  switch (event.adverse) {
    case scenarios::Adverse::no:
      return {};
    case scenarios::Adverse::fault:
      return fault_sentence(steps, event);
    case scenarios::Adverse::intervention:  // what an operator does is told once, by what it removes
      if (event.by_hand) return event.kind == MoveKind::choose ? deed_by_hand(steps, event) : std::string{};
      return event.kind == MoveKind::choose ? health_check(steps, event) : std::string{};
    case scenarios::Adverse::store_event:
      return store_event(event);
  }
  return {};
}

// Of what nobody has renewed in time.
std::string expiry(const Steps& steps, const Step& step, const scenarios::Expired& expired) {
  const Step* own = last_before(steps, step.number, [&](const Step& earlier) {
    return !earlier.is_time && earlier.actor_slot == expired.of.slot;
  });
  if (own == nullptr) return fmt::format("A {} has expired by step {}.", expired.what, step.number);
  return fmt::format("By step {} the {} of {} has expired.", step.number, expired.what, own->actor);
}

}  // namespace

std::string fault_sentence(const Steps& steps, const Step& fault) {
  std::string text = fault_itself(steps, fault);
  if (fault.call == 0) return text;
  const auto again = std::ranges::find_if(
      steps, [&](const Step& step) { return step.repeats == fault.call && is_effect(step); });
  if (again == steps.end()) return text;
  return text + fmt::format(" {} sends it again (step {}).", fault.actor, again->number);
}

std::string event_sentence(const Steps& steps, const Step& event) {
  std::string text = adverse_sentence(steps, event);
  for (const scenarios::Expired& expired : event.expired) {
    if (!text.empty()) text += ' ';
    text += expiry(steps, event, expired);
  }
  return text;
}

std::string force_unlock_sentence(const Steps& steps) {
  const Step* removal = force_unlock(steps);
  if (removal == nullptr || removal->by_hand == models::HandAct::recreate_table) return {};
  if (removal->about.object == "session")
    return fmt::format("The operator ends {}'s session (step {}), and its lock goes with it.",
                       removal->frees->name, removal->number);
  if (removal->by_hand && removal->service == "azure-blob")
    return fmt::format("The operator breaks {}'s lease in the store (step {}).", removal->frees->name,
                       removal->number);
  if (removal->by_hand)
    return fmt::format("The operator deletes {}'s lock in the store (step {}).", removal->frees->name,
                       removal->number);
  return fmt::format("The operator runs force-unlock and removes {}'s lock (step {}).", removal->frees->name,
                     removal->number);
}

}  // namespace lockstorm::reports
