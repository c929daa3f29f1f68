// Which version each state had before the recording began, as the operations show it, and what does not go
// with that.
#pragma once

#include <cstdint>
#include <vector>

#include "checkers/formats/initial.hpp"
#include "checkers/versions/version_history.hpp"
#include "checkers/versions/version_tree.hpp"

namespace lockstorm::checkers {

/// An operation read a version that comes from another beginning than the state's.
struct OtherBeginning {
  std::uint32_t operation = kNone;
  std::uint32_t version = kNone;    ///< that it read
  std::uint32_t beginning = kNone;  ///< where that comes from
};

struct InitialVersions {
  /// [state]: its first version; kNone where nothing tells. `shown_by`: the first operation that read it or
  /// what came of it; kNone where it was given.
  std::vector<std::uint32_t> version, shown_by;
  /// [version]: it was there at the beginning, or what was there had come of it.
  std::vector<bool> existed;
  /// [version]: the last version on its way that nobody wrote, where nobody wrote what is before that either;
  /// kNone where its way is not known down to the beginning.
  std::vector<std::uint32_t> beginning;
  std::vector<OtherBeginning> others;
};

/// A state begins with nothing ("before any update"), or with what somebody read and nobody, not even an
/// update that failed, wrote; where that is not known, the first read decides.
[[nodiscard]] InitialVersions find_initial_versions(const VersionHistory& history, const VersionTree& tree,
                                                    const InitialPart& initial);

}  // namespace lockstorm::checkers
