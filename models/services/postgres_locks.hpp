// The two moves of an advisory lock, as any statement makes them (backend-protocols.md 4.7.1).
#pragma once

#include "models/services/postgres.hpp"

namespace lockstorm::models {

/// pg_try_advisory_lock: true if the session has it now.
inline bool try_advisory_lock(Postgres::AdvisoryLock& lock, const Postgres::Session& session) {
  if (lock.times > 0 && lock.by != session) return false;
  lock.by = session;
  ++lock.times;
  return true;
}

/// pg_advisory_unlock. Of a lock that the session does not have: false, and a warning that nobody reads.
inline bool advisory_unlock(Postgres::AdvisoryLock& lock, const Postgres::Session& session) {
  if (lock.times == 0 || lock.by != session) return false;
  if (--lock.times == 0) lock = {};
  return true;
}

inline Postgres::AdvisoryLock& lock_of(Postgres::Value& value, Postgres::Key key) {
  if (key == Postgres::Key::row) return value.row;
  return key == Postgres::Key::creation ? value.creation : value.creation_in_table;
}

}  // namespace lockstorm::models
