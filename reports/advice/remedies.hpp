// What would have prevented a counterexample, as far as it is a matter of the backend.
#pragma once

#include <string>

namespace lockstorm::reports {

/// What reports say would have prevented a counterexample in this mode of the backend: whole sentences.
/// Empty: this does not apply here.
struct Remedies {
  std::string no_lock;       ///< the block configures no lock: how to get one
  std::string broken_store;  ///< the store breaks a promise that the lock is built on
  std::string split_state;   ///< a state is several objects that are written one after the other
  std::string fence =
      "A fenced write: the store accepts new state only if it still is the version that the writer read "
      "under its lock.";
  std::string exclusion =
      "A release that is conditional on the lock's own ID, so that a repeated or late delete cannot free "
      "somebody else.";
  std::string session =
      "A lock that does not end with a session while its holder goes on, or a holder that stops as soon as "
      "it does.";
  std::string silence{};  ///< the lock is free once its holder has been silent for a time
  std::string release{};  ///< more on the release, after the advice to make it conditional
};

}  // namespace lockstorm::reports
