#include "reports/judge/log_words.hpp"

#include <fmt/format.h>

namespace lockstorm::reports {

using checkers::logs::LogLimit;

std::string_view limit_name(LogLimit limit) {
  switch (limit) {
    case LogLimit::entries_may_be_missing:
      return "entries-may-be-missing";
    case LogLimit::whole_seconds:
      return "whole-seconds";
    case LogLimit::no_durations:
      return "no-durations";
    case LogLimit::one_run_per_client:
      return "one-run-per-client";
    case LogLimit::no_contents:
      return "no-contents";
    case LogLimit::unlock_or_force_unlock:
      return "unlock-or-force-unlock";
    case LogLimit::clocks_of_clients:
      return "clocks-of-clients";
    case LogLimit::same_path_same_state:
      return "same-path-same-state";
    case LogLimit::no_answers:
      return "no-answers";
  }
  return {};
}

std::string_view limit_sentence(LogLimit limit) {
  switch (limit) {
    case LogLimit::entries_may_be_missing:
      return "No entry is missing: these logs are delivered as well as can be, not completely. A removal of "
             "the "
             "lock that is missing looks like two holders.";
    case LogLimit::whole_seconds:
      return "Requests of one client in one second came in the order in which a run makes them. Between "
             "clients "
             "every order within a second counts as possible.";
    case LogLimit::no_durations:
      return "Each request took less than a second: the log has one moment of each.";
    case LogLimit::one_run_per_client:
      return "A client, as far as the log tells clients apart, is one run at a time. What two runs do under "
             "one "
             "name from one address looks like one run, so that a lost update or a foreign unlock between "
             "them "
             "is not seen.";
    case LogLimit::no_contents:
      return "A run replaces what it read or wrote last: the log has no contents of states.";
    case LogLimit::unlock_or_force_unlock:
      return "Whose lock a client meant to remove is not in the log: an unlock and a force-unlock look "
             "alike.";
    case LogLimit::clocks_of_clients:
      return "The clocks of the machines that wrote the logs agree to the millisecond.";
    case LogLimit::same_path_same_state:
      return "States of one name are one state: paths of local states are told as they were given.";
    case LogLimit::no_answers:
      return "Of the http backend the log has no answers: who goes on after it asked for the lock has got "
             "it, and "
             "whether a write or an unlock was done is not known.";
  }
  return {};
}

std::string moment(std::chrono::nanoseconds since_1970) {
  using namespace std::chrono;
  const auto day = floor<days>(since_1970);
  const year_month_day date{sys_days(day)};
  const hh_mm_ss<milliseconds> time{floor<milliseconds>(since_1970 - day)};
  std::string text =
      fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", int(date.year()), unsigned(date.month()),
                  unsigned(date.day()), time.hours().count(), time.minutes().count(), time.seconds().count());
  if (time.subseconds().count() != 0) text += fmt::format(".{:03}", time.subseconds().count());
  return text + " UTC";
}

}  // namespace lockstorm::reports
