// Whether a lock may be removed by force: the worlds that say so, and what they say.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/advice/request_bounds.hpp"
#include "scenarios/data/scenario.hpp"
#include "scenarios/search/verify_result.hpp"

namespace lockstorm::scenarios {

/// What is known of the job that has the lock.
enum class JobState : std::uint8_t { dead, unknown, alive };

struct UnlockQuestion {
  AnyBackend backend;
  models::Dialect tool = models::Dialect::terraform;
  models::Command holder = models::Command::apply;  ///< what it runs
  JobState job = JobState::unknown;
  Runner runner = Runner::ephemeral;
};

/// A world in which somebody removes the lock, and the same one in which nobody does: what is violated there,
/// too, is not the removal's doing.
struct UnlockWorld {
  Scenario with;
  Scenario without;
};

/// What a dead job may have left behind, once nothing of it is in flight any more.
struct LeftByTheDead {
  std::size_t endings = 0;     ///< different ones
  std::size_t locked = 0;      ///< of these, with a lock
  std::size_t without_id = 0;  ///< ... that shows no id, or that force-unlock does not remove
  std::size_t unreadable = 0;  ///< ... with a state that nobody can read, locked or not
};

struct UnlockPlan {
  std::vector<UnlockWorld> now;
  /// A dead job's lock is removed, and others apply, once nothing of that job is in flight any more: one
  /// world for each ending that leaves a lock with an id.
  std::vector<Scenario> later;
  LeftByTheDead left;
};

/// Or why there is no world that answers it, a clause.
std::expected<UnlockPlan, std::string> plan_unlock(const UnlockQuestion& question);

/// Those of `now`, each with its twin behind it, and then those of `later`.
std::vector<Scenario> unlock_scenarios(const UnlockPlan& plan);

enum class UnlockRisk : std::uint8_t {
  none,       ///< proved: nothing comes of it
  late_only,  ///< only by what the dead job had sent before; proved for the time when that has arrived
  damage,
  unknown,
};

struct UnlockJudgement {
  UnlockRisk risk = UnlockRisk::unknown;
  checkers::PropertySet damage;        ///< of the removal now, besides what happens without it
  checkers::PropertySet damage_later;  ///< once nothing is in flight
  std::optional<std::size_t> shown;    ///< the result that shows the gravest damage
  checkers::Property property{};       ///< which that is
  /// In the model nobody has to remove the lock of a dead job: it is gone with it.
  bool ends_by_itself = false;
  std::string why_unknown;
};

/// `results`: of unlock_scenarios, in their order.
UnlockJudgement judge_unlock(const UnlockPlan& plan, const UnlockQuestion& question,
                             std::span<const VerifyResult> results);

enum class UnlockVerdict : std::uint8_t { safe, wait, dangerous, nothing_to_do, unknown };

struct UnlockDecision {
  UnlockVerdict verdict = UnlockVerdict::unknown;
  std::chrono::seconds wait{0};  ///< from now on
};

/// `since_end`: how long ago the job has ended; nothing: it may have been just now.
UnlockDecision decide_unlock(const UnlockJudgement& judgement, const RequestBound& bound,
                             std::optional<std::chrono::seconds> since_end);

}  // namespace lockstorm::scenarios
