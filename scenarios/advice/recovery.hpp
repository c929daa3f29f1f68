// How somebody gets out of a broken situation: worlds that begin in that very situation and in which what a
// runbook says is done, alone and beside others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/data/scenario.hpp"
#include "scenarios/search/verify_result.hpp"

namespace lockstorm::scenarios {

enum class Situation : std::uint8_t {
  errored_state,    ///< a state could not be saved, and errored.tfstate is there
  digest_mismatch,  ///< the stored digest is not that of the stored state: nobody can read it
  lineage_refused,  ///< `state push errored.tfstate` is refused, or should be: somebody has saved since
};

/// What is done about it.
enum class Remedy : std::uint8_t {
  push,            ///< `state push`
  force_covered,   ///< ... -force, where the file records whatever the stored state does
  force_other,     ///< ... -force, where the stored state records something else
  import_missing,  ///< `import` of what only the file records
  set_digest,      ///< the digest is set to that of the stored state, if it has not changed since
};

struct RecoveryQuestion {
  AnyBackend backend;
  models::Dialect tool = models::Dialect::terraform;
  Situation situation = Situation::errored_state;
};

struct RecoveryWorld {
  Remedy remedy = Remedy::push;
  bool others_apply = false;   ///< another job applies before, after or meanwhile
  bool was_cut_off = false;    ///< it begins where the remedy itself was cut off
  bool has_to_succeed = true;  ///< false: what was to be done was done before it was cut off
  Scenario scenario;
};

struct RecoveryPlan {
  std::size_t places = 0;           ///< different things that are there in this situation
  std::size_t locked = 0;           ///< of these, with a lock that somebody has left
  std::size_t not_needed = 0;       ///< ... where the stored state records all that the file does
  std::size_t by_hand = 0;          ///< ... for which there is no world: an object exists twice
  std::size_t several = 0;          ///< ... in which several objects are to be imported, one after the other
  std::size_t cut_off_unknown = 0;  ///< worlds of which it was not found out what is left if they are cut off
  std::vector<RecoveryWorld> worlds;
};

/// Or why the situation cannot be, or is not found in any world, a clause.
std::expected<RecoveryPlan, std::string> plan_recovery(const RecoveryQuestion& question);

std::vector<Scenario> recovery_scenarios(const RecoveryPlan& plan);

/// What has come of a remedy in all its worlds.
struct RecoveryTrial {
  Remedy remedy = Remedy::push;
  bool others_apply = false;
  bool was_cut_off = false;
  std::size_t worlds = 0;
  std::size_t states = 0;
  std::size_t succeeds = 0;        ///< worlds in which some run does what was to be done, if anything was
  checkers::PropertySet violated;  ///< of those that say that something is lost
  bool is_complete = true;
  std::optional<std::size_t> shown;  ///< the result that shows the gravest of these
  checkers::Property property{};     ///< which that is

  /// Nothing is lost in any run, and the remedy can succeed in each world.
  [[nodiscard]] bool is_proved() const {
    return worlds > 0 && is_complete && violated.empty() && succeeds == worlds;
  }
};

/// One for each remedy, alone, beside others, and after it was cut off, that has worlds. `results`: of
/// recovery_scenarios, in their order.
std::vector<RecoveryTrial> judge_recovery(const RecoveryPlan& plan, std::span<const VerifyResult> results);

}  // namespace lockstorm::scenarios
