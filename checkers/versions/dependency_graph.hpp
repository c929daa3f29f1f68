// Which operation must have come before which, and a shortest circle of such reasons: Elle's way to a proof.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checkers/versions/version_history.hpp"
#include "checkers/versions/version_tree.hpp"

namespace lockstorm::checkers {

/// Why an operation came before another one: it wrote what the other replaced or read; it read what the other
/// replaced; it read a list without what the other added, which no list shows; or it was over before the
/// other began.
enum class Reason : std::uint8_t { replaced, read_from, overtook, missed, real_time };

struct Dependency {
  std::uint32_t from = 0, to = 0;
  Reason reason{};
  /// The version of `from` that the reason is about; kNone for real time.
  std::uint32_t version = kNone;
};

/// A circle of dependencies; the last one leads back to the first operation. Without a circle: nothing. Two
/// updates of one version (a lost update, which is found elsewhere) are not taken to depend on each other.
/// Linear in the history but for the choice of a short circle, which looks at a bounded number of candidates.
[[nodiscard]] std::optional<std::vector<Dependency>> find_circle(const VersionHistory& history,
                                                                 const VersionTree& tree,
                                                                 bool with_real_time);

/// "T1 came before T2 because ..." for each, after "Let T1 be ...".
[[nodiscard]] std::string prove_circle(const VersionHistory& history, const std::vector<Dependency>& circle);

}  // namespace lockstorm::checkers
