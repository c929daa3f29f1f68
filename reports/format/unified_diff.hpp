// How a file was changed, as `diff -U0` shows it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace lockstorm::reports {

/// What is shown of a line.
using ShownLine = std::function<std::string(std::string_view)>;

/// The lines that differ, in as many hunks as there are places, and without those around them, which may hold
/// what nobody is to see; empty for equal texts. `git apply --unidiff-zero` and `patch` take it, unless
/// `shown` has changed a line.
std::string unified_diff(std::string_view file, std::string_view before, std::string_view after,
                         const ShownLine& shown);

}  // namespace lockstorm::reports
