// The versions of all states as a forest: who wrote each, what replaced it, and which of two came first.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "checkers/versions/version_history.hpp"

namespace lockstorm::checkers {

/// What is known of a version beyond its parent; positions are those of the history.
struct VersionFacts {
  /// The operation, an acknowledged one rather than one of unknown result, and that rather than a failed one.
  std::uint32_t writer = kNone;
  std::uint32_t other_writer = kNone;  ///< a second acknowledged one that wrote the same version
  std::uint32_t reader = kNone;        ///< the first other operation that read it
  std::uint32_t depth = 0;
  /// The first two updates that replaced it and were acknowledged or observed.
  std::array<std::uint32_t, 2> children{kNone, kNone};
  /// The latest invocation of an operation that read it or a version that descends from it, its writers
  /// excepted; 0: none.
  std::uint32_t last_use = 0;
  /// Somebody other than its writer read it or a version that descends from it.
  bool is_observed = false;
  std::uint32_t entered = 0, left = 0;
};

class VersionTree {
 public:
  explicit VersionTree(const VersionHistory& history);

  [[nodiscard]] const VersionFacts& operator[](std::uint32_t version) const { return facts_[version]; }
  [[nodiscard]] std::size_t size() const { return facts_.size(); }
  /// All versions, parents before children.
  [[nodiscard]] const std::vector<std::uint32_t>& top_down() const { return top_down_; }
  /// Whether `later` was made from `earlier`, in one or more updates.
  [[nodiscard]] bool descends(std::uint32_t later, std::uint32_t earlier) const {
    return later != earlier && facts_[earlier].entered <= facts_[later].entered &&
           facts_[later].left <= facts_[earlier].left;
  }
  /// Acknowledged or observed: it took effect.
  [[nodiscard]] bool took_effect(std::uint32_t version) const;

 private:
  [[nodiscard]] int weight(std::uint32_t operation) const;
  void note_accesses();
  void walk();
  void note_children();

  const VersionHistory& history_;
  std::vector<VersionFacts> facts_;
  std::vector<std::uint32_t> top_down_;  ///< parents before children
};

}  // namespace lockstorm::checkers
