// A workflow command of GitHub Actions: a line in a step's log that becomes an annotation beside the code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "scenarios/data/input_error.hpp"

namespace lockstorm::reports {

enum class AnnotationKind : std::uint8_t { error, warning, notice };
inline constexpr std::size_t kAnnotationKinds = 3;

/// "::error file=main.tf,line=2,title=...::..." and a newline. Nothing in the texts ends a value or begins
/// another command; lines of the message stay lines.
std::string workflow_command(AnnotationKind kind, const scenarios::SourceLocation& where,
                             std::string_view title, std::string_view message);

}  // namespace lockstorm::reports
