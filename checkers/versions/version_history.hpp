// A history of states as versions: which version each operation read of which state, and which one it put in
// its place.
#pragma once

#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checkers/formats/initial.hpp"
#include "checkers/history/history.hpp"

namespace lockstorm::checkers {

inline constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

struct Version {
  std::uint32_t state = 0;
  /// What it replaced; kNone for a state's first version (before any update) and where that is not known.
  std::uint32_t parent = kNone;
  /// The element or the writer, an index of VersionHistory::names; kNone for the first version.
  std::uint32_t name = kNone;
  std::optional<std::int64_t> serial;
  /// Where it is told, an index of VersionHistory::names.
  std::uint32_t lineage = kNone;
};

struct VersionAccess {
  std::uint32_t version = kNone;
  bool is_write = false;
};

/// A transaction, or an apply: what it read, then what it wrote.
struct VersionOperation {
  std::uint32_t process = 0;
  EventType outcome = EventType::unknown;
  /// Positions in the history, rising; completed is kNever where the result is unknown.
  std::uint32_t invoked = 0, completed = kNever;
  std::uint32_t invoked_line = 0, completed_line = 0;
  /// A range of VersionHistory::accesses.
  std::uint32_t first_access = 0, access_end = 0;
};

/// Two accounts of what a version replaced.
struct ParentConflict {
  std::uint32_t version = kNone, other_parent = kNone;
  std::uint32_t line = 0;
};

/// Two accounts of a version's lineage; the first is Version::lineage.
struct LineageConflict {
  std::uint32_t version = kNone;
  /// An index of VersionHistory::names.
  std::uint32_t lineage = kNone;
  /// 0: it is the one that the caller says was there when the recording began.
  std::uint32_t line = 0;
};

struct VersionHistory {
  std::vector<std::string> states;
  /// The first version of each state, before any update, has no name.
  std::vector<Version> versions;
  std::vector<std::string> names;
  /// In the order of their invocations.
  std::vector<VersionOperation> operations;
  std::vector<VersionAccess> accesses;
  std::vector<ParentConflict> conflicts;
  std::vector<LineageConflict> lineage_conflicts;
  /// [state]: its version before any update, and the one that the caller says was there when the recording
  /// began (empty where none is given).
  std::vector<std::uint32_t> first, given;

  [[nodiscard]] std::span<const VersionAccess> accesses_of(const VersionOperation& operation) const {
    return std::span(accesses).subspan(operation.first_access, operation.access_end - operation.first_access);
  }
  /// "x before any update", "version 3 of x".
  [[nodiscard]] std::string describe(std::uint32_t version) const;
};

/// From operations read, write, append and txn (docs/histories.md): lists whose last element names the
/// version, or states with writer and serial. What a completion does not repeat its invocation tells, and
/// one that contradicts it is an error. The error says which line has which value instead.
[[nodiscard]] std::expected<VersionHistory, HistoryError> versions_of(const History& history,
                                                                      std::span<const Call> calls,
                                                                      const InitialPart& initial = {});

}  // namespace lockstorm::checkers
