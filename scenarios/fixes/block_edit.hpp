// Arguments of a backend block, set and taken out in the text of its file: everything else stays as it is
// written.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/config/syntax/source_text.hpp"

namespace lockstorm::scenarios {

/// What becomes of an argument.
struct ArgumentEdit {
  std::string name;
  std::optional<std::string> value;  ///< an expression, such as `true`; nothing: the argument is taken out
};

/// The text of the file after these edits of the block that is at `block`. A new argument gets a line behind
/// the last one, indented and aligned like it; line ends, comments and a byte order mark stay. What comes out
/// was parsed again: it has these arguments and differs in no other. Or why that cannot be done here, in one
/// clause.
[[nodiscard]] std::expected<std::string, std::string> edit_block(const SourceText& source,
                                                                 const SourceLocation& block,
                                                                 const std::vector<ArgumentEdit>& edits);

}  // namespace lockstorm::scenarios
