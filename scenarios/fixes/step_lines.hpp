// Steps of CI files as lines: where one begins and ends, and which of its lines are a script.
#pragma once

#include <optional>
#include <string>

#include "scenarios/fixes/text_lines.hpp"

namespace lockstorm::scenarios {

/// Lines from `first` to `last`, both included.
struct LineRange {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// The item of a YAML list (`- run: ...`) that the line belongs to, without empty lines and comments behind
/// it; the innermost one. Nothing: it belongs to none.
[[nodiscard]] std::optional<LineRange> item_around(const TextLines& lines, std::size_t number);

/// A command that begins in that line, with the lines that a backslash adds to it.
[[nodiscard]] LineRange command_at(const TextLines& lines, std::size_t number);

/// The script of a step: lines of a block (`run: |`), or the text behind the key.
struct ScriptLines {
  std::size_t key = 0;     ///< the line of `run:`
  bool is_block = false;   ///< false: the script stands in that line
  bool is_folded = false;  ///< `run: >`: its lines are one command
  LineRange lines;         ///< of the block
};

/// The script that the line belongs to, or is; nothing: it is no line of one.
[[nodiscard]] std::optional<ScriptLines> script_around(const TextLines& lines, std::size_t number);

/// Without blanks at both ends.
[[nodiscard]] std::string without_blanks(const std::string& text);

}  // namespace lockstorm::scenarios
