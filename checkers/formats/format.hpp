// The formats of recorded histories: which one a text is in, reading it and writing it (docs/histories.md).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "checkers/history/history.hpp"

namespace lockstorm::checkers {

enum class Format : std::uint8_t { json_lines, jepsen_edn, jepsen_log };

/// "JSON Lines", "Jepsen EDN", "Jepsen log".
[[nodiscard]] std::string_view name_of(Format format);

/// Told by the first line that is not blank; nothing where it is of none of them.
[[nodiscard]] std::optional<Format> recognise(std::string_view text);

/// Reads a whole file; the format is recognised where none is given. A text with no event is an error: nobody
/// records nothing, so the file is truncated.
[[nodiscard]] std::expected<History, HistoryError> read_history(std::string_view text,
                                                                std::optional<Format> format = std::nullopt);

/// What was written reads back as the same events. A Jepsen log has neither keys nor times: they are left
/// out.
[[nodiscard]] std::string write_history(const History& history, Format format);

}  // namespace lockstorm::checkers
