#include "checkers/versions/initial_versions.hpp"

namespace lockstorm::checkers {
namespace {

std::vector<std::uint32_t> beginnings_of(const VersionHistory& history, const VersionTree& tree) {
  std::vector<std::uint32_t> beginnings(tree.size(), kNone);
  for (const std::uint32_t version : tree.top_down()) {
    const std::uint32_t parent = history.versions[version].parent;
    const bool is_of_beginning = parent == kNone || beginnings[parent] == parent;
    if (is_of_beginning && tree[version].writer == kNone) {
      beginnings[version] = version;
    } else if (parent != kNone) {
      beginnings[version] = beginnings[parent];
    }
  }
  return beginnings;
}

}  // namespace

InitialVersions find_initial_versions(const VersionHistory& history, const VersionTree& tree,
                                      const InitialPart& initial) {
  InitialVersions found;
  found.shown_by.resize(history.states.size(), kNone);
  found.existed.resize(tree.size());
  if (initial.kind == InitialPart::Kind::absent) found.version = history.first;
  if (initial.kind == InitialPart::Kind::given) found.version = history.given;
  found.version.resize(history.states.size(), kNone);
  found.beginning = beginnings_of(history, tree);
  const auto& beginnings = found.beginning;
  for (std::uint32_t number = 0; number < history.operations.size(); ++number) {
    for (const VersionAccess& access : history.accesses_of(history.operations[number])) {
      if (access.is_write || beginnings[access.version] == kNone) continue;
      const std::uint32_t state = history.versions[access.version].state;
      std::uint32_t& first = found.version[state];
      if (first == kNone) {
        first = beginnings[access.version];
        found.shown_by[state] = number;
      } else if (beginnings[access.version] != first) {
        found.others.push_back({number, access.version, beginnings[access.version]});
      }
    }
  }
  // A wrong history may have versions that replace each other in a circle.
  for (std::uint32_t version : found.version)
    for (; version != kNone && !found.existed[version]; version = history.versions[version].parent)
      found.existed[version] = true;
  return found;
}

}  // namespace lockstorm::checkers
