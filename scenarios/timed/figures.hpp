// What is measured in one run in virtual time.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/properties.hpp"

namespace lockstorm::scenarios {

/// How a job fared.
enum class JobEnd : std::uint8_t {
  running,  ///< the run was cut off before it ended
  done,     ///< every command did what it was asked to
  gave_up,  ///< its -lock-timeout ran out, or it had none
  refused,  ///< by an error that nobody waits for
  failed,   ///< for another reason
  killed,
  cancelled,  ///< while it waited for its group: a newer one took its place
};

struct JobFigures {
  std::uint64_t arrived_us = 0;  ///< the CI system was told to start it
  std::uint64_t asked_us = 0;    ///< it first asked for the lock
  std::uint64_t granted_us = 0;
  std::uint64_t ended_us = 0;
  std::uint64_t group_wait_us = 0;  ///< until its group let it start
  std::uint64_t lock_wait_us = 0;   ///< in all its commands, until the lock was granted or it gave up
  std::uint64_t nanodollars = 0;
  std::uint32_t requests = 0;
  std::uint32_t lock_requests = 0;
  std::uint32_t overtaken = 0;  ///< how often somebody who had begun to wait later was granted the lock first
  std::uint32_t state = 0;
  std::uint32_t pipeline = 0;
  JobEnd end = JobEnd::running;
  bool asked = false;
  bool granted = false;
  bool at_once = false;  ///< at the first attempt, in each of its commands

  [[nodiscard]] std::uint64_t wait_us() const { return group_wait_us + lock_wait_us; }
  [[nodiscard]] bool waited() const { return group_wait_us > 0 || (asked && !at_once); }
};

/// Somebody has the lock of a state by the servers' record.
struct LockSpan {
  std::uint32_t state = 0;
  std::uint32_t job = 0;  ///< its place among the run's jobs
  std::uint64_t from_us = 0;
  std::uint64_t to_us = 0;
};

/// What a run that never ends waits for.
struct Stuck {
  std::uint32_t waiting = 0;          ///< jobs that had not ended
  std::optional<std::uint32_t> job;   ///< one of them
  std::optional<std::uint32_t> for_;  ///< whose lock it waits for
  bool holder_is_dead = false;
  bool is_crowded =
      false;  ///< the run was cut off because more were there at once than servers can tell apart
};

/// How often a property was violated.
struct Breach {
  std::uint32_t count = 0;
  std::uint64_t first_us = 0;  ///< when for the first time, if ever
};

struct RunFigures {
  std::vector<JobFigures> jobs;  ///< in the order of arrival
  std::vector<LockSpan> spans;
  std::vector<std::uint64_t> recoveries_us;  ///< from the death of a holder to the next grant
  std::uint32_t holders_killed = 0;
  std::uint32_t unrecovered = 0;  ///< killed holders whose lock nobody was granted any more
  std::uint64_t end_us = 0;
  std::uint64_t held_us = 0;          ///< somebody had the lock, over all states
  std::uint64_t waiting_area_us = 0;  ///< number of jobs that wait for the lock, integrated over time
  std::uint64_t throttled = 0;
  checkers::PerProperty<Breach> breaches{};
  std::uint64_t events = 0;
  std::uint64_t trace_hash = 0;
  std::optional<Stuck> stuck;  ///< set: the run was cut off
};

}  // namespace lockstorm::scenarios
