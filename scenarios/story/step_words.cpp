#include "scenarios/story/step_words.hpp"

#include <fmt/format.h>

namespace lockstorm::scenarios {

using sim::MoveKind;

std::string_view event_name(MoveKind kind) {
  switch (kind) {
    case MoveKind::send:
      return "send";
    case MoveKind::effect:
    case MoveKind::effect_lost_response:
    case MoveKind::effect_duplicated:
    case MoveKind::effect_refused:
    case MoveKind::effect_dropped:
      return "effect";
    case MoveKind::stray_effect:
      return "late effect";
    case MoveKind::lose_request:
      return "request lost";
    case MoveKind::give_up:
      return "time-out";
    case MoveKind::refuse:
      return "server error";
    case MoveKind::throttle:
      return "throttled";
    case MoveKind::deliver:
      return "response";
    case MoveKind::wake:
      return "timer";
    case MoveKind::deadline:
      return "deadline";
    case MoveKind::choose:
      return "choice";
    case MoveKind::work:
      return "work";
    case MoveKind::signal:
      return "interrupt";
    case MoveKind::read_clock:
      return "clock";
    case MoveKind::crash:
    case MoveKind::crash_lost:
      return "crash";
    case MoveKind::pause:
      return "pause";
    case MoveKind::resume:
      return "resume";
    case MoveKind::end_credentials:
      return "credentials end";
    case MoveKind::lose_servers:
      return "outage";
    case MoveKind::find_servers:
      return "outage over";
  }
  return "";
}

std::string_view choice_text(models::Choice about, bool is_second) {
  using models::Choice;
  switch (about) {
    case Choice::persist_interval:
      return is_second ? "20 s have passed since the last persist" : "less than 20 s since the last persist";
    case Choice::lock_is_reacquired:
      return is_second ? "acquires the lost lock anew" : "goes on without the lost lock";
    case Choice::silence_is_final:
      return is_second ? "does not send it again" : "will send it again";
    case Choice::mixed_ranges_parse:
      return is_second ? "the ranges, of two versions, parse as one state"
                       : "the ranges, of two versions, do not parse";
    case Choice::connection_is_closed:
      return is_second ? "the connection was closed in good order: an error at once"
                       : "the connection was reset: sends it again";
    case Choice::health_check_fails:
      return is_second ? "a health check fails" : "every health check passes";
    case Choice::replica:
      return is_second ? "the second replica gets its event" : "the first replica gets its event";
    case Choice::person_acts:
      return is_second ? "is about to act by hand" : "leaves everything as it is";
  }
  return "chooses";
}

std::string belated_text(const CounterexampleStep& step) {
  switch (step.belated) {
    case Belated::no:
      break;
    case Belated::sender_froze:
      return fmt::format("sent before it froze (step {})", step.sent);
    case Belated::sender_died:
      return fmt::format("sent before it was killed (step {})", step.sent);
    case Belated::sender_gave_up:
      return fmt::format("sent before it gave up waiting (step {})", step.sent);
    case Belated::is_a_copy:
      return fmt::format("a copy of what was sent before (step {})", step.sent);
  }
  return {};
}

std::string fate_of_requests(const CounterexampleStep& step) {
  std::string text;
  for (const PendingRequest& request : step.pending)
    text += fmt::format("{}{} (step {})", text.empty() ? "; its " : " and ", request.operation, request.sent);
  if (text.empty()) return text;
  return text + (step.pending.size() == 1 ? " is " : " are ") +
         (step.kind == MoveKind::crash_lost ? "lost" : "still on its way");
}

std::string about_request(const CounterexampleStep& step) {
  if (step.belated != Belated::no) return belated_text(step) + ", arrives only now: ";
  if (step.repeats == 0) return {};
  return step.repeats_silence ? "sent again, as no answer came: " : "sent again after the error: ";
}

std::string sessions_of(const sim::Route& route) {
  if (route.session == 0) return {};
  if (route.prepared_on == 0) return fmt::format(" (on session {} of the pooler)", route.session);
  return fmt::format(" (prepared on session {} of the pooler, bound on session {})", route.prepared_on,
                     route.session);
}

}  // namespace lockstorm::scenarios
