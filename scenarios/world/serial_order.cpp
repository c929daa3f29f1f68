#include "scenarios/world/serial_order.hpp"

#include <cstdint>

namespace lockstorm::scenarios {
namespace {

// A version that somebody has used or made.
struct Version {
  sim::Who lineage;
  std::uint8_t serial = 0;  ///< 0: none

  [[nodiscard]] bool is_of_one_history(const Version& other) const {
    return serial != 0 && other.serial != 0 && lineage == other.lineage;
  }
};

struct Applied {
  bool is_other = false;
  Version used;
  Version wrote;
};

// Outcomes say `me` for their own process.
Version version_of(const models::StateSnapshot& state, std::size_t slot) {
  return {state.lineage.absolute(static_cast<sim::Slot>(slot)), state.serial};
}

// `a` has to come before `b`: it wrote an earlier version of their common state, it used a version of b's
// state from before b, or b used one of a's that a had already made.
bool comes_before(const Applied& a, const Applied& b) {
  if (a.is_other == b.is_other) return a.wrote.is_of_one_history(b.wrote) && a.wrote.serial < b.wrote.serial;
  if (a.used.is_of_one_history(b.wrote) && a.used.serial < b.wrote.serial) return true;
  return b.used.is_of_one_history(a.wrote) && b.used.serial >= a.wrote.serial;
}

}  // namespace

bool fits_no_order(const std::vector<models::Outcome>& outcomes, const std::vector<bool>& is_other) {
  std::vector<Applied> jobs;
  for (std::size_t slot = 0; slot < is_other.size(); ++slot) {
    const models::Outcome& outcome = outcomes[slot];
    if (outcome.wrote.exists())
      jobs.push_back({is_other[slot], version_of(outcome.used, slot), version_of(outcome.wrote, slot)});
  }
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
