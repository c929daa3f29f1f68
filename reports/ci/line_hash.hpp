// The hash by which GitHub's code scanning finds a line again after a file was edited.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lockstorm::reports {

/// For each line of a text what its upload action would write as `primaryLocationLineHash`: of the line's
/// first hundred characters and those that follow, without blanks, and how many lines before have the same.
/// A report that says something else makes that action warn of every result.
std::vector<std::string> line_hashes(std::string_view text);

}  // namespace lockstorm::reports
