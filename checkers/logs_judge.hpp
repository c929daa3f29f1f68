// Decides what logs of clouds show: overlapping holders, foreign unlocks, writes under another's lock and
// lost updates, state by state.
#pragma once

#include <cstdint>
#include <vector>

#include "checkers/judge.hpp"
#include "checkers/logs/log_format.hpp"
#include "checkers/logs/logged_history.hpp"

namespace lockstorm::checkers {

struct StateJudgement {
  /// Of the lock, of writes under another's lock and of the versions; those of which the log says nothing are
  /// absent. The key is the state's name, the lines of findings are numbers of entries.
  std::vector<KeyVerdict> verdicts;
  /// There are lock entries, or not: then only the versions were judged.
  bool has_lock = false;
};

struct LogJudgement {
  logs::LogFormat format{};
  logs::LoggedHistory history;
  /// [state of the history].
  std::vector<StateJudgement> states;
  /// What is taken for granted.
  std::vector<logs::LogLimit> limits;
  std::uint64_t ignored = 0, repeated = 0;
};

/// What the log leaves open is unknown where it decides: an order of requests within one moment, whether a
/// lock was removed on purpose, what a write replaced.
[[nodiscard]] LogJudgement judge_log(logs::LogFormat format, logs::LogReading reading,
                                     const JudgeBudget& budget);

/// Unknown where the log says nothing of any state.
[[nodiscard]] Judgement worst(const LogJudgement& judged);

}  // namespace lockstorm::checkers
