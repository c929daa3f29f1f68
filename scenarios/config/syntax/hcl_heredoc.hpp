// The lines that begin and end a heredoc.
#pragma once

#include <cstddef>
#include <string_view>

namespace lockstorm::scenarios::hcl {

/// The marker of `<<MARKER` or `<<-MARKER`, with or without the newline after it.
[[nodiscard]] std::string_view heredoc_marker(std::string_view opener);

/// The length of the closing marker's line without its newline, or 0 if `rest` does not begin with that line.
[[nodiscard]] std::size_t heredoc_closing_length(std::string_view rest, std::string_view marker);

}  // namespace lockstorm::scenarios::hcl
