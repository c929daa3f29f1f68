// What one call is about, as typed facts: for whoever compares runs or tells them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/who.hpp"

namespace lockstorm::sim {

/// What a request has to do with a lock.
enum class LockUse : std::uint8_t {
  none,
  asks,      ///< wants it
  looks,     ///< asks whether there is one, and whose
  notes,     ///< writes down who has it
  renews,    ///< makes it last longer
  releases,  ///< gives it back, or takes it away
};

/// A version of whatever the clients guard, as far as a reader tells versions apart. Serial 0: none.
struct VersionFacts {
  std::uint32_t serial = 0;
  Who writer;
  bool is_torn = false;  ///< only a part of it is there

  [[nodiscard]] bool exists() const { return serial != 0 || is_torn; }
};

struct RequestFacts {
  std::string_view object;  ///< by the name it goes by at that backend: "state", ".tflock", "digest"
  LockUse lock = LockUse::none;
};

struct AnswerFacts {
  std::string status;        ///< by itself, without what comes along: "200", "412 PreconditionFailed"
  bool is_refusal = false;   ///< what was asked for was not done, or is not there
  Who shows;                 ///< whose lock it names
  VersionFacts version{};    ///< that it brings
  bool says_locked = false;  ///< it says that somebody has the lock, apart from whom it names
};

/// Which of the sessions that somebody in between keeps with the server a request was given, from 1; 0: there
/// is nobody in between.
struct Route {
  std::uint16_t session = 0;
  std::uint16_t prepared_on = 0;  ///< of a statement in two round trips: the first one's, if it is another
};

/// What a server had granted for a time, and nobody has renewed.
struct RanOut {
  SlotSet owners = 0;     ///< bit i: it was granted to process i
  std::string_view what;  ///< by the name it goes by there: "session", "lock"
};

}  // namespace lockstorm::sim
