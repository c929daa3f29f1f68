// Which state of one tree is which of another: the same place below its root, completed by the same file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenarios/campaigns/inventory.hpp"

namespace lockstorm::scenarios {

/// States that have one set-up in A and one in B.
struct PairedStates {
  std::size_t a = 0;  ///< number of the set-up in A's inventory
  std::size_t b = 0;
  std::vector<std::string> names;  ///< below the roots; "." is the root itself
};

/// A state that the other side has not.
struct UnpairedState {
  std::size_t set_up = 0;  ///< number in its side's inventory
  std::string name;
};

struct PairedInventories {
  std::vector<PairedStates> pairs;  ///< in the order of A's set-ups
  std::vector<UnpairedState> only_in_a;
  std::vector<UnpairedState> only_in_b;
};

/// A side, and where its tree begins.
struct InventorySide {
  const Inventory& inventory;
  std::filesystem::path root;
};

/// Where each side has one directory, these are the same whatever they are called. A state that is completed
/// by several files, or whose store may be one of two kinds, goes with every one of the other side's unless
/// one of these is completed by the file of the same name, or has the same premise.
PairedInventories pair_states(const InventorySide& a, const InventorySide& b);

}  // namespace lockstorm::scenarios
