// Finds the edits of backend blocks that are better than what is there, by auditing what comes of each.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "reports/campaigns/audit_answer.hpp"
#include "scenarios/fixes/fixes.hpp"

namespace lockstorm::cli {

/// A file before and after it is edited.
struct FixedFile {
  std::string file;
  std::string before;
  std::string after;
};

struct Fixes {
  std::vector<FixedFile> files;
  std::vector<std::string> told;  ///< what is changed and what that does; what is not, and why
};

/// Tries what could be edited in the blocks of an answer: an edit counts if, audited again, some finding is
/// gone and none comes that is as bad. Blocks in other than HCL's native syntax are left alone.
Fixes find_fixes(const reports::RepositoryAnswer& answer, bool unsafe_too, const Global& global);

}  // namespace lockstorm::cli
