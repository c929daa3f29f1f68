// What a checker of histories found: the kind of anomaly, and its proof in prose.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lockstorm::checkers {

enum class Anomaly : std::uint8_t {
  not_linearizable,
  overlapping_holders,
  release_of_anothers_lock,
  release_of_free_lock,
  token_order,
  lost_update,
  fork,
  stale_read,
  write_skew,
  dependency_cycle,
  aborted_read,
  unwritten_read,
  serial_order,
  two_contents,
  two_lineages,
  write_under_anothers_lock,
};

struct AnomalyInfo {
  std::string_view name;
  std::string_view meaning;  ///< one sentence
};

[[nodiscard]] const AnomalyInfo& info_of(Anomaly anomaly);

struct Finding {
  Anomaly anomaly{};
  /// A few sentences that name lines and processes.
  std::string proof;
  /// Lines of the file (or numbers of events, from 1) that the proof names, in its order.
  std::vector<std::uint32_t> lines;
  /// How often the anomaly occurs; the proof is of its first occurrence.
  std::uint64_t count = 1;
};

/// Counts the anomaly once more; `make` makes its finding where it is the first, for there may be a million.
template <class MakeFinding>
void add_finding(std::vector<Finding>& findings, Anomaly anomaly, MakeFinding make) {
  for (Finding& finding : findings) {
    if (finding.anomaly != anomaly) continue;
    ++finding.count;
    return;
  }
  findings.push_back(make());
  findings.back().anomaly = anomaly;
}

}  // namespace lockstorm::checkers
