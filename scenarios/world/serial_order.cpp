#include "scenarios/world/serial_order.hpp"

#include <cstdint>

namespace lockstorm::scenarios {
namespace {

using models::StateSnapshot;
using models::StateVersion;

struct Applied {
  bool is_other = false;
  StateVersion used;
  StateVersion wrote;
};

bool are_of_one_history(const StateVersion& a, const StateVersion& b) {
  return a.serial != 0 && b.serial != 0 && a.lineage == b.lineage;
}

// Outcomes say `me` for their own process; stored states are absolute.
StateSnapshot named(StateSnapshot state, std::size_t slot) {
  state.lineage = state.lineage.absolute(static_cast<sim::Slot>(slot));
  state.writer = state.writer.absolute(static_cast<sim::Slot>(slot));
  return state;
}

// Whether a version that somebody took for saved has a place in the history which the stored state ends.
bool came_about(const StateSnapshot& wrote, const StateSnapshot& standing) {
  if (!are_of_one_history(wrote.version(), standing.version())) return true;
  if (wrote.serial != standing.serial) return wrote.serial < standing.serial;
  return wrote.writer == standing.writer && wrote.write == standing.write;
}

// `a` has to come before `b`: it wrote an earlier version of their common state, it used a version of b's
// state from before b, or b used one of a's that a had already made.
bool comes_before(const Applied& a, const Applied& b) {
  if (a.is_other == b.is_other)
    return are_of_one_history(a.wrote, b.wrote) && a.wrote.serial < b.wrote.serial;
  if (are_of_one_history(a.used, b.wrote) && a.used.serial < b.wrote.serial) return true;
  return are_of_one_history(b.used, a.wrote) && b.used.serial >= a.wrote.serial;
}

std::vector<Applied> all_applied(const std::vector<models::Outcome>& outcomes,
                                 const std::vector<bool>& is_other, const StandingStates& standing) {
  std::vector<Applied> jobs;
  for (std::size_t slot = 0; slot < is_other.size(); ++slot) {
    const models::Outcome& outcome = outcomes[slot];
    if (!outcome.wrote.exists()) continue;
    const StateSnapshot wrote = named(outcome.wrote, slot);
    if (came_about(wrote, standing[is_other[slot] ? 1 : 0]))
      jobs.push_back({is_other[slot], named(outcome.used, slot).version(), wrote.version()});
  }
  for (std::size_t k = 0; k < standing.size(); ++k) {
    if (standing[k].exists()) jobs.push_back({k == 1, standing[k].made_from, standing[k].version()});
  }
  return jobs;
}

}  // namespace

bool fits_no_order(const std::vector<models::Outcome>& outcomes, const std::vector<bool>& is_other,
                   const StandingStates& standing) {
  const std::vector<Applied> jobs = all_applied(outcomes, is_other, standing);
  // What comes before what, and whatever follows from that.
  std::vector<std::vector<bool>> before(jobs.size(), std::vector<bool>(jobs.size()));
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    for (std::size_t k = 0; k < jobs.size(); ++k) before[i][k] = i != k && comes_before(jobs[i], jobs[k]);
  }
  for (std::size_t via = 0; via < jobs.size(); ++via) {
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      for (std::size_t k = 0; k < jobs.size(); ++k)
        before[i][k] = before[i][k] || (before[i][via] && before[via][k]);
    }
  }
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (before[i][i]) return true;
  }
  return false;
}

}  // namespace lockstorm::scenarios
