#include "checkers/versions/version_tree.hpp"

#include <algorithm>

namespace lockstorm::checkers {

VersionTree::VersionTree(const VersionHistory& history) : history_(history), facts_(history.versions.size()) {
  note_accesses();
  walk();
  note_children();
}

bool VersionTree::took_effect(std::uint32_t version) const {
  const VersionFacts& facts = facts_[version];
  if (facts.is_observed || facts.writer == kNone) return facts.is_observed;
  return history_.operations[facts.writer].outcome == EventType::ok;
}

// Who wrote a version, of all who say so: an update that is asked for again wrote it once.
int VersionTree::weight(std::uint32_t operation) const {
  switch (history_.operations[operation].outcome) {
    case EventType::ok:
      return 2;
    case EventType::fail:
      return 0;
    default:
      return 1;
  }
}

void VersionTree::note_accesses() {
  for (std::uint32_t number = 0; number < history_.operations.size(); ++number) {
    for (const VersionAccess& access : history_.accesses_of(history_.operations[number])) {
      if (!access.is_write) continue;
      VersionFacts& facts = facts_[access.version];
      const bool is_ok = history_.operations[number].outcome == EventType::ok;
      if (facts.writer == kNone || weight(number) > weight(facts.writer)) {
        facts.writer = number;
      } else if (is_ok && facts.writer != number && facts.other_writer == kNone) {
        facts.other_writer = number;
      }
    }
  }
  for (std::uint32_t number = 0; number < history_.operations.size(); ++number) {
    const VersionOperation& operation = history_.operations[number];
    // What a failed update had read it had read; what an update of unknown result read was seen before it was
    // sent.
    for (const VersionAccess& access : history_.accesses_of(operation)) {
      VersionFacts& facts = facts_[access.version];
      if (access.is_write || facts.writer == number) continue;
      if (facts.reader == kNone) facts.reader = number;
      facts.is_observed = true;
      facts.last_use = std::max(facts.last_use, operation.invoked);
    }
  }
}

// Depth first, without recursion: a chain may be as long as the history.
void VersionTree::walk() {
  const auto count = static_cast<std::uint32_t>(facts_.size());
  std::vector<std::uint32_t> first_child(count, kNone), next_sibling(count, kNone), path;
  for (std::uint32_t version = count; version-- > 0;) {
    const std::uint32_t parent = history_.versions[version].parent;
    if (parent == kNone) continue;
    next_sibling[version] = first_child[parent];
    first_child[parent] = version;
  }
  std::uint32_t clock = 0;
  top_down_.reserve(count);
  for (std::uint32_t root = 0; root < count; ++root) {
    if (history_.versions[root].parent != kNone) continue;
    path.push_back(root);
    facts_[root].entered = ++clock;
    top_down_.push_back(root);
    while (!path.empty()) {
      const std::uint32_t version = path.back();
      const std::uint32_t child = first_child[version];
      if (child == kNone) {
        facts_[version].left = ++clock;
        path.pop_back();
        continue;
      }
      first_child[version] = next_sibling[child];
      facts_[child].entered = ++clock;
      facts_[child].depth = facts_[version].depth + 1;
      top_down_.push_back(child);
      path.push_back(child);
    }
  }
}

void VersionTree::note_children() {
  for (auto version = top_down_.rbegin(); version != top_down_.rend(); ++version) {
    const std::uint32_t parent = history_.versions[*version].parent;
    if (parent == kNone) continue;
    facts_[parent].is_observed = facts_[parent].is_observed || facts_[*version].is_observed;
    facts_[parent].last_use = std::max(facts_[parent].last_use, facts_[*version].last_use);
  }
  for (const std::uint32_t version : top_down_) {
    const std::uint32_t parent = history_.versions[version].parent;
    if (parent == kNone || !took_effect(version)) continue;
    auto& children = facts_[parent].children;
    if (children[0] == kNone) {
      children[0] = version;
    } else if (children[1] == kNone) {
      children[1] = version;
    }
  }
}

}  // namespace lockstorm::checkers
