#include "reports/judge/anomaly_words.hpp"

#include <array>

namespace lockstorm::reports {

std::string_view expected_instead(checkers::Anomaly anomaly) {
  static constexpr auto kExpected = std::to_array<std::string_view>({
      "The operations can be put one after the other, each at a moment of its own time, so that every answer "
      "is what those before it left.",
      "The second process is refused, or waits until the first one has released the lock, lost it or died.",
      "The release fails: only a lock's own holder releases it. Whoever takes it from another evicts it "
      "(force-unlock).",
      "The release fails: there is nothing to release.",
      "The later grant has the higher token, so that what the lock guards can turn away whoever comes late.",
      "The second update is refused, or is made anew from what the first one wrote.",
      "One update replaces the version; the other one is refused.",
      "A read that begins after an update was acknowledged shows that update, or what came after it.",
      "One of the two updates is refused, or has read what the other one wrote.",
      "The operations can be put one after the other, so that each sees what those before it wrote.",
      "Nobody sees what an update wrote that failed.",
      "A read shows what somebody wrote, or what was there at the beginning.",
      "An update has a higher serial than the version that it replaces, and no serial goes back.",
      "A serial, or a writer and serial, names one version only.",
      "A state keeps its lineage.",
      "The update is refused, or happens at a moment when no other process holds the lock.",
  });
  static_assert(kExpected.size() ==
                static_cast<std::size_t>(checkers::Anomaly::write_under_anothers_lock) + 1);
  return kExpected[static_cast<std::size_t>(anomaly)];
}

}  // namespace lockstorm::reports
