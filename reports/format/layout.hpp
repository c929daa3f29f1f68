// Text in columns: wrapping by words, never cutting.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/format/style.hpp"

namespace lockstorm::reports {

/// Columns a text takes on a terminal (code points; no wide characters are ever printed).
std::size_t text_width(std::string_view text);

/// Lines of at most `width` columns, broken between words; a longer word is broken where it must be.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// A paragraph, each line indented, ending in a newline. The first line begins with `label` instead of
/// spaces.
std::string paragraph(std::string_view text, const Style& style, std::size_t indent = 0,
                      std::string_view label = {});

/// The text with spaces after it up to `width` columns.
std::string pad(std::string text, std::size_t width);

/// 1234567 -> "1 234 567".
std::string grouped(std::uint64_t number);

/// "a, b, c and 4 more": the first `most` of the words.
std::string first_few(std::vector<std::string> words, std::size_t most);

/// The text as a sentence begins.
std::string capitalised(std::string text);

/// "1 fault", "2 faults".
std::string counted(std::uint64_t number, std::string_view noun);

}  // namespace lockstorm::reports
