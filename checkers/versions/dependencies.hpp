// Which operation must have come before which by what they read and wrote (Kingsbury and Alvaro, "Elle", VLDB
// 2020, section 4).
#pragma once

#include <algorithm>
#include <cstdint>

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

/// Calls `add(from, to, reason, version)` for each dependency that a version tells: of `number` on who wrote
/// what it read or replaced, and of who replaced what it read on `number`. An operation that failed depends
/// on nobody. `from` or `to` may be kNone, or both the same.
template <class Add>
void for_each_dependency(const VersionHistory& history, const VersionTree& tree, std::uint32_t number,
                         Add&& add) {
  const VersionOperation& operation = history.operations[number];
  if (operation.outcome == EventType::fail) return;
  const auto accesses = history.accesses_of(operation);
  for (const VersionAccess& access : accesses) {
    if (access.is_write) {
      const std::uint32_t parent = history.versions[access.version].parent;
      if (parent != kNone && tree.took_effect(access.version))
        add(tree[parent].writer, number, Reason::replaced, parent);
      continue;
    }
    if (operation.outcome != EventType::ok) continue;
    add(tree[access.version].writer, number, Reason::read_from, access.version);
    const bool replaced_it = std::ranges::any_of(accesses, [&](const VersionAccess& other) {
      return other.is_write && history.versions[other.version].parent == access.version;
    });
    if (replaced_it) continue;
    for (const std::uint32_t child : tree[access.version].children)
      if (child != kNone) add(number, tree[child].writer, Reason::overtook, access.version);
  }
}

/// Calls `add(operation)` for the author of each acknowledged append that no list shows: it comes after all
/// reads of its state. (A state with a serial that nobody read may have been replaced unseen.)
template <class Add>
void for_each_missed_append(const VersionHistory& history, const VersionTree& tree, Add&& add) {
  for (std::uint32_t version = 0; version < tree.size(); ++version) {
    const Version& of = history.versions[version];
    const std::uint32_t author = tree[version].writer;
    if (of.name != kNone && !of.serial && of.parent == kNone && author != kNone &&
        !tree[version].is_observed && history.operations[author].outcome == EventType::ok)
      add(of.state, author);
  }
}

}  // namespace lockstorm::checkers
