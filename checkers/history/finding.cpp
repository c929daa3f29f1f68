#include "checkers/history/finding.hpp"

#include <array>

namespace lockstorm::checkers {

const AnomalyInfo& info_of(Anomaly anomaly) {
  static constexpr auto kInfo = std::to_array<AnomalyInfo>({
      {"not-linearizable", "no order of the operations that respects their times explains all results"},
      {"overlapping-holders", "two processes hold the lock at the same time"},
      {"release-of-anothers-lock", "a process releases the lock while another holds it"},
      {"release-of-free-lock", "a process releases a lock that nobody holds, and is told that it did"},
      {"token-order", "a later grant has a token that is not higher than an earlier grant's"},
      {"lost-update", "two acknowledged updates replace the same version, so that one of them is gone"},
      {"fork", "two updates replace the same version and both live on: the state has two histories"},
      {"stale-read", "a read misses an update that was acknowledged before the read began"},
      {"write-skew", "two updates of two states each read what the other one replaced"},
      {"dependency-cycle", "operations depend on each other in a circle"},
      {"aborted-read", "a read returns what only a failed update wrote"},
      {"unwritten-read", "a read returns what nobody wrote"},
      {"serial-order", "a serial goes back, or does not rise with an update"},
      {"two-contents", "one (writer, serial), or one serial of a state, names two versions"},
      {"two-lineages", "a state has versions of two lineages"},
      {"write-under-anothers-lock",
       "an acknowledged update can only have happened while another process held the lock"},
  });
  static_assert(kInfo.size() == static_cast<std::size_t>(Anomaly::write_under_anothers_lock) + 1);
  return kInfo[static_cast<std::size_t>(anomaly)];
}

}  // namespace lockstorm::checkers
