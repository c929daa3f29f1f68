// Terragrunt's units among the root modules of a tree.
#pragma once

#include <filesystem>
#include <set>
#include <vector>

#include "scenarios/config/terragrunt/terragrunt_files.hpp"
#include "scenarios/repository/roots.hpp"

namespace lockstorm::scenarios {

/// The name of the file that makes a directory a unit.
inline constexpr const char* kTerragruntFile = "terragrunt.hcl";

/// Collects the units of a walk, and what they say of other directories.
class TerragruntUnits {
 public:
  explicit TerragruntUnits(const WalkOptions& options) : options_(options) {}

  /// Reads the unit in a directory that has a terragrunt.hcl; its root module, or why it is none, is added
  /// to `found`. `has_configuration`: whether configuration of the tool lies beside it.
  void add(const std::filesystem::path& directory, bool has_configuration, FoundRoots& found);

  /// At the end of the walk: takes out of `found` what turned out to be no root: files that units only
  /// include, and modules that units run and that cannot be run on their own.
  void take_out_what_units_use(FoundRoots& found) const;

 private:
  const WalkOptions& options_;
  terragrunt::FileCache files_;
  std::set<std::filesystem::path> included_;   ///< files, absolute
  std::set<std::filesystem::path> modules_;    ///< directories, absolute
  std::set<std::filesystem::path> uncertain_;  ///< units, unless they are included; absolute
  std::set<std::filesystem::path> units_;      ///< directories as they are shown
};

}  // namespace lockstorm::scenarios
