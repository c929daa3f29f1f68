// What the choices of clients are about: everything that a model leaves open because either way happens in
// reality.
#pragma once

#include <cstdint>
#include <string_view>

namespace lockstorm::models {

/// 0 and 1 are the two ways; the first one is the calmer.
enum class Choice : std::uint16_t {
  persist_interval = 1,  ///< 1: 20 s have passed since the last persist, so that the hook saves (2.6.9)
  lock_is_reacquired,    ///< 1: the goroutine that acquires a lost lock anew comes before the next use (3.5)
  silence_is_final,      ///< 1: the client library does not repeat a request that got no answer (2.12)
  mixed_ranges_parse,    ///< 1: ranges of two versions happen to make a document that parses (3.1, Get 2)
  connection_is_closed,  ///< 1: by its peer, in good order, and no reset: an error at once (2.12)
  health_check_fails,    ///< 1: a session is invalidated although its process runs (4.4)
  person_acts,           ///< 1: somebody does by hand what the scenario says that people may do
  replica,               ///< which of an orchestrator's replicas gets an event
};

/// "persist-interval"; empty for what a model of somebody else's decides.
constexpr std::string_view choice_name(Choice choice) {
  switch (choice) {
    case Choice::persist_interval:
      return "persist-interval";
    case Choice::lock_is_reacquired:
      return "lock-is-reacquired";
    case Choice::silence_is_final:
      return "silence-is-final";
    case Choice::mixed_ranges_parse:
      return "mixed-ranges-parse";
    case Choice::connection_is_closed:
      return "connection-is-closed";
    case Choice::health_check_fails:
      return "health-check-fails";
    case Choice::person_acts:
      return "person-acts";
    case Choice::replica:
      return "replica";
  }
  return {};
}

}  // namespace lockstorm::models
