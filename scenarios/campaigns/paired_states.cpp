#include "scenarios/campaigns/paired_states.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace lockstorm::scenarios {
namespace {

struct Entry {
  std::size_t set_up = 0;
  std::string directory;     // below the root
  std::string completed_by;  // likewise; empty: by nothing
  std::string premise;
};

std::string below(const std::filesystem::path& path, const std::filesystem::path& root) {
  const std::string relative = path.lexically_normal().lexically_relative(root.lexically_normal()).string();
  return relative.empty() ? "." : relative;
}

std::vector<Entry> entries_of(const InventorySide& side) {
  std::error_code error;
  const bool is_file = std::filesystem::is_regular_file(side.root, error);
  std::filesystem::path root = is_file ? side.root.parent_path() : side.root;
  if (root.empty()) root = ".";
  std::vector<Entry> entries;
  for (std::size_t number = 0; number < side.inventory.set_ups.size(); ++number) {
    const SetUp& set_up = side.inventory.set_ups[number];
    for (const AuditedState& state : set_up.states) {
      const std::filesystem::path directory = state.directory.empty() ? "." : state.directory;
      entries.push_back({number, below(directory, root),
                         state.completed_by.empty() ? "" : below(state.completed_by, root),
                         set_up.plan.premise});
    }
  }
  return entries;
}

void unite_single_directories(std::vector<Entry>& a, std::vector<Entry>& b) {
  const auto directories = [](const std::vector<Entry>& entries) {
    std::set<std::string> names;
    for (const Entry& entry : entries) names.insert(entry.directory);
    return names.size();
  };
  if (directories(a) != 1 || directories(b) != 1) return;
  for (Entry& entry : b) entry.directory = a.front().directory;
}

// Those that are most like it.
std::vector<std::size_t> partners(const Entry& entry, const std::vector<Entry>& others) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (others[i].directory == entry.directory) found.push_back(i);
  }
  const auto prefer = [&](std::string Entry::* key) {
    std::vector<std::size_t> same;
    std::ranges::copy_if(found, std::back_inserter(same),
                         [&](std::size_t i) { return others[i].*key == entry.*key; });
    if (!same.empty()) found = std::move(same);
  };
  prefer(&Entry::completed_by);
  prefer(&Entry::premise);
  return found;
}

std::string name_of(const Entry& entry) {
  return entry.completed_by.empty() ? entry.directory
                                    : entry.directory + " (with " + entry.completed_by + ")";
}

}  // namespace

PairedInventories pair_states(const InventorySide& a, const InventorySide& b) {
  std::vector<Entry> of_a = entries_of(a);
  std::vector<Entry> of_b = entries_of(b);
  unite_single_directories(of_a, of_b);
  std::map<std::pair<std::size_t, std::size_t>, std::vector<std::string>> pairs;
  std::set<std::size_t> met;
  PairedInventories result;
  const auto add = [&](const Entry& in_a, const Entry& in_b) {
    std::vector<std::string>& names = pairs[{in_a.set_up, in_b.set_up}];
    const std::string name = name_of(in_a.completed_by.empty() ? in_b : in_a);
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const Entry& entry : of_a) {
    const std::vector<std::size_t> found = partners(entry, of_b);
    if (found.empty()) result.only_in_a.push_back({entry.set_up, name_of(entry)});
    for (const std::size_t i : found) {
      met.insert(i);
      add(entry, of_b[i]);
    }
  }
  for (std::size_t i = 0; i < of_b.size(); ++i) {
    if (met.contains(i)) continue;
    const std::vector<std::size_t> found = partners(of_b[i], of_a);
    if (found.empty()) result.only_in_b.push_back({of_b[i].set_up, name_of(of_b[i])});
    for (const std::size_t other : found) add(of_a[other], of_b[i]);
  }
  for (auto& [numbers, names] : pairs)
    result.pairs.push_back({numbers.first, numbers.second, std::move(names)});
  return result;
}

}  // namespace lockstorm::scenarios
